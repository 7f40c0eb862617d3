/** Rows of a page of the list. */
export const pageSize = 50

/** What the address of the members page holds; everything is optional, and what is not known falls back. */
export type MemberFilter = {
  q?: string
  phone?: (typeof phones)[number]
  /** Members whose phone is being bound: a code is on its way, or nobody knows how it ended. */
  open?: (typeof opens)[number]
  type?: string
  status?: string
  /** A folder’s id: what is below it is included, except below the root, which stands for itself. */
  folder?: string
  sort?: (typeof sorts)[number]
  page: number
}

const phones = ['bound', 'missing', 'unread', 'not_applicable'] as const
export const opens = ['code_sent', 'outcome_unknown'] as const
const sorts = ['name', '-name', 'joined', '-joined'] as const

/** Reads a query string's values; written without schemas, since the list reads its own address on each change. */
export function readMemberFilter(query: Record<string, unknown>): MemberFilter {
  const page = Number(query.page)
  return {
    q: text(query.q, 100),
    phone: choice(query.phone, phones),
    open: choice(query.open, opens),
    type: text(query.type, 40),
    status: text(query.status, 40),
    folder: text(query.folder, 40),
    sort: choice(query.sort, sorts),
    page: Number.isInteger(page) && page >= 1 && page <= 100_000 ? page : 1,
  }
}

function text(value: unknown, maxLength: number): string | undefined {
  const trimmed = typeof value === 'string' ? value.trim() : ''
  return trimmed === '' || trimmed.length > maxLength ? undefined : trimmed
}

function choice<T extends string>(value: unknown, choices: readonly T[]): T | undefined {
  return choices.find((one) => one === value)
}
