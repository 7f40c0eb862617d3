'use client'

import type { CountryCode } from 'libphonenumber-js/min'
import { useEffect, useState } from 'react'
import { beforeAct } from '@/lib/browser/call'
import type { ParsedNumber } from '@/lib/contract/phone-number'
import type { Site } from '@/lib/contract/site'
import { plainText } from '@/lib/contract/typed-text'

/** The fields of a form with a phone number; it may have more. */
export interface PhoneValues {
  country: CountryCode
  phone: string
}

// The metadata of all numbering plans is larger than the page: it is loaded on the first keystroke.
const load = () => beforeAct(() => import('@/lib/contract/phone-number'))

export async function readNumber({ phone, country }: PhoneValues, site: Site): Promise<ParsedNumber> {
  return (await load()).parseNumber(phone, country, site)
}

/** What is wrong with a number, for the resolver of its form: see `useFieldWords`. */
export function numberFault(parsed: ParsedNumber & { ok: false }, site: Site): string {
  if (parsed.reason === 'country_not_allowed') return `phone.country_not_allowed_${site}`
  return 'found' in parsed ? `phone.${parsed.reason} ${parsed.found}` : `phone.${parsed.reason}`
}

/** The number as parsed while it is typed; null while the field is empty. */
export function useParsedNumber({ phone, country }: PhoneValues, site: Site): ParsedNumber | null {
  const [parsed, setParsed] = useState<ParsedNumber | null>(null)
  useEffect(() => {
    let current = true
    const read = plainText(phone) === '' ? Promise.resolve(null) : readNumber({ phone, country }, site)
    read.then(
      (result) => current && setParsed(result),
      () => current && setParsed(null),
    )
    return () => {
      current = false
    }
  }, [phone, country, site])
  return parsed
}
