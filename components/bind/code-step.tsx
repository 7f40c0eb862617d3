'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { ShieldCheck, TriangleAlert } from 'lucide-react'
import Link from 'next/link'
import { useFormatter, useTranslations } from 'next-intl'
import { useEffect } from 'react'
import { type UseFormReturn, useForm, useFormState } from 'react-hook-form'
import type * as z from 'zod/mini'
import { FailureBanner } from '@/components/form/failure-banner'
import { Form, showFieldErrors } from '@/components/form/form'
import { AccountId } from '@/components/ui/account-id'
import { Banner } from '@/components/ui/banner'
import { Button } from '@/components/ui/button'
import { buttonClass } from '@/components/ui/button-class'
import { Card, CardBody, CardDivider } from '@/components/ui/card'
import { CodeInput } from '@/components/ui/code-input'
import { DescriptionList, DescriptionRow } from '@/components/ui/description-list'
import { Field } from '@/components/ui/field'
import { useHydrated } from '@/components/ui/use-hydrated'
import type { ErrorBody } from '@/lib/contract/errors'
import { type BindFlow, CodeEntry, type CodeRequestView } from '@/lib/contract/phone'
import { useErrorWords, useFieldWords } from '@/lib/i18n/error-words'
import { CodeLife } from './code-life'
import { useFlowMemory } from './flow-memory'
import { NotArrived } from './not-arrived'
import { failureOf, useBindPhone, useChangeNumber, useSendCode } from './queries'
import { RefusedSend } from './refused-send'
import { SendAgain } from './send-again'
import { StepLayout } from './step-layout'
import { ThisSend } from './this-send'
import { useCountdown } from './use-countdown'

type OnRefused = (error: ErrorBody | null) => void
type CodeForm = UseFormReturn<z.input<typeof CodeEntry>, unknown, z.output<typeof CodeEntry>>

/** Refusals after which this code has no use any more: they are told on the step that follows. */
const endings = new Set([
  'phone.already_bound',
  'member.is_cloud_account',
  'member.type_or_status_unfit',
  'member.not_in_directory',
  'member.not_found',
  'member.has_own_directory',
  'site.not_offered',
  'code.request_closed',
])

export function CodeStep({ flow, asOf, onRefused }: { flow: BindFlow; asOf: number; onRefused: OnRefused }) {
  const t = useTranslations('bind')
  const { member, request } = flow
  if (!request) return null
  return (
    <StepLayout
      title={t('code.title')}
      step={2}
      note={member.displayName}
      side={
        <>
          <NotArrived key={request.id} request={request} />
          <ThisSend flow={flow} request={request} />
        </>
      }
    >
      <CodeCard key={request.id} flow={flow} request={request} asOf={asOf} onRefused={onRefused} />
    </StepLayout>
  )
}

function CodeCard({
  flow,
  request,
  asOf,
  onRefused,
}: {
  flow: BindFlow
  request: CodeRequestView
  asOf: number
  onRefused: OnRefused
}) {
  const t = useTranslations('bind')
  const common = useTranslations('common')
  const fieldWords = useFieldWords()
  const errorWords = useErrorWords()
  const { member } = flow
  const form: CodeForm = useForm({
    defaultValues: { code: '' },
    resolver: zodResolver(CodeEntry),
  })
  const bind = useBindPhone(member.id)
  const send = useSendCode(member.id)
  const change = useChangeNumber(member.id)
  const left = useCountdown(request.secondsLeft, asOf)
  const over = request.triesLeft === 0
  const sending = request.state === 'sending'
  const applying = request.state === 'applying'
  const open = !over && !sending
  const ranOut = left !== null && left <= 0
  const bindFailure = failureOf(bind.error)
  const codeFailure = bindFailure?.body?.fields?.code !== undefined ? bindFailure.body : null
  const { errors } = useFormState({ control: form.control })
  const codeError = errors.code
  const failure = [
    codeFailure ? undefined : bindFailure,
    failureOf(send.error),
    failureOf(change.error),
  ].find(Boolean)

  function submit({ code }: z.output<typeof CodeEntry>) {
    if (bind.isPending || applying || !open) return
    onRefused(null)
    bind.mutate(
      { memberId: member.id, requestId: request.id, code },
      {
        onError: (error) => {
          const body = failureOf(error)?.body ?? null
          // What is about the code alone stays at its field.
          onRefused(body && !body.fields?.code && endings.has(body.code) ? body : null)
          showFieldErrors(form, body, ['code'])
          form.setFocus('code', { shouldSelect: true })
        },
      },
    )
  }

  // What the server said of the code has words of its own, tries left included; a mistyped one has the field's.
  const wrong = codeError?.type === 'server' && codeFailure ? errorWords(codeFailure) : null
  const saidExpired = wrong !== null && codeFailure?.code === 'code.expired'
  const error = wrong
    ? common('twoSentences', { first: wrong.cause, second: wrong.next })
    : fieldWords(codeError?.message)

  return (
    <Card>
      <Form form={form} onSubmit={submit}>
        <CardBody className="grid gap-4">
          <SentLine flow={flow} request={request} over={over} />
          {request.state === 'sent' && request.lookupResult === 'no_phone' && <NotBound request={request} />}
          {over && (
            <Banner
              tone="bad"
              role="alert"
              title={errorWords({ code: 'code.no_tries_left', params: { limit: 10 } }).cause}
            >
              {errorWords({ code: 'code.no_tries_left' }).next}
            </Banner>
          )}
          {open && <CodeField form={form} error={error} />}
          {open && !saidExpired && <CodeLife request={request} secondsLeft={left} />}
          {!applying && (
            <SendAgain
              flow={flow}
              request={request}
              asOf={asOf}
              send={send}
              change={change}
              primary={ranOut || over}
            />
          )}
        </CardBody>
        <CardDivider />
        <CardBody className="grid gap-4">
          {open && <Review flow={flow} request={request} />}
          {failure ? <FailureBanner error={failure.body} /> : send.isIdle && <RefusedSend flow={flow} />}
          <div className="flex flex-wrap gap-2">
            {open && (
              <Button
                variant={ranOut ? 'secondary' : 'primary'}
                size="form"
                type="submit"
                icon={<ShieldCheck />}
                busy={bind.isPending || applying}
                busyLabel={t('binding')}
              >
                {t('bind')}
              </Button>
            )}
            <Link href={`/members/${member.id}`} className={buttonClass({ variant: 'quiet', size: 'form' })}>
              {t('later')}
            </Link>
          </div>
        </CardBody>
      </Form>
    </Card>
  )
}

