import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { foldName } from './fold-name'

test.each([
  ['МОСКВА', 'Москва', 'москва'],
  ['Caf\u00e9', 'CAFE\u0301', 'caf\u00e9'],
  ['ＡＢＣ　１２３', 'abc 123', 'abc 123'],
  ['STRASSE', 'Straße', 'strasse'],
  ['STRAẞE', 'straße', 'strasse'],
  ['ΟΔΟΣ', 'οδος', 'οδοσ'],
  ['İstanbul', 'ISTANBUL', 'istanbul'],
  ['I\u0307stanbul', 'ıstanbul', 'istanbul'],
  ['ﬁliale', 'FILIALE', 'filiale'],
  ['ｶﾞｽ', 'ガス', 'ガス'],
  ['  two \t\u00a0 words\u3000', 'two words', 'two words'],
  ['Shop\u200b\u00ad\u202e 1', 'shop 1', 'shop 1'],
  ['☎\ufe0f', '☎', '☎'],
  ['١٢٣', '１２３', '123'],
  ['张三', '张三', '张三'],
  ['50％_Off', '50%_off', '50%_off'],
])('%j and %j fold to the same', (one, other, folded) => {
  expect(foldName(one)).toBe(folded)
  expect(foldName(other)).toBe(folded)
})

test('names that a person distinguishes stay distinct', () => {
  const names = ['Café', 'Cafe', 'Мoskva', 'Moskva', 'shop 1', 'shop1', '张', '章', 'é', 'è']
  expect(new Set(names.map(foldName)).size).toBe(names.length)
})

test('every letter folds the same in upper, lower, composed and decomposed form, and folding again changes nothing', () => {
  const odd: string[] = []
  for (let code = 0; code <= 0x10_ff_ff; code += 1) {
    const letter = String.fromCodePoint(code)
    // Han characters and Hangul have no case, and are the vast majority of letters.
    if (!/[\p{L}\p{M}\p{N}\p{S}]/u.test(letter) || /[\p{Script=Han}\p{Script=Hangul}]/u.test(letter)) continue
    const folded = foldName(letter)
    const forms = [folded, letter.toLowerCase(), letter.normalize('NFC'), letter.normalize('NFD')]
    if (forms.some((form) => foldName(form) !== folded)) odd.push(`U+${code.toString(16)}`)
  }
  expect(odd).toEqual([])
})

test('folding a folded text changes nothing, nor does composing it first', () => {
  const tricky = fc.string({
    unit: fc.constantFrom(...'iIİıΣςσßẞﬁeéＡ\u0301\u0307\u0323\u0345\u200b \u3000'),
  })
  fc.assert(
    fc.property(tricky, (text) => {
      const folded = foldName(text)
      expect(foldName(folded)).toBe(folded)
      for (const form of ['NFC', 'NFD'] as const) expect(foldName(text.normalize(form))).toBe(folded)
    }),
  )
})
