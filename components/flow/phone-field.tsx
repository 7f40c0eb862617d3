'use client'

import type { CountryCode } from 'libphonenumber-js/min'
import { useLocale, useTranslations } from 'next-intl'
import { useEffect, useMemo, useState } from 'react'
import { Controller, useFormContext, useFormState } from 'react-hook-form'
import { Combobox } from '@/components/ui/combobox'
import { Field } from '@/components/ui/field'
import { TextInput } from '@/components/ui/text-input'
import { useHydrated } from '@/components/ui/use-hydrated'
import type { Country } from '@/lib/contract/countries'
import type { Site } from '@/lib/contract/site'
import { useFieldWords } from '@/lib/i18n/error-words'
import { useFlowMemory } from './flow-memory'

/** The fields of a form with a number in it; it may have more. */
export interface PhoneValues {
  country: CountryCode
  number: string
}

/**
 * The fields `country` and `number` of the form around it. On the China site there is only one country to choose, so it
 * is told, not asked.
 * @param note grey words after the label, such as "(optional)": the number need not be given
 */
export function PhoneField({
  countries,
  site,
  hint,
  note,
}: {
  countries: Country[]
  site: Site
  hint: string
  note?: string
}) {
  const t = useTranslations('flow.phone')
  const words = useFieldWords()
  const { control, register, setFocus, trigger } = useFormContext<PhoneValues>()
  const { errors, isSubmitted } = useFormState({ control })
  const { notes } = useFlowMemory()
  const hydrated = useHydrated()
  const options = useCountryOptions(countries)
  useEffect(() => {
    if (!hydrated || !notes.current.firstFieldNext) return
    notes.current.firstFieldNext = false
    setFocus('number')
  }, [hydrated, notes, setFocus])
  return (
    <div className="grid items-start gap-4 md:grid-cols-[13.5rem_minmax(0,1fr)]">
      <Field label={t('country')}>
        {site === 'china' ? (
          <TextInput readOnly value={countries[0]?.name ?? ''} end="+86" />
        ) : (
          <Controller
            control={control}
            name="country"
            render={({ field }) => (
              <Combobox
                options={options}
                value={field.value}
                onValueChange={(code) => {
                  field.onChange(code)
                  if (isSubmitted) void trigger('number')
                }}
                searchLabel={t('search')}
                emptyText={t('none')}
              />
            )}
          />
        )}
      </Field>
      <Field
        label={t('label')}
        note={note}
        hint={hint}
        error={words(errors.number?.message)}
        required={note === undefined}
      >
        <TextInput {...register('number')} type="tel" autoComplete="off" />
      </Field>
    </div>
  )
}

const firstOfSite = { international: 'SG', china: 'CN' } as const

/** What the form begins with: the country or region chosen last, or that of the number that is to be changed. */
export function useFirstCountry(countries: Country[], site: Site): CountryCode {
  const { notes } = useFlowMemory()
  const [first] = useState(() => {
    const { country, numberBefore } = notes.current
    const callingCode = numberBefore?.slice(1).split('-')[0]
    const same = countries.filter((one) => one.callingCode === callingCode)
    if (same.length === 0 || same.some(({ code }) => code === country)) return country
    return (same.find(({ main }) => main) ?? same[0])?.code ?? null
  })
  return first ?? firstOfSite[site]
}

/** Found by name, dialling code or ISO code; on a Chinese page by the English name, too, which many type faster. */
function useCountryOptions(countries: Country[]) {
  const locale = useLocale()
  return useMemo(() => {
    const english = locale === 'en' ? null : new Intl.DisplayNames(['en'], { type: 'region' })
    return countries.map(({ code, name, callingCode }) => ({
      value: code,
      label: name,
      note: `+${callingCode}`,
      keywords: [code, english?.of(code) ?? ''],
    }))
  }, [countries, locale])
}
