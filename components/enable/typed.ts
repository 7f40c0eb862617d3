import type { CountryCode } from 'libphonenumber-js/min'

/** What is typed for the new account; in this tab it outlives the steps. */
export interface Typed {
  namePrefix: string
  phone: string
  /** null until one is chosen */
  country: CountryCode | null
}

export const nothingTyped: Typed = { namePrefix: '', phone: '', country: null }
