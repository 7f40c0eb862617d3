'use client'

import { Send, Shield } from 'lucide-react'
import Link from 'next/link'
import { useFormatter, useTranslations } from 'next-intl'
import { type ResolverResult, useForm } from 'react-hook-form'
import { FailureBanner } from '@/components/form/failure-banner'
import { Form } from '@/components/form/form'
import { Banner } from '@/components/ui/banner'
import { Button } from '@/components/ui/button'
import { buttonClass } from '@/components/ui/button-class'
import type { Country } from '@/lib/contract/countries'
import type { ErrorBody } from '@/lib/contract/errors'
import type { BindFlow } from '@/lib/contract/phone'
import type { ParsedNumber } from '@/lib/contract/phone-number'
import { Checks } from './checks'
import { useFlowMemory } from './flow-memory'
import { PhoneField, type PhoneValues } from './phone-field'
import { failureOf, useNumberCheck, useSendCode } from './queries'
import { RefusedSend } from './refused-send'
import { StepLayout } from './step-layout'
import { clockText, useCountdown } from './use-countdown'
import { readNumber, useParsedNumber } from './use-parsed-number'

const firstCountry = { international: 'SG', china: 'CN' } as const

export function NumberStep({
  flow,
  asOf,
  countries,
  refusal,
}: {
  flow: BindFlow
  asOf: number
  countries: Country[]
  /** Why the code step before this one ended, where it was refused. */
  refusal: ErrorBody | null
}) {
  const t = useTranslations('bind')
  const format = useFormatter()
  const { member, site } = flow
  const { notes, country, keepCountry } = useFlowMemory()
  const form = useForm<PhoneValues, unknown, PhoneValues>({
    defaultValues: { country: country ?? firstCountry[site], number: '' },
    resolver: async (values): Promise<ResolverResult<PhoneValues>> => {
      const parsed = await readNumber(values, site)
      if (parsed.ok) return { values, errors: {} }
      const reason =
        parsed.reason === 'country_not_allowed' ? (`${parsed.reason}_${site}` as const) : parsed.reason
      return { values: {}, errors: { number: { type: 'parse', message: `phone.${reason}` } } }
    },
  })
  const parsed = useParsedNumber(form.control, site)
  const send = useSendCode(member.id)
  const check = useNumberCheck(member.id, parsed?.ok ? parsed.upstream : null)
  const failure = failureOf(send.error) ?? (refusal && send.isIdle ? { body: refusal } : undefined)
  const wait = useCountdown(flow.cooldownSeconds, asOf) ?? 0

  async function submit(values: PhoneValues) {
    const number = await readNumber(values, site)
    if (!number.ok || send.isPending || wait > 0) return
    keepCountry(values.country)
    Object.assign(notes.current, { codeFieldNext: true, sentHere: true })
    send.mutate(
      { memberId: member.id, phone: number.upstream },
      {
        onError: (error) => {
          Object.assign(notes.current, { codeFieldNext: false, sentHere: false })
          const wrong = failureOf(error)?.body?.fields?.phone
          if (wrong) form.setError('number', { type: 'server', message: wrong }, { shouldFocus: true })
        },
      },
    )
  }

  return (
    <StepLayout
      title={t('number.title')}
      step={1}
      note={t('number.note', { member: member.displayName })}
      side={<Checks flow={flow} number={parsed} />}
    >
      <Form form={form} onSubmit={submit} className="grid gap-5">
        <PhoneField form={form} countries={countries} site={site} />
        <div>
          <Preview number={parsed} />
          {/* There before its words are, so that they are said aloud when they come. */}
          <div role="status">
            {parsed?.ok && parsed.doubtful && (
              <Banner tone="warn" className="mt-5" title={t('number.doubtful')}>
                {t('number.doubtfulNext')}
              </Banner>
            )}
          </div>
        </div>
        <p className="flex gap-2.5 text-text2">
          <Shield className="mt-0.5 shrink-0" />
          <span>
            {t.rich('why', {
              member: member.displayName,
              b: (words) => <strong className="font-medium text-text">{words}</strong>,
            })}
          </span>
        </p>
        {failure ? <FailureBanner error={failure.body} /> : send.isIdle && <RefusedSend flow={flow} />}
        <div className="flex flex-wrap gap-2">
          <Button
            variant="primary"
            size="form"
            type="submit"
            icon={<Send />}
            busy={send.isPending}
            busyLabel={t('sending')}
            unavailable={wait > 0}
          >
            {wait > 0 ? t('sendIn', { time: clockText(wait) }) : t('send')}
          </Button>
          <Link href={`/members/${member.id}`} className={buttonClass({ variant: 'quiet', size: 'form' })}>
            {t('cancel')}
          </Link>
        </div>
        {/* Below the button: it comes with the server's answer, and would move what is just being pressed. */}
        <div role="status">
          {check.data && check.data.usedBy.length > 0 && (
            <Banner tone="warn" title={usedByTitle(t, format, check.data.usedBy)}>
              {t('number.usedByNext')}
            </Banner>
          )}
        </div>
      </Form>
    </StepLayout>
  )
}

/** The exact value that goes to Alibaba Cloud, and what was tidied up on the way. */
function Preview({ number }: { number: ParsedNumber | null }) {
  const t = useTranslations('bind')
  return (
    <div className="flex min-h-16 flex-wrap items-center justify-between gap-x-4 gap-y-1 rounded-panel border border-line bg-canvas px-4 py-2.5">
      <div>
        <p className="text-caption text-text3">{t('preview.label')}</p>
        <p className="font-mono text-[1rem]/6">{number?.ok ? number.upstream : t('preview.none')}</p>
      </div>
      {number?.ok && number.tidied.length > 0 && (
        <ul className="text-small text-text2">
          {number.tidied.map((what) => (
            <li key={what}>{t(`preview.${what}`)}</li>
          ))}
        </ul>
      )}
    </div>
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
