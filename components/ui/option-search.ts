import type { PickerOption } from './picker-trigger.tsx'

/** An option with further search terms besides its label and note. */
export type SearchOption<V extends string = string> = PickerOption<V> & { keywords?: readonly string[] }

/** Without case, accents and the + of calling codes, since few people type them. */
function plain(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[\p{M}\p{Cf}+\s]/gu, '')
    .toLowerCase()
}

/**
 * The options that match a query, best first: an exact code or name, then the start of a name, then of a
 * code, then any part of the label. Options that match equally well keep their order, `preferred` ones first.
 */
export function searchOptions<O extends SearchOption>(options: readonly O[], query: string): readonly O[] {
  const wanted = plain(query)
  if (wanted === '') return options
  return options
    .map((option) => ({ option, rank: rankOf(option, wanted) }))
    .filter(({ rank }) => rank < noMatch)
    .sort((a, b) => a.rank - b.rank || Number(b.option.preferred) - Number(a.option.preferred))
    .map(({ option }) => option)
}

/** Whether a query is exactly one of the option's names or its note, not just a part of one. */
export function isExactly(option: SearchOption, query: string): boolean {
  return plain(query) !== '' && rankOf(option, plain(query)) === 0
}

const noMatch = 5

function rankOf({ label, note = '', keywords = [] }: SearchOption, wanted: string): number {
  const names = [label, ...keywords].map(plain)
  if (plain(note) === wanted || names.includes(wanted)) return 0
  if (plain(label).startsWith(wanted)) return 1
  // Keywords are not visible: a match in the middle of one would be inexplicable.
  if ([label, ...keywords].some((name) => hasWordFrom(name, wanted))) return 2
  if (plain(note).startsWith(wanted)) return 3
  return plain(label).includes(wanted) ? 4 : noMatch
}

function hasWordFrom(name: string, wanted: string): boolean {
  const words = name.split(/[\s-]+/)
  return words.some((_, at) => plain(words.slice(at).join('')).startsWith(wanted))
}
