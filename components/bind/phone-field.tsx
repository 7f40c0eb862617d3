'use client'

import type { CountryCode } from 'libphonenumber-js/min'
import { useLocale, useTranslations } from 'next-intl'
import { useEffect, useMemo } from 'react'
import { Controller, type UseFormReturn, useFormState } from 'react-hook-form'
import { Combobox } from '@/components/ui/combobox'
import { Field } from '@/components/ui/field'
import { TextInput } from '@/components/ui/text-input'
import { useHydrated } from '@/components/ui/use-hydrated'
import type { Country } from '@/lib/contract/countries'
import type { Site } from '@/lib/contract/site'
import { useFieldWords } from '@/lib/i18n/error-words'
import { useFlowMemory } from './flow-memory'

export interface PhoneValues {
  country: CountryCode
  number: string
}

/** Country or region beside the number. On the China site there is only one to choose, so it is told, not asked. */
export function PhoneField({
  form,
  countries,
  site,
}: {
  form: UseFormReturn<PhoneValues, unknown, PhoneValues>
  countries: Country[]
  site: Site
}) {
  const t = useTranslations('bind')
  const words = useFieldWords()
  const { errors, isSubmitted } = useFormState({ control: form.control })
  const { notes } = useFlowMemory()
  const hydrated = useHydrated()
  const options = useCountryOptions(countries)
  useEffect(() => {
    if (!hydrated || !notes.current.numberFieldNext) return
    notes.current.numberFieldNext = false
    form.setFocus('number')
  }, [hydrated, notes, form])
  return (
    <div className="grid items-start gap-4 md:grid-cols-[13.5rem_minmax(0,1fr)]">
      <Field label={t('country')}>
        {site === 'china' ? (
          <TextInput readOnly value={countries[0]?.name ?? ''} end="+86" />
        ) : (
          <Controller
            control={form.control}
            name="country"
            render={({ field }) => (
              <Combobox
                options={options}
                value={field.value}
                onValueChange={(code) => {
                  field.onChange(code)
                  if (isSubmitted) void form.trigger('number')
                }}
                searchLabel={t('countrySearch')}
                emptyText={t('countryNone')}
              />
            )}
          />
        )}
      </Field>
      <Field label={t('number.label')} hint={t('number.hint')} error={words(errors.number?.message)} required>
        <TextInput {...form.register('number')} type="tel" autoComplete="off" />
      </Field>
    </div>
  )
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
