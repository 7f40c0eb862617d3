'use client'

import { useEffect, useState } from 'react'
import { type Control, useWatch } from 'react-hook-form'
import type { ParsedNumber } from '@/lib/contract/phone-number'
import type { Site } from '@/lib/contract/site'
import type { PhoneValues } from './phone-field'

// The metadata of all numbering plans weighs more than the page: it comes with the first keystroke.
const load = () => import('@/lib/contract/phone-number')

/** The step that follows a number; fetched while it is typed, so that sending does not wait for it. */
const loadNextStep = () => import('./code-step')

export async function readNumber({ number, country }: PhoneValues, site: Site): Promise<ParsedNumber> {
  return (await load()).parseNumber(number, country, site)
}

/** What the number reads as while it is typed; null before anything is. */
export function useParsedNumber(
  control: Control<PhoneValues, unknown, PhoneValues>,
  site: Site,
): ParsedNumber | null {
  const [number, country] = useWatch({ control, name: ['number', 'country'] })
  const [parsed, setParsed] = useState<ParsedNumber | null>(null)
  useEffect(() => {
    let current = true
    if (number !== '') void loadNextStep()
    const read = number.trim() === '' ? Promise.resolve(null) : readNumber({ number, country }, site)
    read.then(
      (result) => current && setParsed(result),
      () => current && setParsed(null),
    )
    return () => {
      current = false
    }
  }, [number, country, site])
  return parsed
}
