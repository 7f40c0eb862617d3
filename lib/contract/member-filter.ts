/** Rows per page of the list. */
export const pageSize = 50

/**
 * What the URL of the members page holds. Everything is optional, and unknown values fall back to the
 * default.
 */
export type MemberFilter = {
  q?: string
  phone?: (typeof phones)[number]
  /** Members with an open bind: a code was sent, or the outcome is unknown. */
  open?: (typeof opens)[number]
  type?: string
  status?: string
  /** A folder id. Its subfolders are included, except for the root folder, which stands for itself only. */
  folder?: string
  sort?: (typeof sorts)[number]
  /** From 1. */
  page: number
}

const phones = ['bound', 'missing', 'unread', 'not_applicable'] as const
export const opens = ['code_sent', 'outcome_unknown'] as const
const sorts = ['name', '-name', 'joined', '-joined'] as const

/** Reads the values of a query string. Without schemas, since the list reads its own URL on each change. */
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
