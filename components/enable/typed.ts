import type { CountryCode } from 'libphonenumber-js/min'

/** What was typed of the new account: it outlives the steps in this tab. */
export interface Typed {
  namePrefix: string
  phone: string
  /** null before one was chosen */
  country: CountryCode | null
}

export const nothingTyped: Typed = { namePrefix: '', phone: '', country: null }
