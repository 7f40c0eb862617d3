import { type CountryCode, getCountryCallingCode, parsePhoneNumberFromString } from 'libphonenumber-js/min'
import type { Site } from './site'

/** What was tidied up on the way from what was typed to what is sent; shown, never silent. */
export type Tidied = 'country_code' | 'leading_zero' | 'separators'

export type ParsedNumber =
  | { ok: true; upstream: string; masked: string; tidied: Tidied[]; doubtful: boolean }
  | {
      ok: false
      reason: 'empty' | 'not_a_number' | 'too_short' | 'too_long' | 'other_country' | 'country_not_allowed'
    }

/**
 * Reads a number as people write it. The country chosen beside the field wins; a different country code inside the
 * field is said, not guessed. A number that is possible but in no known range is `doubtful`: a warning, not an error.
 */
export function parseNumber(typed: string, country: CountryCode, site: Site): ParsedNumber {
  const text = typed.normalize('NFKC').trim()
  if (text === '') return { ok: false, reason: 'empty' }
  const callingCode = getCountryCallingCode(country)
  if (!allowedOn(site, callingCode)) return { ok: false, reason: 'country_not_allowed' }
  const number = parsePhoneNumberFromString(text.replace(/^00/, '+'), country)
  const digits = text.replace(/\D/g, '')
  if (!number)
    return {
      ok: false,
      reason:
        digits.length > 0 && digits.length < 4
          ? 'too_short'
          : digits.length > 17
            ? 'too_long'
            : 'not_a_number',
    }
  if (number.countryCallingCode !== callingCode)
    return {
      ok: false,
      reason: allowedOn(site, number.countryCallingCode) ? 'other_country' : 'country_not_allowed',
    }
  if (!number.isPossible())
    return { ok: false, reason: number.nationalNumber.length < 7 ? 'too_short' : 'too_long' }
  const tidied: Tidied[] = []
  if (/^(\+|00)/.test(text)) tidied.push('country_code')
  const typedNational = text.replace(/^(\+|00)\d{0,3}/, '').replace(/\D/g, '')
  if (typedNational.startsWith('0') && !number.nationalNumber.startsWith('0')) tidied.push('leading_zero')
  if (/[\s\-().·]/.test(text)) tidied.push('separators')
  const upstream = `${callingCode}-${number.nationalNumber}`
  return { ok: true, upstream, masked: maskNumber(upstream), tidied, doubtful: !number.isValid() }
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
