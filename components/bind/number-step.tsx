'use client'

import { Shield } from 'lucide-react'
import { useFormatter } from 'next-intl'
import { type ResolverResult, useForm, useWatch } from 'react-hook-form'
import { SendButton } from '@/components/flow/code/send-button'
import { StillOpen } from '@/components/flow/code/still-open'
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
import { Link } from '@/components/shell/link'
import { Banner } from '@/components/ui/banner'
import { buttonClass } from '@/components/ui/button-class'
import { failureOf } from '@/lib/browser/call'
import type { Country } from '@/lib/contract/countries'
import type { BindFlow } from '@/lib/contract/phone'
import { useNumberWords } from '@/lib/i18n/number-words'
import { useTranslations } from '@/lib/i18n/translations'
import { Checks } from './checks'
import { useNumberCheck, useSendCode } from './queries'

export function NumberStep({
  flow,
  asOf,
  countries,
}: {
  flow: BindFlow
  asOf: number
  countries: Country[]
}) {
  const t = useTranslations('bind')
  const common = useTranslations('common')
  const format = useFormatter()
  const { member, site } = flow
  const { notes, refusal } = useFlowMemory()
  const form = useForm<PhoneValues, unknown, PhoneValues>({
    defaultValues: { country: useFirstCountry(countries, site), number: '' },
    resolver: async (values): Promise<ResolverResult<PhoneValues>> => {
      const parsed = await readNumber(values, site)
      if (parsed.ok) return { values, errors: {} }
      return { values: {}, errors: { number: { type: 'parse', message: numberFault(parsed, site) } } }
    },
  })
  const [country, number] = useWatch({ control: form.control, name: ['country', 'number'] })
  const parsed = useParsedNumber({ country, number }, site)
  const send = useSendCode(member.id)
  const sendOnce = useSend(send)
  const numberWords = useNumberWords()
  const openRecipient = numberWords(flow.request)
  const check = useNumberCheck(member.id, parsed?.ok ? parsed.upstream : null)
  // Why the code step before this one ended, where it was refused.
  const ended = refusal && send.isIdle ? refusal : undefined
  const { wait, failure } = usePause(flow, asOf, send)
  const usedBy = check.data?.usedBy ?? []
  const replacing = useReplacing(flow, openRecipient, (phone: string) =>
    sendOnce({ memberId: member.id, phone, ...shownOf(flow) }, (error) => {
      const wrong = failureOf(error)?.fields?.phone
      if (wrong) form.setError('number', { type: 'server', message: wrong }, { shouldFocus: true })
    }),
  )

  async function submit(values: PhoneValues) {
    const typed = await readNumber(values, site)
    if (!typed.ok || send.isPending || wait > 0) return
    Object.assign(notes.current, { country: values.country, numberBefore: null })
    replacing.send(typed.upstream)
  }

  return (
    <StepLayout
      title={t('number.title')}
      step={1}
      note={t('number.note', { member: member.displayName })}
      side={<Checks flow={flow} number={parsed} refusal={failure ?? flow.refused?.error} />}
    >
      <StillOpen flow={flow} recipient={openRecipient} />
      <Form form={form} onSubmit={submit} className="grid gap-5">
        <PhoneField countries={countries} site={site} hint={t('number.hint')} />
        <PhonePreview number={parsed}>
          {usedBy.length > 0 && (
            <Banner tone="warn" className="mt-5" title={usedByTitle(t, format, usedBy)}>
              {t('number.usedByNext')}
            </Banner>
          )}
        </PhonePreview>
        <p className="flex gap-2.5 text-text2">
          <Shield className="mt-0.5 shrink-0" />
          <span>
            {t.rich('why', {
              member: member.displayName,
              b: (words) => <strong className="font-medium text-text">{words}</strong>,
            })}
          </span>
        </p>
        <Refusal failures={[failure, ended]} idle={send.isIdle} flow={flow} />
        <div className="flex flex-wrap gap-2">
          <SendButton send={send} wait={wait} />
          <Link href={`/members/${member.id}`} className={buttonClass({ variant: 'quiet', size: 'form' })}>
            {common('cancel')}
          </Link>
        </div>
      </Form>
      {replacing.question}
    </StepLayout>
  )
}

function usedByTitle(
  t: ReturnType<typeof useTranslations<'bind'>>,
  format: ReturnType<typeof useFormatter>,
  usedBy: { displayName: string; bound: boolean }[],
): string {
  const names = usedBy.map(({ displayName }) => displayName)
  const more = Math.max(0, names.length - 3)
  // "A, B, and C", or "A, B, C" where "and 2 more" follows.
  const members = format.list(names.slice(0, 3), { style: more > 0 ? 'narrow' : 'long' })
  const key = usedBy.every(({ bound }) => bound) ? 'number.usedByBound' : 'number.usedByOpen'
  return t(key, { members, more })
}
