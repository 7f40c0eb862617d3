'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { ShieldCheck, TriangleAlert } from 'lucide-react'
import Link from 'next/link'
import { useFormatter, useTranslations } from 'next-intl'
import { useForm, useFormState } from 'react-hook-form'
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
import type { ErrorBody } from '@/lib/contract/errors'
import { type BindFlow, CodeEntry, type CodeRequestView } from '@/lib/contract/phone'
import { useErrorWords, useFieldWords } from '@/lib/i18n/error-words'
import { CodeLife } from './code-life'
import { NotArrived } from './not-arrived'
import { failureOf, useBindPhone, useChangeNumber, useSendCode } from './queries'
import { SendAgain } from './send-again'
import { StepLayout } from './step-layout'
import { ThisSend } from './this-send'
import { useCountdown } from './use-countdown'

type OnRefused = (error: ErrorBody | null) => void

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
          <NotArrived numberMasked={request.numberMasked} />
          <ThisSend flow={flow} request={request} />
        </>
      }
    >
      <CodeCard flow={flow} request={request} asOf={asOf} onRefused={onRefused} />
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
  const fieldWords = useFieldWords()
  const errorWords = useErrorWords()
  const { member } = flow
  const form = useForm<z.input<typeof CodeEntry>, unknown, z.output<typeof CodeEntry>>({
    defaultValues: { code: '' },
    resolver: zodResolver(CodeEntry),
  })
  const bind = useBindPhone(member.id)
  const send = useSendCode(member.id)
  const change = useChangeNumber(member.id)
  const left = useCountdown(request.secondsLeft, asOf)
  const over = request.triesLeft === 0
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
    if (bind.isPending || over) return
    bind.mutate(
      { memberId: member.id, requestId: request.id, code },
      {
        onError: (error) => {
          const body = failureOf(error)?.body ?? null
          onRefused(body)
          showFieldErrors(form, body, ['code'])
          form.setFocus('code', { shouldSelect: true })
        },
      },
    )
  }

  // What the server said of the code has words of its own, tries left included; a mistyped one has the field's.
  const wrong = codeError?.type === 'server' && codeFailure ? errorWords(codeFailure) : null
  const error = wrong ? `${wrong.cause} ${wrong.next}` : fieldWords(codeError?.message)

  return (
    <Card>
      <Form form={form} onSubmit={submit}>
        <CardBody className="grid gap-4">
          <SentLine flow={flow} request={request} />
          {over ? (
            <Banner
              tone="bad"
              role="alert"
              title={errorWords({ code: 'code.no_tries_left', params: { limit: 10 } }).cause}
            >
              {errorWords({ code: 'code.no_tries_left' }).next}
            </Banner>
          ) : (
            <Field label={t('code.label')} error={error} required>
              <CodeInput {...form.register('code')} autoFocus />
            </Field>
          )}
          <CodeLife request={request} secondsLeft={left} />
          <SendAgain
            flow={flow}
            request={request}
            asOf={asOf}
            send={send}
            change={change}
            primary={ranOut || over}
          />
        </CardBody>
        <CardDivider />
        <CardBody className="grid gap-4">
          <h2 className="text-h3">{t('review.title')}</h2>
          <DescriptionList>
            <DescriptionRow label={t('review.member')}>{member.displayName}</DescriptionRow>
            <DescriptionRow label={t('review.account')}>
              <AccountId id={member.id} />
            </DescriptionRow>
            <DescriptionRow label={t('review.phone')}>
              <span className="whitespace-nowrap tabular-nums">{request.numberMasked}</span>
            </DescriptionRow>
          </DescriptionList>
          <p className="flex gap-2.5 text-text2">
            <TriangleAlert className="mt-0.5 shrink-0 text-warnText" />
            {t('review.final')}
          </p>
          {failure && <FailureBanner error={failure.body} />}
          <div className="flex flex-wrap gap-2">
            {!over && (
              <Button
                variant={ranOut ? 'secondary' : 'primary'}
                size="form"
                type="submit"
                icon={<ShieldCheck />}
                busy={bind.isPending || request.state === 'applying'}
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

/** Where the code went, when and by whom; amber where nobody knows whether it went at all. */
function SentLine({ flow, request }: { flow: BindFlow; request: CodeRequestView }) {
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
    return (
      <Banner tone="info" role="status">
        {t.rich('code.sendingNow', values)}
      </Banner>
    )
  }
  if (request.sendOutcome === 'unknown') {
    return (
      <Banner tone="warn" role="status" title={t('code.unknownTitle')}>
        {t.rich('code.unknown', values)}
      </Banner>
    )
  }
  return (
    <p role="status" className="text-text2">
      {t.rich('code.accepted', values)}
    </p>
  )
}
