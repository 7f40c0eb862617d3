'use client'

import { Shield } from 'lucide-react'
import { type RefObject, useEffect, useState } from 'react'
import { type FieldErrors, type ResolverResult, useForm, useWatch } from 'react-hook-form'
import { SendButton } from '@/components/flow/code/send-button'
import { usePause } from '@/components/flow/code/use-pause'
import { useReplacing } from '@/components/flow/code/use-replacing'
import { useFlowMemory, useSend } from '@/components/flow/frame/flow-context'
import { Refusal } from '@/components/flow/frame/refusal'
import { StepLayout } from '@/components/flow/frame/step-layout'
import { PhoneField, useFirstCountry } from '@/components/flow/phone/phone-field'
import {
  numberFault,
  type PhoneValues,
  readNumber,
  useParsedNumber,
} from '@/components/flow/phone/phone-number'
import { PhonePreview } from '@/components/flow/phone/phone-preview'
import { shownOf } from '@/components/flow/request'
import { Form } from '@/components/form/form'
import { failureOf } from '@/lib/browser/call'
import type { Country } from '@/lib/contract/countries'
import type { EnableFlow } from '@/lib/contract/enable'
import { namePrefixFault } from '@/lib/contract/enable-mode'
import type { Site } from '@/lib/contract/site'
import { plainText } from '@/lib/contract/typed-text'
import { useNumberWords } from '@/lib/i18n/number-words'
import { useTranslations } from '@/lib/i18n/translations'
import { BackLink } from './back-link'
import { Checks } from './checks'
import { NameField } from './name-field'
import { OpenCode } from './open-code'
import { useSendCode } from './queries'
import type { Typed } from './typed'

interface Values extends PhoneValues {
  namePrefix: string
}

/** What the new management account is called, and which phone gets the code and becomes its own. */
export function PhoneStep({
  flow,
  asOf,
  countries,
  typed,
  onType,
}: {
  flow: EnableFlow
  asOf: number
  countries: Country[]
  /** On any step: no way back costs what was typed. */
  typed: RefObject<Typed>
  onType: (part: Partial<Typed>) => void
}) {
  const t = useTranslations('enable.phone')
  const words = useTranslations('enable')
  const { site } = flow
  const { notes, refusal } = useFlowMemory()
  const [first] = useState(() => ({ ...typed.current }))
  const firstCountry = useFirstCountry(countries, site)
  const form = useForm<Values, unknown, Values>({
    defaultValues: { ...first, country: first.country ?? firstCountry },
    resolver: (values) => resolve(values, site),
  })
  const [country, number] = useWatch({ control: form.control, name: ['country', 'number'] })
  const parsed = useParsedNumber({ country, number }, site)
  const own = plainText(number) === ''
  useEffect(() => onType({ country, number }), [onType, country, number])
  const send = useSendCode()
  const sendOnce = useSend(send)
  const ended = refusal && send.isIdle ? refusal : undefined
  const { wait, failure } = usePause(flow, asOf, send)
  const numberWords = useNumberWords()
  const openRecipient = numberWords(flow.request, words('ownPhone'))
  const replacing = useReplacing(flow, openRecipient, (wanted: { namePrefix: string; phone?: string }) =>
    sendOnce({ ...wanted, ...shownOf(flow) }, (error) => {
      const wrong = failureOf(error)?.fields?.phone
      if (wrong) form.setError('number', { type: 'server', message: wrong }, { shouldFocus: true })
    }),
  )

  async function submit(values: Values) {
    const read = await readNumber(values, site)
    if ((!read.ok && read.reason !== 'empty') || send.isPending || wait > 0) return
    Object.assign(notes.current, { country: values.country, numberBefore: null })
    replacing.send({ namePrefix: values.namePrefix, ...(read.ok && { phone: read.upstream }) })
  }

  return (
    <StepLayout
      title={t('title')}
      step={2}
      note={t('note')}
      side={
        <Checks flow={flow} way="new" number={parsed} own={own} refusal={failure ?? flow.refused?.error} />
      }
    >
      <OpenCode flow={flow} />
      <Form form={form} onSubmit={submit} className="grid gap-5">
        <NameField onType={onType} />
        <PhoneField countries={countries} site={site} hint={t('hint')} note={t('optional')} />
        <PhonePreview number={parsed} none={own ? t('own') : undefined} />
        <p className="flex gap-2.5 text-text2">
          <Shield className="mt-0.5 shrink-0" />
          <span className="min-w-0">{t('why')}</span>
        </p>
        <Refusal failures={[failure, ended]} idle={send.isIdle} flow={flow} />
        <div className="flex flex-wrap gap-2">
          <SendButton send={send} wait={wait} />
          <BackLink />
        </div>
      </Form>
      {replacing.question}
    </StepLayout>
  )
}

/** A number need not be given. */
async function resolve(values: Values, site: Site): Promise<ResolverResult<Values>> {
  const namePrefix = plainText(values.namePrefix)
  const fault = namePrefixFault(namePrefix)
  const number = await readNumber(values, site)
  const errors: FieldErrors<Values> = {
    ...(fault && { namePrefix: { type: 'parse', message: fault } }),
    ...(!number.ok &&
      number.reason !== 'empty' && { number: { type: 'parse', message: numberFault(number, site) } }),
  }
  if (errors.namePrefix || errors.number) return { values: {}, errors }
  return { values: { ...values, namePrefix }, errors: {} }
}
