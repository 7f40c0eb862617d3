import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { nameKeys } from './name-keys'

test.each([
  ['张三', '张三', 'zhang1张san1三'],
  ['Ａcme 上海 A1', 'acme 上海 a1', 'acme shang4上hai3海 a1'],
  ['重庆零售', '重庆零售', 'chong2重qing4庆ling2零shou4售'],
  ['绿色', '绿色', 'lv4绿se4色'],
  ['臺灣', '臺灣', 'tai2臺wan1灣'],
  ['𪛖店', '𪛖店', '𪛖dian4店'],
  ['МОСКВА', 'москва', 'москва'],
])('the keys of %j', (name, nameFold, namePinyin) => {
  expect(nameKeys(name)).toEqual({ nameFold, namePinyin })
})

test('Chinese names are sorted by reading and tone, Latin ones among them by letter, digits first', () => {
  const ordered = [
    '2 号店',
    '7-Eleven',
    '阿里',
    'Acme',
    '北京',
    '李明',
    '林',
    'Lisa',
    '卢',
    '吕布',
    '上海',
    '西安店',
    '先锋',
    '张三',
    '张三丰',
    '张四',
    '章二',
    'Zhu',
    '祝',
    'Москва',
  ]
  const key = (name: string) => Buffer.from(nameKeys(name).namePinyin)
  const shuffled = ordered.toSorted((a, b) => (a.length % 3) - (b.length % 3) || (a < b ? 1 : -1))
  expect(shuffled).not.toEqual(ordered)
  expect(shuffled.sort((a, b) => Buffer.compare(key(a), key(b)))).toEqual(ordered)
})

test('each character keeps its place behind its reading, whatever surrounds it', () => {
  const mixed = fc.string({ unit: fc.constantFrom(...'张重行的㐀𪛖々〇1 (😀，'), maxLength: 30 })
  fc.assert(
    fc.property(mixed, (name) => {
      const { nameFold, namePinyin } = nameKeys(name)
      expect(namePinyin.replaceAll(/[a-z]+[0-4]/g, '')).toBe(nameFold)
    }),
  )
})
