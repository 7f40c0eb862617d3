import { expect, test } from 'vitest'
import { Confirmation, NamePrefix } from './enable'
import { bearsName } from './enable-mode'

test.each([
  ['', 'empty'],
  ['  ', 'empty'],
  ['a', 'too_short'],
  ['a'.repeat(51), 'too_long'],
  ['har bour', 'characters'],
  ['harbour@hq', 'characters'],
  ['海港', 'characters'],
  ['-harbour', 'ends'],
  ['harbour.', 'ends'],
  ['har..bour', 'signs_in_a_row'],
  ['har_-bour', 'signs_in_a_row'],
])('the name prefix %j breaks the rule %s', (text, rule) => {
  expect(NamePrefix.safeParse(text).error?.issues.map(({ message }) => message)).toEqual([
    `namePrefix.${rule}`,
  ])
})

test.each(['ab', 'A1', 'a'.repeat(50), 'harbour-hq', 'h.a_r-b', ' harbour '])(
  'the name prefix %j is accepted',
  (text) => {
    expect(NamePrefix.parse(text)).toBe(text.trim())
  },
)

test('an id typed to confirm is accepted in groups and in full-width digits', () => {
  for (const typed of ['5930174486201845', ' 5930 1744 8620 1845 ', '５９３０１７４４８６２０１８４５'])
    expect(Confirmation.parse(typed)).toBe('5930174486201845')
})

test('a management account is recognized by its name with and without its suffix, in upper or lower case', () => {
  for (const name of ['harbour-hq', 'harbour-hq@rdadmin.aliyunid.com', 'Harbour-HQ@rdadmin.aliyunid.com'])
    expect(bearsName(name, 'harbour-hq')).toBe(true)
  for (const name of ['harbour', 'harbour-hq2', 'harbour-hq@example.com', ''])
    expect(bearsName(name, 'harbour-hq')).toBe(false)
})
