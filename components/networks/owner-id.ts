import { tidyDigits } from '@/lib/contract/typed-text'

/** `9134 5200 6881 2347`, as people compare account IDs; by default the groups stay on one line. */
export function grouped(digits: string, space = '\u00a0'): string {
  return digits.replace(/(\d{4})(?=\d)/g, `$1${space}`)
}

/**
 * The same text in groups of four while it is typed, and the new caret position. Text that is not digits
 * stays as typed: the field shows an error.
 */
export function regrouped(text: string, caret: number): { text: string; caret: number } {
  const digits = tidyDigits(text)
  if (!/^\d*$/.test(digits)) return { text, caret }
  const before = tidyDigits(text.slice(0, caret)).length
  return { text: grouped(digits, ' '), caret: before + Math.floor(Math.max(0, before - 1) / 4) }
}
