import metadata from 'libphonenumber-js/metadata.mobile'
import {
  type CountryCode,
  getCountryCallingCode,
  isSupportedCountry,
  Metadata,
  type PhoneNumber,
  parsePhoneNumberFromString,
  validatePhoneNumberLength,
} from 'libphonenumber-js/mobile'
import type { Site } from './site'
import { plainText } from './typed-text'

/**
 * The differences between what was typed and what is sent; shown, never silent.
 * - `country_code`: it was typed as well as chosen
 * - `prefix`: digits that are only dialed before a number (`digits`), at home or for a call abroad
 * - `modern_form`: a form that the numbering plan has replaced
 * - `international_form`: a form for calls within the country whose digits are not those of the number
 */
export type NumberChange =
  | { what: 'country_code' | 'modern_form' | 'international_form' | 'separators' }
  | { what: 'prefix'; digits: string }

export type NumberFault =
  | { reason: 'empty' | 'not_a_number' | 'too_short' | 'too_long' | 'wrong_length' | 'country_not_allowed' }
  /** A character that is not part of a number, such as a letter O among the digits. */
  | { reason: 'unexpected'; found: string }
  | { reason: 'extension'; found: string }
  | { reason: 'other_country'; country: CountryCode }

export type ParsedNumber =
  | { ok: true; upstream: string; changes: NumberChange[]; doubtful: boolean }
  | ({ ok: false } & NumberFault)

/**
 * Parses a mobile number as people write it. The country chosen beside the field wins; the code of another
 * one is reported, not guessed. A number that is possible but in no known mobile range is `doubtful`: a
 * warning, not an error.
 */
export function parseNumber(typed: string, country: CountryCode, site: Site): ParsedNumber {
  const text = plainText(typed).replace(/^tel:/i, '')
  if (text === '') return fault('empty')
  const callingCode = getCountryCallingCode(country)
  if (!allowedOn(site, callingCode)) return fault('country_not_allowed')
  const unexpected = unexpectedText(text)
  if (unexpected) return { ok: false, ...unexpected }

  const dialed = text.replace(separators, '').replace(/^00/, '+')
  const modern = inModernForm(dialed, country)
  const number = parsePhoneNumberFromString(modern, country)
  if (!number) return { ok: false, ...lengthFault(modern, country) }
  if (number.countryCallingCode !== callingCode) return otherCountry(number, site)

  const national = withoutZero(number, country)
  const fullForm = `+${callingCode}${national}`
  if (validatePhoneNumberLength(fullForm) !== undefined) return { ok: false, ...lengthFault(fullForm) }
  const changes = changesOf(dialed, country, national)
  if (text.search(separators) >= 0) changes.push({ what: 'separators' })
  return {
    ok: true,
    upstream: `${callingCode}-${national}`,
    changes,
    doubtful: isDoubtful(fullForm, country),
  }
}

/** The China site accepts only +86, the international site everything except +86. */
export function allowedOn(site: Site, callingCode: string): boolean {
  return (callingCode === '86') === (site === 'china')
}

/** `65-91234567` → `+65-****4567`: at most four of the national digits, and never more than half of them. */
export function maskNumber(upstream: string): string {
  const [callingCode, number = ''] = upstream.split('-')
  const shown = Math.min(4, Math.floor(number.length / 2))
  return `+${callingCode}-****${number.slice(number.length - shown)}`
}

const separators = /[\s\p{Dash_Punctuation}().·•/~]/gu

function fault(reason: Exclude<NumberFault['reason'], 'unexpected' | 'extension' | 'other_country'>) {
  return { ok: false, reason } as const
}

