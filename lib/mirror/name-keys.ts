import { pinyin } from 'pinyin-pro'
import { foldName } from '@/lib/contract/fold-name'
import type { Language } from '@/lib/contract/language'

export interface NameKeys {
  /** What searches look in, and what lists are ordered by where names are read by their letters. */
  nameFold: string
  /** What lists are ordered by in Chinese. Both are compared byte by byte. */
  namePinyin: string
}

/** The keys of a name, computed here and stored, so that every database finds and orders names alike. */
export function nameKeys(name: string): NameKeys {
  const nameFold = foldName(name)
  return { nameFold, namePinyin: pinyinKey(nameFold) }
}

/** Which of its keys orders names in a language. */
export const nameOrder: Record<Language, keyof NameKeys> = { en: 'nameFold', 'zh-CN': 'namePinyin' }

/** A short list in the order of a language, where no key is stored. */
export function sortedByName<T>(list: T[], nameOf: (one: T) => string, language: Language): T[] {
  const keyed = list.map((one) => ({ one, key: nameKeys(nameOf(one))[nameOrder[language]] }))
  return keyed.sort((a, b) => Number(a.key > b.key) - Number(a.key < b.key)).map(({ one }) => one)
}

const han = /\p{Script=Han}/u

/**
 * Each Han character with its reading before it: `zhang1张san1三`. Digits sort before letters, so `xi1` stands before
 * `xian1`, and Latin names stand among the others by their letters. A character without a reading stands for itself.
 */
function pinyinKey(folded: string): string {
  if (!han.test(folded)) return folded
  const readings = pinyin(folded, { type: 'array', toneType: 'num', v: true, nonZh: 'spaced' })
  return [...folded].map((char, at) => (readings[at] === char ? char : `${readings[at]}${char}`)).join('')
}
