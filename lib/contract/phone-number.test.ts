import examples from 'libphonenumber-js/examples.mobile.json' with { type: 'json' }
import { type CountryCode, getExampleNumber, parsePhoneNumberFromString } from 'libphonenumber-js/max'
import { describe, expect, test } from 'vitest'
import { type NumberChange, parseNumber } from './phone-number'
import type { Site } from './site'

const code = { what: 'country_code' } as const
const separators = { what: 'separators' } as const
const modern = { what: 'modern_form' } as const
const international = { what: 'international_form' } as const
const prefix = (digits: string): NumberChange => ({ what: 'prefix', digits })

const siteOf = (country: CountryCode): Site => (country === 'CN' ? 'china' : 'international')
const read = (typed: string, country: CountryCode) => parseNumber(typed, country, siteOf(country))

test.each<[string, CountryCode, string, NumberChange[]]>([
  ['91234567', 'SG', '65-91234567', []],
  ['9123 4567', 'SG', '65-91234567', [separators]],
  ['9123.4567', 'SG', '65-91234567', [separators]],
  ['+65 9123-4567', 'SG', '65-91234567', [code, separators]],
  ['(+65) 9123–4567', 'SG', '65-91234567', [code, separators]],
  ['006591234567', 'SG', '65-91234567', [code]],
  ['00 65 9123 4567', 'SG', '65-91234567', [code, separators]],
  ['6591234567', 'SG', '65-91234567', [code]],
  ['tel:+6591234567', 'SG', '65-91234567', [code]],
  ['+65 0 91234567', 'SG', '65-91234567', [code, prefix('0'), separators]],
  ['0412 345 678', 'AU', '61-412345678', [prefix('0'), separators]],
  ['(0)7400 123456', 'GB', '44-7400123456', [prefix('0'), separators]],
  ['+44 (0)7400 123456', 'GB', '44-7400123456', [code, prefix('0'), separators]],
  ['8 912 345-67-89', 'RU', '7-9123456789', [prefix('8'), separators]],
  ['1-415-555-2671', 'US', '1-4155552671', [code, separators]],
  ['011 15-1234-5678', 'AR', '54-91112345678', [international, separators]],
  ['11 15 1234-5678', 'AR', '54-91112345678', [international, separators]],
  ['+54 11 15 1234 5678', 'AR', '54-91112345678', [code, international, separators]],
  ['291 1234', 'TT', '1-8682911234', [international, separators]],
  ['011 65 91234567', 'SG', '65-91234567', [code, prefix('011'), separators]],
  ['011 1 415 555 2671', 'US', '1-4155552671', [code, prefix('011'), separators]],
  ['010 81 090 1234 5678', 'JP', '81-9012345678', [code, prefix('010'), prefix('0'), separators]],
  ['+52 1 55 1234 5678', 'MX', '52-5512345678', [code, modern, separators]],
  ['521 55 1234 5678', 'MX', '52-5512345678', [code, modern, separators]],
  ['044 55 1234 5678', 'MX', '52-5512345678', [modern, separators]],
  ['1 55 1234 5678', 'MX', '52-5512345678', [modern, separators]],
  ['55 1234 5678', 'MX', '52-5512345678', [separators]],
  ['８６-１３８００１３８０００', 'CN', '86-13800138000', [code, separators]],
  ['٩١٢٣٤٥٦٧', 'SG', '65-91234567', []],
  ['９１２３４５６７', 'SG', '65-91234567', []],
  ['9123\u200e4567', 'SG', '65-91234567', []],
  ['\u202a0065 9123 4567\u202c', 'SG', '65-91234567', [code, separators]],
  ['\u2068+65 9123 4567\u2069', 'SG', '65-91234567', [code, separators]],
])('%s in %s is sent as %s, and every change is named', (typed, country, upstream, changes) => {
  expect(read(typed, country)).toEqual({ ok: true, upstream, changes, doubtful: false })
})

