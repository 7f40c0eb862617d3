import type { CountryCode } from 'libphonenumber-js/min'
import type { PickerOption } from '@/components/ui/picker-trigger'
import type { Country } from '@/lib/contract/countries'

export function countryOptions(countries: readonly Country[]): PickerOption<CountryCode>[] {
  return countries.map(({ code, name, callingCode, main }) => ({
    value: code,
    label: name,
    note: `+${callingCode}`,
    preferred: main,
  }))
}
