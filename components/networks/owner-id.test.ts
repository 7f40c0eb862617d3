import { describe, expect, test } from 'vitest'
import { readOwnerId } from '@/lib/contract/cen'
import { grouped, regrouped } from './owner-id'

test('an account ID above 2^53 keeps every digit', () => {
  const value = '9134520068812347'
  for (const typed of [value, ' 9134-5200 6881\u20132347\n', '９１３４５２００６８８１２３４７'])
    expect(readOwnerId(typed)).toEqual({ value, fault: null })
  expect(grouped('9134520068812347', ' ')).toBe('9134 5200 6881 2347')
})

test('an impossible account ID is reported before anything is sent', () => {
  expect(readOwnerId('0134520068812347')).toEqual({ value: null, fault: 'owner.leading_zero' })
})

describe('typing an account ID', () => {
  /**
   * The text of the field with its caret, after these keys in an empty field; `<` is Backspace, `{` is Left
   * Arrow.
   */
  function typed(keys: string): string {
    let [text, caret] = ['', 0]
    for (const key of keys) {
      if (key === '{') caret = Math.max(0, caret - 1)
      else {
        const kept = text.slice(0, key === '<' ? Math.max(0, caret - 1) : caret)
        const next = key === '<' ? kept : kept + key
        ;({ text, caret } = regrouped(next + text.slice(caret), next.length))
      }
    }
    return `${text.slice(0, caret)}|${text.slice(caret)}`
  }

  test.each([
    ['1488', '1488|'],
    ['14880', '1488 0|'],
    ['1488027339156', '1488 0273 3915 6|'],
    ['14880<', '1488|'],
    // Backspace over a gap: the gap comes back, and the next Backspace deletes a digit.
    ['148802{{<', '1488| 02'],
    ['148802{{<<', '148|0 2'],
    ['148802{{{{9', '1489| 802'],
  ])('the keys %s give %s', (keys, field) => expect(typed(keys)).toBe(field))

  test('a character that is not a digit stays where it was typed', () =>
    expect(typed('1488x0')).toBe('1488x0|'))
})
