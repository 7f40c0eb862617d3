// Without a validator: the form for a cross-account CEN parses its fields with these, and so do the schemas
// of `networks.ts`.

import { plainText, tidyDigits } from './typed-text'

/** What was typed, tidied; or what is wrong with it, as a key of `fieldErrors`. */
export type Parsed = { value: string; fault: null } | { value: null; fault: string }

export function readCenId(text: string): Parsed {
  const value = plainText(text).toLowerCase()
  if (value === '') return { value: null, fault: 'cen.empty' }
  return /^cen-[a-z0-9]{6,40}$/.test(value) ? { value, fault: null } : { value: null, fault: 'cen.invalid' }
}

export const ownerDigits = 16

/**
 * The account that owns a CEN: 16 digits, grouped or not. They stay text throughout: numbers above 2^53 are
 * rounded.
 */
export function readOwnerId(text: string): Parsed {
  if (text.length > 100) return { value: null, fault: 'owner.too_long' }
  const value = tidyDigits(text)
  if (value === '') return { value: null, fault: 'owner.empty' }
  if (!/^\d+$/.test(value)) return { value: null, fault: 'owner.not_digits' }
  if (value.startsWith('0')) return { value: null, fault: 'owner.leading_zero' }
  if (value.length === ownerDigits) return { value, fault: null }
  return { value: null, fault: value.length < ownerDigits ? 'owner.too_short' : 'owner.too_long' }
}
