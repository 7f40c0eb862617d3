import metadata from 'libphonenumber-js/metadata.min'
import { type CountryCode, getCountries, getCountryCallingCode } from 'libphonenumber-js/min'
import { allowedOn } from './phone-number'
import type { Site } from './site'

export interface Country {
  code: CountryCode
  callingCode: string
  name: string
  /** The one to assume if several share a calling code. */
  main: boolean
}

/** Names as on the vendor's own pages; for these, ICU data differs between servers and browsers. */
const vendorNames: Record<string, Partial<Record<CountryCode, string>>> = {
  en: { HK: 'Hong Kong (China)', MO: 'Macao (China)', TW: 'Taiwan (China)' },
  'zh-CN': { HK: '中国香港', MO: '中国澳门', TW: '中国台湾' },
}

/**
 * The countries and regions whose numbers a site accepts, by name. Built on the server: browsers have other
 * names for some, and the list would weigh more than the page.
 */
export function countriesOf(site: Site, locale: string): Country[] {
  const names = new Intl.DisplayNames([locale], { type: 'region' })
  return getCountries()
    .map((code) => ({
      code,
      callingCode: getCountryCallingCode(code),
      main: metadata.country_calling_codes[getCountryCallingCode(code)]?.[0] === code,
      name: vendorNames[locale]?.[code] ?? names.of(code) ?? code,
    }))
    .filter(({ callingCode }) => allowedOn(site, callingCode))
    .sort((a, b) => a.name.localeCompare(b.name, locale))
}
