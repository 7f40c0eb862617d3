import { expect, test } from 'vitest'
import { maskNumber } from '@/lib/contract/phone-number'
import { shownDigits } from './request'

test.each([
  ['65-91234567', '4567'],
  ['683-4001', '01'],
])('%s, masked, shows the digits %s', (number, digits) => {
  expect(shownDigits(maskNumber(number))).toBe(digits)
})
