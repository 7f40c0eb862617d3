import { pinyin } from 'pinyin-pro'
import { foldName } from '@/lib/contract/fold-name'
import type { Language } from '@/lib/contract/language'

export interface NameKeys {
  /** What searches match; the sort key in languages other than Chinese. */
  nameFold: string
  /** The sort key in Chinese. Both are compared byte by byte. */
  namePinyin: string
}

/**
 * The keys of a name, computed here and stored, so that every database finds and sorts names the same way.
 */
export function nameKeys(name: string): NameKeys {
  const nameFold = foldName(name)
  return { nameFold, namePinyin: pinyinKey(nameFold) }
}

/** The sort key of each language. */
export const nameOrder: Record<Language, keyof NameKeys> = { en: 'nameFold', 'zh-CN': 'namePinyin' }

/** Sorts a short list whose names have no stored keys. */
export function sortedByName<T>(list: T[], nameOf: (one: T) => string, language: Language): T[] {
  const keyed = list.map((one) => ({ one, key: nameKeys(nameOf(one))[nameOrder[language]] }))
  return keyed.sort((a, b) => Number(a.key > b.key) - Number(a.key < b.key)).map(({ one }) => one)
}

const han = /\p{Script=Han}/u

/**
 * Puts its reading before each Han character: `zhang1张san1三`. Digits sort before letters, so `xi1` comes
 * before `xian1`, and Latin names are sorted among the others by their letters. A character without a reading
 * is kept unchanged.
 */
function pinyinKey(folded: string): string {
  if (!han.test(folded)) return folded
  const readings = pinyin(folded, { type: 'array', toneType: 'num', v: true, nonZh: 'spaced' })
  return [...folded].map((char, at) => (readings[at] === char ? char : `${readings[at]}${char}`)).join('')
}