/** Unexpected characters are never dropped: the rest could be another person's number. */
function unexpectedText(text: string): NumberFault | undefined {
  const digits = text.replace(/\D/g, '')
  if (digits === '') return { reason: 'not_a_number' }
  const [extension] =
    /(?:;ext=|\bext(?:ension|n)?\b|(?<!\p{L})[x×]|#|доб|转|分机)[\s.:]*\d*\s*$/iu.exec(text) ?? []
  if (extension) return { reason: 'extension', found: extension.trim() }
  const rest = text.replace(separators, '').replace(/\d/g, '')
  if (rest === '' || (rest === '+' && /^[^\d]*\+/.test(text))) return undefined
  const found = /^\+/.test(rest) ? rest.slice(1) : rest
  return { reason: 'unexpected', found: [...(found || rest)][0] ?? '' }
}

/**
 * https://en.wikipedia.org/wiki/Telephone_numbers_in_Mexico: 1 after +52, 044 and 045 were abolished in
 * August 2019.
 */
const superseded: Partial<Record<CountryCode, RegExp>> = {
  MX: /^(?:\+?521|044|045|1)(?=\d{10}$)/,
}

function inModernForm(dialed: string, country: CountryCode): string {
  const old = superseded[country]
  return old?.test(dialed) ? `+${getCountryCallingCode(country)}${dialed.replace(old, '')}` : dialed
}

/**
 * Drops a leading 0 that the numbering plan does not have, as in `+65 0 9123 4567`: it is only for dialing.
 */
function withoutZero({ nationalNumber, countryCallingCode }: PhoneNumber, country: CountryCode): string {
  if (!nationalNumber.startsWith('0')) return nationalNumber
  const known = parsePhoneNumberFromString(`+${countryCallingCode}${nationalNumber}`)
  return known?.isValid() || keepsZero.has(country) ? nationalNumber : nationalNumber.replace(/^0+/, '')
}

/** Landlines there keep the 0 after the country code. */
const keepsZero = new Set<CountryCode>(['IT', 'SM', 'VA'])

function otherCountry(number: PhoneNumber, site: Site): ParsedNumber {
  const { countryCallingCode } = number
  if (!allowedOn(site, countryCallingCode)) return fault('country_not_allowed')
  const country = number.country ?? metadata.country_calling_codes[countryCallingCode]?.[0]
  if (country === undefined || !isSupportedCountry(country)) return fault('not_a_number')
  return { ok: false, reason: 'other_country', country }
}

function lengthFault(digits: string, country?: CountryCode): NumberFault {
  switch (validatePhoneNumberLength(digits, country)) {
    case 'TOO_SHORT':
      return { reason: 'too_short' }
    case 'TOO_LONG':
      return { reason: 'too_long' }
    case 'INVALID_LENGTH':
      return { reason: 'wrong_length' }
    default:
      return { reason: 'not_a_number' }
  }
}

/** @param dialed what was typed, without separators */
function changesOf(dialed: string, country: CountryCode, national: string): NumberChange[] {
  const callingCode = getCountryCallingCode(country)
  const old = superseded[country]?.exec(dialed)?.[0]
  const abroad = exitPrefix(dialed, country)
  const withCode =
    abroad !== '' ||
    dialed.startsWith('+') ||
    (dialed !== national && dialed.startsWith(callingCode + (old ? '' : national)))
  const changes: NumberChange[] = withCode ? [{ what: 'country_code' }] : []
  if (abroad) changes.push({ what: 'prefix', digits: abroad })
  if (old) return [...changes, { what: 'modern_form' }]
  const rest = withCode ? dialed.slice(abroad.length).replace(/^\+/, '').slice(callingCode.length) : dialed
  if (rest === national) return changes
  if (!rest.endsWith(national)) return [...changes, { what: 'international_form' }]
  return [...changes, { what: 'prefix', digits: rest.slice(0, -national.length) }]
}

/** The prefix for calls abroad, such as 011 in the United States; no country code begins with a 0. */
function exitPrefix(dialed: string, country: CountryCode): string {
  const metadata = new Metadata()
  metadata.selectNumberingPlan(country)
  const pattern = metadata.numberingPlan?.IDDPrefix()
  return (pattern && new RegExp(`^(?:${pattern})(?!0)`).exec(dialed)?.[0]) || ''
}

/** Korean mobile numbers have always had eight digits after 010; the metadata also accepts seven. */
const shorterThanReal: Partial<Record<CountryCode, RegExp>> = { KR: /^\+8210\d{7}$/ }

function isDoubtful(fullForm: string, country: CountryCode): boolean {
  return (
    !parsePhoneNumberFromString(fullForm)?.isValid() || (shorterThanReal[country]?.test(fullForm) ?? false)
  )
}
