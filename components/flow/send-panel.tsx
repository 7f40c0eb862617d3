'use client'

import { useFormatter, useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { Banner } from '@/components/ui/banner'
import type { CodeRequestView } from '@/lib/contract/code-flow'
import { useErrorWords } from '@/lib/i18n/error-words'
import type { ActState } from './act-form'
import { CodeField, useCodeRefusal } from './code-field'
import { CodeLife } from './code-life'
import type { AnyFlow } from './queries'

/** Of which the last send has at most so many wrong codes. */
const limit = 10

/**
 * Where the code went and how it stands: the field for it, its life, and (as children) the ways to another one.
 * @param recipient in words that fit into a sentence: a masked number, or whose phone or mailbox it is
 * @param applying what is said while the act is under way: see `applierOf`
 * @param notDone an act before this one had no answer: see `NotDone`
 */
export function SendPanel({
  flow,
  request,
  recipient,
  act,
  applying,
  notDone,
  children,
}: {
  flow: AnyFlow
  request: CodeRequestView
  recipient: string
  act: ActState
  applying: string
  notDone?: ReactNode
  children: ReactNode
}) {
  const errorWords = useErrorWords()
  const saidExpired = useCodeRefusal(act.told)?.code === 'code.expired'
  return (
    <>
      {act.applying ? (
        <Banner tone="info">{applying}</Banner>
      ) : (
        <SentLine flow={flow} request={request} recipient={recipient} over={act.over} />
      )}
      {notDone}
      {act.over && (
        <Banner
          tone="bad"
          role="alert"
          title={errorWords({ code: 'code.no_tries_left', params: { limit } }).cause}
        >
          {errorWords({ code: 'code.no_tries_left' }).next}
        </Banner>
      )}
      {act.open && <CodeField told={act.told} />}
      {act.open && !saidExpired && <CodeLife request={request} secondsLeft={act.left} />}
      {!act.applying && children}
    </>
  )
}

/** Who carries the act out right now, for the words that say so. */
export function applierOf({ operatorName, request }: AnyFlow): { by: 'you' | 'other'; name: string } {
  const name = request?.applyOperatorName ?? ''
  return { by: name === operatorName ? 'you' : 'other', name }
}

/** Where the code went, when and by whom; amber where nobody knows whether it went at all. */
function SentLine({
  flow,
  request,
  recipient,
  over,
}: {
  flow: AnyFlow
  request: CodeRequestView
  recipient: string
  over: boolean
}) {
  const t = useTranslations('flow.code')
  const format = useFormatter()
  const values = {
    recipient,
    time: format.dateTime(new Date(request.settledAt ?? request.startedAt), 'second'),
    count: flow.sendNumber,
    by: request.byYou ? 'you' : 'other',
    name: request.operatorName,
    b: (words: ReactNode) => (
      <strong
        className={`font-medium text-text tabular-nums ${request.numberMasked ? 'whitespace-nowrap' : ''}`}
      >
        {words}
      </strong>
    ),
  }
  if (request.state === 'sending') {
    return <Banner tone="info">{t.rich('sendingNow', values)}</Banner>
  }
  if (request.sendOutcome === 'unknown') {
    return (
      <Banner tone="warn" title={t('unknownTitle')}>
        {t.rich('unknown', values)}
      </Banner>
    )
  }
  return <p className="text-text2">{t.rich('accepted', { ...values, over: over ? 'yes' : 'no' })}</p>
}
