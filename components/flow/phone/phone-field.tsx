'use client'

import type { CountryCode } from 'libphonenumber-js/min'
import { useEffect, useMemo, useState } from 'react'
import { Controller, useFormContext, useFormState, useWatch } from 'react-hook-form'
import { Combobox } from '@/components/ui/combobox'
import { Field } from '@/components/ui/field'
import { TextInput } from '@/components/ui/text-input'
import { useHydrated } from '@/components/ui/use-hydrated'
import type { Country } from '@/lib/contract/countries'
import type { Site } from '@/lib/contract/site'
import { useFieldWords } from '@/lib/i18n/field-words'
import { useTranslations } from '@/lib/i18n/translations'
import { useFlowFrame } from '../frame/flow-context'
import { countryOptions } from './country-options'
import { type PhoneValues, readNumber } from './phone-number'
import { SiteDoubt } from './site-doubt'

const loadCountryNames = () => import('./country-names').then(({ countryNames }) => countryNames)

/**
 * The fields `country` and `phone` of the surrounding form. The China site has only one country to choose, so
 * it is shown, not asked for.
 * @param note gray text after the label, such as "(optional)": the number is not required
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
  const { control, register, setFocus, setValue, clearErrors, trigger } = useFormContext<PhoneValues>()
  const { errors, isSubmitted } = useFormState({ control })
  const { memory, host } = useFlowFrame()
  const hydrated = useHydrated()
  const options = useMemo(() => countryOptions(countries), [countries])
  const switched = useCountryOfNumber(countries, site)
  useEffect(() => {
    if (hydrated && memory.takeFirstField()) setFocus('phone')
  }, [hydrated, memory, setFocus])
  return (
    <div>
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
                    if (isSubmitted) void trigger('phone')
                  }}
                  searchLabel={t('search')}
                  loadKeywords={loadCountryNames}
                  emptyText={t('none')}
                  absent={[{ value: 'CN', label: t('china'), note: '+86', reason: t('chinaAbsent') }]}
                />
              )}
            />
          )}
        </Field>
        <Field
          label={t('label')}
          note={note}
          hint={hint}
          error={words(errors.phone?.message)}
          required={note === undefined}
        >
          <TextInput {...register('phone')} type="tel" autoComplete="off" />
        </Field>
        {host.changeSite && errors.phone?.message?.startsWith('phone.country_not_allowed') && (
          <SiteDoubt
            site={site}
            changeSite={host.changeSite}
            onChange={(other) => {
              setValue('country', firstOfSite[other])
              clearErrors('phone')
            }}
          />
        )}
      </div>
      {/* Rendered before it has text, so that screen readers announce the text. */}
      <p role="status" className="text-small text-text2 not-empty:mt-4">
        {switched && t('switched', { country: switched.name, callingCode: switched.callingCode })}
      </p>
    </div>
  )
}

/**
 * Selects the country whose calling code the number starts with, once it is known.
 * @returns the country selected this way, until another one is chosen
 */
function useCountryOfNumber(countries: Country[], site: Site): Country | undefined {
  const { control, setValue, trigger } = useFormContext<PhoneValues>()
  const { isSubmitted } = useFormState({ control })
  const [phone, country] = useWatch({ control, name: ['phone', 'country'] })
  const [chosen, setChosen] = useState<Country>()
  useEffect(() => {
    let current = true
    readNumber({ phone, country }, site).then(
      (parsed) => {
        if (!current || parsed.ok || parsed.reason !== 'other_country') return
        const other = countries.find(({ code }) => code === parsed.country)
        if (!other) return
        setChosen(other)
        setValue('country', other.code)
        if (isSubmitted) void trigger('phone')
      },
      () => undefined,
    )
    return () => {
      current = false
    }
  }, [phone, country, site, countries, setValue, isSubmitted, trigger])
  return chosen?.code === country ? chosen : undefined
}

const firstOfSite = { international: 'SG', china: 'CN' } as const

/** The initial country: the country or region chosen last, or that of the number to be changed. */
export function useFirstCountry(countries: Country[], site: Site): CountryCode {
  const { memory } = useFlowFrame()
  const [first] = useState(() => {
    const { country, numberBefore } = memory.lastNumber()
    const callingCode = numberBefore?.slice(1).split('-')[0]
    const same = countries.filter((one) => one.callingCode === callingCode)
    if (same.length === 0 || same.some(({ code }) => code === country)) return country
    return (same.find(({ main }) => main) ?? same[0])?.code ?? null
  })
  return first ?? firstOfSite[site]
}
