'use client'

import type { CountryCode } from 'libphonenumber-js/min'
import { createContext, type ReactNode, type RefObject, use, useMemo, useRef, useState } from 'react'
import type { Country } from '@/lib/contract/countries'
import type { BindFlow } from '@/lib/contract/phone'

/** What this tab did since the page opened, for focus and announcements. None of it is drawn. */
interface Notes {
  /** The step whose heading was on the page last; null before the first. */
  shown: BindFlow['step'] | null
  /** This tab sent a code: its field takes the focus when it appears. */
  codeFieldNext: boolean
  /** This tab gave a number up: so does the field for the next one. */
  numberFieldNext: boolean
  /** The code that is announced next was sent from this tab. */
  sentHere: boolean
}

interface FlowMemory {
  step: BindFlow['step']
  notes: RefObject<Notes>
  /** The country or region chosen last; null before any was. */
  country: CountryCode | null
  keepCountry(code: CountryCode): void
  /** The number was given up: the next one is most likely of the same country or region. */
  keepCountryOf(numberMasked: string): void
}

const Memory = createContext<FlowMemory | null>(null)

/** What outlives a step, while the page stays open. */
export function FlowMemoryProvider({
  step,
  countries,
  children,
}: {
  step: BindFlow['step']
  countries: Country[]
  children: ReactNode
}) {
  const notes = useRef<Notes>({
    shown: null,
    codeFieldNext: false,
    numberFieldNext: false,
    sentHere: false,
  })
  const [country, keepCountry] = useState<CountryCode | null>(null)
  const memory = useMemo(
    () => ({
      step,
      notes,
      country,
      keepCountry,
      keepCountryOf(numberMasked: string) {
        const callingCode = numberMasked.slice(1).split('-')[0]
        const same = countries.filter((one) => one.callingCode === callingCode)
        keepCountry((chosen) =>
          same.some(({ code }) => code === chosen)
            ? chosen
            : ((same.find(({ main }) => main) ?? same[0])?.code ?? null),
        )
      },
    }),
    [step, country, countries],
  )
  return <Memory value={memory}>{children}</Memory>
}

export function useFlowMemory(): FlowMemory {
  const memory = use(Memory)
  if (!memory) throw new Error('outside of the bind screen')
  return memory
}
