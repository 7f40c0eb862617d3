import { type CountryCode, getCountries } from 'libphonenumber-js/min'
import { pinyin } from 'pinyin-pro'
import { describe, expect, test } from 'vitest'
import { isExactly, searchOptions } from '@/components/ui/option-search'
import { countriesOf } from '@/lib/contract/countries'
import { countryNames } from './country-names'
import { countryOptions } from './country-options'
import { countryPinyin } from './country-pinyin'

test('the pinyin of every name matches the library', () => {
  const names = new Intl.DisplayNames(['zh-CN'], { type: 'region' })
  const read = (code: CountryCode) =>
    pinyin(names.of(code) ?? code, { toneType: 'none', type: 'array', nonZh: 'removed', v: true }).join(' ')
  expect(countryPinyin).toEqual(Object.fromEntries(getCountries().map((code) => [code, read(code)])))
})

describe.each(['en', 'zh-CN'])('countries on a page in %s', (locale) => {
  const options = countryOptions(countriesOf('international', locale)).map((option) => ({
    ...option,
    keywords: countryNames(option.value),
  }))
  const first = (query: string) => searchOptions(options, query)[0]?.value

  test.each([
    // ISO codes
    ...['US', 'IN', 'DE', 'RU', 'CH', 'SG', 'AU', 'MO', 'HK', 'TW', 'JP', 'KR', 'AE', 'GB'].map((code) => [
      code,
      code,
    ]),
    ['us', 'US'],
    // Calling codes
    ['+44', 'GB'],
    ['44', 'GB'],
    ['+1', 'US'],
    ['+7', 'RU'],
    ['+65', 'SG'],
    ['+ 971', 'AE'],
    ['６５', 'SG'],
    // Common names
    ['UK', 'GB'],
    ['USA', 'US'],
    ['UAE', 'AE'],
    ['England', 'GB'],
    ['Turkey', 'TR'],
    ['Türkiye', 'TR'],
    ['turkiye', 'TR'],
    ['Macau', 'MO'],
    ['Macao', 'MO'],
    ['Korea', 'KR'],
    ['South Korea', 'KR'],
    ['Holland', 'NL'],
    ['Czech Republic', 'CZ'],
    ['Ivory Coast', 'CI'],
    ['cote d', 'CI'],
    ['Viet Nam', 'VN'],
    ['Russia', 'RU'],
    ['India', 'IN'],
    ['Germany', 'DE'],
    // Chinese names
    ['新加坡', 'SG'],
    ['美国', 'US'],
    ['英国', 'GB'],
    ['香港', 'HK'],
    ['澳门', 'MO'],
    ['台湾', 'TW'],
    ['阿联酋', 'AE'],
    ['俄罗斯', 'RU'],
    ['印度', 'IN'],
    // Pinyin
    ['xinjiapo', 'SG'],
    ['xin jia po', 'SG'],
    ['xjp', 'SG'],
    ['meiguo', 'US'],
    ['riben', 'JP'],
    ['deguo', 'DE'],
    ['xianggang', 'HK'],
    ['aomen', 'MO'],
  ])('%s + Enter chooses %s', (query, code) => expect(first(query)).toBe(code))

  test('a query that matches several countries finds all of them', () => {
    const found = searchOptions(options, 'united').map(({ value }) => value)
    expect(found).toEqual(expect.arrayContaining(['GB', 'US', 'AE']))
    expect(searchOptions(options, '1').length).toBeGreaterThan(20)
  })

  // The site does not accept its numbers: the search says so, but not while another name may still be typed.
  const china = { value: 'CN', label: 'Chinese mainland', note: '+86', keywords: countryNames('CN') }
  test.each(['86', '+86', 'China', 'CN', 'PRC', '中国', 'zhongguo', '中国大陆'])(
    '%s is recognized as not offered',
    (query) => {
      expect(isExactly(china, query)).toBe(true)
      expect(options.map(({ value }) => value)).not.toContain('CN')
    },
  )
  test.each(['8', 'C', 'Chi', '中'])('%s may still become another name', (query) =>
    expect(isExactly(china, query)).toBe(false),
  )

  test('a query without a match finds nothing', () => expect(searchOptions(options, 'atlantis')).toEqual([]))
})
