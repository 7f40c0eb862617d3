'use client'

import { Shield } from 'lucide-react'
import { useFormatter } from 'next-intl'
import { type ResolverResult, useForm, useWatch } from 'react-hook-form'
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
import { Banner } from '@/components/ui/banner'
import type { Country } from '@/lib/contract/countries'
import type { BindFlow } from '@/lib/contract/phone'
import { useTranslations } from '@/lib/i18n/translations'
import { Checks } from './checks'
import { useNumberCheck, useSendCode } from './queries'

export function NumberStep({ flow, countries }: { flow: BindFlow; countries: Country[] }) {
  const t = useTranslations('bind')
  const format = useFormatter()
  const { member, site } = flow
  const { memory } = useFlowFrame()
  const form = useForm<PhoneValues, unknown, PhoneValues>({
    defaultValues: { country: useFirstCountry(countries, site), phone: '' },
    resolver: async (values): Promise<ResolverResult<PhoneValues>> => {
      const parsed = await readNumber(values, site)
      if (parsed.ok) return { values, errors: {} }
      return { values: {}, errors: { phone: { type: 'parse', message: numberFault(parsed, site) } } }
    },
  })
  const [country, phone] = useWatch({ control: form.control, name: ['country', 'phone'] })
  const parsed = useParsedNumber({ country, phone }, site)
  const check = useNumberCheck(member.id, parsed?.ok ? parsed.upstream : null)
  const usedBy = check.data?.usedBy ?? []
  const sends = useSendForm({
    form,
    fields: ['phone'],
    send: useSendCode(member.id),
    async toInput(values) {
      const read = await readNumber(values, site)
      if (!read.ok) return null
      memory.choseCountry(values.country)
      return { phone: read.upstream }
    },
  })

  return (
    <StepLayout
      title={t('number.title')}
      note={t('number.note', { member: member.displayName })}
      side={<Checks flow={flow} number={parsed} refusal={sends.failure ?? flow.refused?.error} />}
    >
      <StillOpen />
      <Form form={form} onSubmit={sends.submit} className="grid gap-5">
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
        <SendFoot sends={sends} />
      </Form>
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
