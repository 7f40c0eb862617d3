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
 * What was changed between what was typed and what is sent; shown, never silent.
 * - `country_code`: it was typed as well as chosen
 * - `prefix`: digits that are only dialled before a number (`digits`), at home or for a call abroad
 * - `modern_form`: a form that the numbering plan has replaced
 * - `international_form`: a form for calls within the country whose digits are not those of the number
 */
export type NumberChange =
  | { what: 'country_code' | 'modern_form' | 'international_form' | 'separators' }
  | { what: 'prefix'; digits: string }

export type NumberFault =
  | { reason: 'empty' | 'not_a_number' | 'too_short' | 'too_long' | 'wrong_length' | 'country_not_allowed' }
  /** A character that is no part of a number, such as a letter O among the digits. */
  | { reason: 'unexpected'; found: string }
  | { reason: 'extension'; found: string }
  | { reason: 'other_country'; country: CountryCode }

export type ParsedNumber =
  | { ok: true; upstream: string; changes: NumberChange[]; doubtful: boolean }
  | ({ ok: false } & NumberFault)

/**
 * Reads a mobile number as people write it. The country chosen beside the field wins; the code of another one is reported,
 * not guessed. A number that is possible but in no known mobile range is `doubtful`: a warning, not an error.
 */
export function parseNumber(typed: string, country: CountryCode, site: Site): ParsedNumber {
  const text = plainText(typed).replace(/^tel:/i, '')
  if (text === '') return fault('empty')
  const callingCode = getCountryCallingCode(country)
  if (!allowedOn(site, callingCode)) return fault('country_not_allowed')
  const foreign = foreignText(text)
  if (foreign) return { ok: false, ...foreign }

  const dialled = text.replace(separators, '').replace(/^00/, '+')
  const modern = inModernForm(dialled, country)
  const number = parsePhoneNumberFromString(modern, country)
  if (!number) return { ok: false, ...lengthFault(modern, country) }
  if (number.countryCallingCode !== callingCode) return otherCountry(number, site)

  const national = withoutZero(number, country)
  const fullForm = `+${callingCode}${national}`
  if (validatePhoneNumberLength(fullForm) !== undefined) return { ok: false, ...lengthFault(fullForm) }
  const changes = changesOf(dialled, country, national)
  if (text.search(separators) >= 0) changes.push({ what: 'separators' })
  return {
    ok: true,
    upstream: `${callingCode}-${national}`,
    changes,
    doubtful: isDoubtful(fullForm, country),
  }
}

/** The China site takes +86 only, the international site everything but +86. */
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

/** What is no part of a number is never dropped: what is left could be somebody else's number. */
function foreignText(text: string): NumberFault | undefined {
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

/** https://en.wikipedia.org/wiki/Telephone_numbers_in_Mexico: the 1 after +52, 044 and 045 ended in August 2019. */
const superseded: Partial<Record<CountryCode, RegExp>> = {
  MX: /^(?:\+?521|044|045|1)(?=\d{10}$)/,
}

function inModernForm(dialled: string, country: CountryCode): string {
  const old = superseded[country]
  return old?.test(dialled) ? `+${getCountryCallingCode(country)}${dialled.replace(old, '')}` : dialled
}

/** A 0 in front that the numbering plan does not know there, as in `+65 0 9123 4567`, is one for dialling. */
function withoutZero({ nationalNumber, countryCallingCode }: PhoneNumber, country: CountryCode): string {
  if (!nationalNumber.startsWith('0')) return nationalNumber
  const known = parsePhoneNumberFromString(`+${countryCallingCode}${nationalNumber}`)
  return known?.isValid() || keepsZero.has(country) ? nationalNumber : nationalNumber.replace(/^0+/, '')
}

/** Their landlines keep the 0 behind the country code. */
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

/** @param dialled what was typed, without separators */
function changesOf(dialled: string, country: CountryCode, national: string): NumberChange[] {
  const callingCode = getCountryCallingCode(country)
  const old = superseded[country]?.exec(dialled)?.[0]
  const abroad = exitPrefix(dialled, country)
  const withCode =
    abroad !== '' ||
    dialled.startsWith('+') ||
    (dialled !== national && dialled.startsWith(callingCode + (old ? '' : national)))
  const changes: NumberChange[] = withCode ? [{ what: 'country_code' }] : []
  if (abroad) changes.push({ what: 'prefix', digits: abroad })
  if (old) return [...changes, { what: 'modern_form' }]
  const rest = withCode ? dialled.slice(abroad.length).replace(/^\+/, '').slice(callingCode.length) : dialled
  if (rest === national) return changes
  if (!rest.endsWith(national)) return [...changes, { what: 'international_form' }]
  return [...changes, { what: 'prefix', digits: rest.slice(0, -national.length) }]
}

/** What is dialled in a country before the code of any, such as 011 in the United States; no code begins with a 0. */
function exitPrefix(dialled: string, country: CountryCode): string {
  const metadata = new Metadata()
  metadata.selectNumberingPlan(country)
  const pattern = metadata.numberingPlan?.IDDPrefix()
  return (pattern && new RegExp(`^(?:${pattern})(?!0)`).exec(dialled)?.[0]) || ''
}

/** Korean mobile numbers have had eight digits after 010 since the beginning; the metadata also lets seven pass. */
const shorterThanReal: Partial<Record<CountryCode, RegExp>> = { KR: /^\+8210\d{7}$/ }

function isDoubtful(fullForm: string, country: CountryCode): boolean {
  return (
    !parsePhoneNumberFromString(fullForm)?.isValid() || (shorterThanReal[country]?.test(fullForm) ?? false)
  )
}