test.each<[string, CountryCode, object]>([
  ['', 'SG', { reason: 'empty' }],
  ['\u200b \u2069', 'SG', { reason: 'empty' }],
  ['hello', 'SG', { reason: 'not_a_number' }],
  ['+', 'SG', { reason: 'not_a_number' }],
  // A digit is missing.
  ['9123 456', 'SG', { reason: 'too_short' }],
  ['415 555 267', 'US', { reason: 'too_short' }],
  ['06 12 34 56 7', 'FR', { reason: 'too_short' }],
  ['+33 6 12 34 56 7', 'FR', { reason: 'too_short' }],
  ['+33 06 12 34 56 7', 'FR', { reason: 'too_short' }],
  ['9', 'SG', { reason: 'too_short' }],
  ['91', 'SG', { reason: 'too_short' }],
  // One too many.
  ['415 555 26710', 'US', { reason: 'too_long' }],
  ['06 12 34 56 78 9', 'FR', { reason: 'too_long' }],
  ['9123456789012', 'SG', { reason: 'too_long' }],
  ['9'.repeat(40), 'SG', { reason: 'too_long' }],
  // Between two lengths that exist.
  ['912345678', 'SG', { reason: 'wrong_length' }],
  // Anything but a digit is named.
  ['0812 3456 78O', 'ID', { reason: 'unexpected', found: 'O' }],
  ['l2345678', 'SG', { reason: 'unexpected', found: 'l' }],
  ['9123 4567 (mobile)', 'SG', { reason: 'unexpected', found: 'm' }],
  ['手机 9123 4567', 'SG', { reason: 'unexpected', found: '手' }],
  ['+65 9123 4567, +65 8123 4567', 'SG', { reason: 'unexpected', found: ',' }],
  ['9123+4567', 'SG', { reason: 'unexpected', found: '+' }],
  ['9123*4567', 'SG', { reason: 'unexpected', found: '*' }],
  ['6123 4567 ext 12', 'SG', { reason: 'extension', found: 'ext 12' }],
  ['6123 4567 Ext.12', 'SG', { reason: 'extension', found: 'Ext.12' }],
  ['+65 9123 4567 fax', 'SG', { reason: 'unexpected', found: 'f' }],
  ['6123 4567 x 12', 'SG', { reason: 'extension', found: 'x 12' }],
  ['6123 4567x12', 'SG', { reason: 'extension', found: 'x12' }],
  ['6123 4567#12', 'SG', { reason: 'extension', found: '#12' }],
  ['+6561234567;ext=12', 'SG', { reason: 'extension', found: ';ext=12' }],
  ['010 6552 9988 转 12', 'CN', { reason: 'extension', found: '转 12' }],
  // The code of another country.
  ['+44 7400 123456', 'SG', { reason: 'other_country', country: 'GB' }],
  ['0044 7400 123456', 'SG', { reason: 'other_country', country: 'GB' }],
  ['+44 7911 123456', 'SG', { reason: 'other_country', country: 'GG' }],
  ['+86 138 1234 5678', 'SG', { reason: 'country_not_allowed' }],
  ['0086 138 1234 5678', 'SG', { reason: 'country_not_allowed' }],
  ['+65 9123 4567', 'CN', { reason: 'country_not_allowed' }],
])('%j in %s is refused: %j', (typed, country, fault) => {
  expect(read(typed, country)).toEqual({ ok: false, ...fault })
})

test.each<[string, CountryCode, Site]>([
  ['13812345678', 'CN', 'international'],
  ['91234567', 'SG', 'china'],
])('%s in %s cannot be used on the %s site', (typed, country, site) => {
  expect(parseNumber(typed, country, site)).toEqual({ ok: false, reason: 'country_not_allowed' })
})

test.each<[string, CountryCode, string]>([
  // On the China site a mobile number has 11 digits and starts with 1.
  ['1380013800', 'CN', '86-1380013800'],
  ['138001380000', 'CN', '86-138001380000'],
  ['852 5123 4567', 'CN', '86-85251234567'],
  ['010 6552 9988', 'CN', '86-1065529988'],
  ['090-1234-567', 'JP', '81-901234567'],
  ['010 1234 567', 'KR', '82-101234567'],
  ['(11) 8123-4567', 'BR', '55-1181234567'],
  ['0169 123 4567', 'VN', '84-1691234567'],
  ['2123 4567', 'SG', '65-21234567'],
  // Landlines do not receive text messages.
  ['6123 4567', 'SG', '65-61234567'],
  ['020 7946 0958', 'GB', '44-2079460958'],
  ['06 1234 5678', 'IT', '39-0612345678'],
])('%s in %s is possible, but not a known mobile number', (typed, country, upstream) => {
  expect(read(typed, country)).toMatchObject({ ok: true, upstream, doubtful: true })
})

describe('against the full metadata', () => {
  const countries: CountryCode[] = [
    'SG',
    'CN',
    'HK',
    'TW',
    'JP',
    'KR',
    'VN',
    'TH',
    'ID',
    'MY',
    'PH',
    'IN',
    'AU',
    'US',
    'CA',
    'MX',
    'BR',
    'AR',
    'GB',
    'DE',
    'FR',
    'IT',
    'ES',
    'NL',
    'RU',
    'TR',
    'AE',
    'SA',
    'ZA',
    'NG',
  ]
  test.each(countries)('a mobile number of %s', (country) => {
    const example = getExampleNumber(country, examples)
    const full = example && parsePhoneNumberFromString(example.number)
    if (!full) throw new Error('no example')
    expect(full.isValid()).toBe(true)
    const upstream = `${full.countryCallingCode}-${full.nationalNumber}`
    for (const typed of [
      full.number,
      full.formatNational(),
      full.formatInternational(),
      full.nationalNumber,
    ]) {
      expect(read(typed, country), typed).toMatchObject({ ok: true, upstream, doubtful: false })
    }
    // A missing digit is never reported as one too many, nor the reverse; either way no number passes that
    // the numbering plan excludes.
    for (const [digits, reason] of [
      [full.number.slice(0, -1), 'too_short'],
      [`${full.number}0`, 'too_long'],
    ] as const) {
      const result = read(digits, country)
      if (!result.ok) expect([reason, 'wrong_length']).toContain(result.reason)
      else if (!result.doubtful) expect(parsePhoneNumberFromString(digits)?.isValid()).toBe(true)
    }
  })
})