function CodeField({ form, error }: { form: CodeForm; error: string | undefined }) {
  const t = useTranslations('bind.code')
  const { notes } = useFlowMemory()
  const hydrated = useHydrated()
  useEffect(() => {
    if (!hydrated) return
    // A code that somebody else sent takes the focus from nothing.
    const wanted = notes.current.codeFieldNext || document.activeElement === document.body
    notes.current.codeFieldNext = false
    if (wanted) form.setFocus('code')
  }, [hydrated, notes, form])
  return (
    <Field label={t('label')} error={error} required>
      <CodeInput {...form.register('code')} />
    </Field>
  )
}

function Review({ flow: { member }, request }: { flow: BindFlow; request: CodeRequestView }) {
  const t = useTranslations('bind.review')
  return (
    <>
      <h2 className="text-h3">{t('title')}</h2>
      <DescriptionList>
        <DescriptionRow label={t('member')}>{member.displayName}</DescriptionRow>
        <DescriptionRow label={t('account')}>
          <AccountId id={member.id} />
        </DescriptionRow>
        <DescriptionRow label={t('phone')}>
          <span className="whitespace-nowrap tabular-nums">{request.numberMasked}</span>
        </DescriptionRow>
      </DescriptionList>
      <p className="flex gap-2.5 text-text2">
        <TriangleAlert className="mt-0.5 shrink-0 text-warnText" />
        {t('final')}
      </p>
    </>
  )
}

/** The bind before this one had no answer, and enough time has passed to know that it did nothing. */
function NotBound({ request }: { request: CodeRequestView }) {
  const t = useTranslations('bind.code')
  const format = useFormatter()
  const time = (iso: string | null) => (iso ? format.dateTime(new Date(iso), 'second') : '')
  return (
    <Banner tone="info" title={t('notBoundTitle')}>
      {t('notBound', { time: time(request.applyStartedAt), lookedUp: time(request.lookedUpAt) })}
    </Banner>
  )
}

/** Where the code went, when and by whom; amber where nobody knows whether it went at all. */
function SentLine({ flow, request, over }: { flow: BindFlow; request: CodeRequestView; over: boolean }) {
  const t = useTranslations('bind')
  const format = useFormatter()
  const at = format.dateTime(new Date(request.settledAt ?? request.startedAt), 'second')
  const values = {
    phone: request.numberMasked,
    time: at,
    count: flow.sendNumber,
    by: request.byYou ? 'you' : 'other',
    name: request.operatorName,
    b: (words: React.ReactNode) => (
      <strong className="font-medium whitespace-nowrap text-text tabular-nums">{words}</strong>
    ),
  }
  if (request.state === 'sending') {
    return <Banner tone="info">{t.rich('code.sendingNow', values)}</Banner>
  }
  if (request.state === 'applying') {
    const name = request.applyOperatorName ?? ''
    const by = name === flow.operatorName ? 'you' : 'other'
    return <Banner tone="info">{t('code.bindingNow', { by, name })}</Banner>
  }
  if (request.sendOutcome === 'unknown') {
    return (
      <Banner tone="warn" title={t('code.unknownTitle')}>
        {t.rich('code.unknown', values)}
      </Banner>
    )
  }
  return <p className="text-text2">{t.rich('code.accepted', { ...values, over: over ? 'yes' : 'no' })}</p>
}
