'use client'

import { Shield } from 'lucide-react'
import { type RefObject, useEffect, useState } from 'react'
import { type FieldErrors, type ResolverResult, useForm, useWatch } from 'react-hook-form'
import { SendFoot } from '@/components/flow/code/send-foot'
import { StillOpen } from '@/components/flow/code/still-open'
import { useSendForm } from '@/components/flow/code/use-send-form'
import { useFlowFrame } from '@/components/flow/frame/flow-context'
import { StepLayout } from '@/components/flow/frame/step-layout'
import { PhoneField, useFirstCountry } from '@/components/flow/phone/phone-field'
import {
  numberFault,
  type PhoneValues,
  readNumber,
  useParsedNumber,
} from '@/components/flow/phone/phone-number'
import { PhonePreview } from '@/components/flow/phone/phone-preview'
import { Form } from '@/components/form/form'
import type { Country } from '@/lib/contract/countries'
import type { EnableFlow } from '@/lib/contract/enable'
import { namePrefixFault } from '@/lib/contract/enable-mode'
import type { Site } from '@/lib/contract/site'
import { plainText } from '@/lib/contract/typed-text'
import { useTranslations } from '@/lib/i18n/translations'
import { BackLink } from './back-link'
import { Checks } from './checks'
import { NameField } from './name-field'
import { useSendCode } from './queries'
import type { Typed } from './typed'

interface Values extends PhoneValues {
  namePrefix: string
}

/**
 * The name of the new management account, and the phone number that receives the code and becomes the
 * account's own.
 */
export function PhoneStep({
  flow,
  countries,
  typed,
  onType,
}: {
  flow: EnableFlow
  countries: Country[]
  /** From any step: going back never loses what was typed. */
  typed: RefObject<Typed>
  onType: (part: Partial<Typed>) => void
}) {
  const t = useTranslations('enable.phone')
  const { site } = flow
  const { memory } = useFlowFrame()
  const [first] = useState(() => ({ ...typed.current }))
  const firstCountry = useFirstCountry(countries, site)
  const form = useForm<Values, unknown, Values>({
    defaultValues: { ...first, country: first.country ?? firstCountry },
    resolver: (values) => resolve(values, site),
  })
  const [country, phone] = useWatch({ control: form.control, name: ['country', 'phone'] })
  const parsed = useParsedNumber({ country, phone }, site)
  const own = plainText(phone) === ''
  useEffect(() => onType({ country, phone }), [onType, country, phone])
  const sends = useSendForm({
    form,
    fields: ['phone'],
    send: useSendCode(),
    async toInput({ namePrefix, ...values }): Promise<{ namePrefix: string; phone?: string } | null> {
      const read = await readNumber(values, site)
      if (!read.ok && read.reason !== 'empty') return null
      memory.choseCountry(values.country)
      return { namePrefix, ...(read.ok && { phone: read.upstream }) }
    },
  })

  return (
    <StepLayout
      title={t('title')}
      note={t('note')}
      side={
        <Checks
          flow={flow}
          mode="new"
          number={parsed}
          own={own}
          refusal={sends.failure ?? flow.refused?.error}
        />
      }
    >
      <StillOpen />
      <Form form={form} onSubmit={sends.submit} className="grid gap-5">
        <NameField onType={onType} />
        <PhoneField countries={countries} site={site} hint={t('hint')} note={t('optional')} />
        <PhonePreview number={parsed} none={own ? t('own') : undefined} />
        <p className="flex gap-2.5 text-text2">
          <Shield className="mt-0.5 shrink-0" />
          <span className="min-w-0">{t('why')}</span>
        </p>
        <SendFoot sends={sends} leave={<BackLink />} />
      </Form>
    </StepLayout>
  )
}

/** The phone number is optional. */
async function resolve(values: Values, site: Site): Promise<ResolverResult<Values>> {
  const namePrefix = plainText(values.namePrefix)
  const fault = namePrefixFault(namePrefix)
  const number = await readNumber(values, site)
  const errors: FieldErrors<Values> = {
    ...(fault && { namePrefix: { type: 'parse', message: fault } }),
    ...(!number.ok &&
      number.reason !== 'empty' && { phone: { type: 'parse', message: numberFault(number, site) } }),
  }
  if (errors.namePrefix || errors.phone) return { values: {}, errors }
  return { values: { ...values, namePrefix }, errors: {} }
}
