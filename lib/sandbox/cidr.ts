/** A range of IPv4 addresses. */
export interface Cidr {
  /** The first address as a number. */
  start: number
  /** Length of the prefix. */
  bits: number
}

/** Private ranges that office networks may use, in the order they are proposed. */
const privateRanges: readonly Cidr[] = [
  { start: 172 * 2 ** 24 + 16 * 2 ** 16, bits: 12 },
  { start: 10 * 2 ** 24, bits: 12 },
  { start: 192 * 2 ** 24 + 168 * 2 ** 16, bits: 16 },
]

/** Undefined unless the text is `a.b.c.d/n` with the first address of its range. */
export function parseCidr(text: string): Cidr | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text)?.slice(1).map(Number)
  if (!parts) return undefined
  const [a = 0, b = 0, c = 0, d = 0, bits = 0] = parts
  if ([a, b, c, d].some((byte) => byte > 255) || bits > 32) return undefined
  const start = ((a * 256 + b) * 256 + c) * 256 + d
  return start % sizeOf(bits) === 0 ? { start, bits } : undefined
}

export function overlap(one: Cidr, other: Cidr): boolean {
  return one.start < other.start + sizeOf(other.bits) && other.start < one.start + sizeOf(one.bits)
}

/** Free private ranges of the wanted size, limited to the sizes an office network may have. */
export function freeRanges(wanted: Cidr, taken: readonly Cidr[], count: number): string[] {
  const bits = Math.min(Math.max(wanted.bits, 16), 24)
  const found: string[] = []
  for (const range of privateRanges) {
    for (let start = range.start; start < range.start + sizeOf(range.bits); start += sizeOf(bits)) {
      if (found.length === count) return found
      if (!taken.some((other) => overlap({ start, bits }, other))) found.push(format({ start, bits }))
    }
  }
  return found
}

function sizeOf(bits: number): number {
  return 2 ** (32 - bits)
}

function format({ start, bits }: Cidr): string {
  const bytes = [24, 16, 8, 0].map((shift) => Math.floor(start / 2 ** shift) % 256)
  return `${bytes.join('.')}/${bits}`
}
