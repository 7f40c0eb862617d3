'use client'

import { useFormatter } from 'next-intl'
import type { ReactNode } from 'react'
import { Banner } from '@/components/ui/banner'
import { useTranslations } from '@/lib/i18n/translations'
import { useFlowFrame, useOpenRequest } from '../frame/flow-context'
import { recipientClass } from '../request'

/**
 * Where the code was sent, when and by whom; a warning if it is unknown whether it was sent at all. If the
 * previous code was sent to someone else, that as well.
 * @param cost a sentence on what a second send may use up
 */
export function SentLine({ over, cost }: { over: boolean; cost: string }) {
  const t = useTranslations('flow.code')
  const format = useFormatter()
  const { flow, recipient } = useFlowFrame()
  const request = useOpenRequest()
  const values = {
    recipient: recipient.now,
    time: format.dateTime(new Date(request.settledAt ?? request.startedAt), 'second'),
    count: flow.sendNumber,
    by: request.byYou ? 'you' : 'other',
    name: request.operatorName,
    b: (words: ReactNode) => (
      <strong className={`font-medium text-text ${recipientClass(request)}`}>{words}</strong>
    ),
  }
  const { replaced } = flow
  const changed =
    replaced &&
    t('changed', {
      what: replaced.cenId === null ? 'number' : 'cen',
      cen: replaced.cenId ?? '',
      recipient: recipient.before ?? '',
      time: format.dateTime(new Date(replaced.at), 'second'),
      by: replaced.byYou ? 'you' : 'other',
      name: replaced.operatorName,
    })
  if (request.state === 'sending') {
    return <Banner tone="info">{t.rich('sendingNow', values)}</Banner>
  }
  if (request.sendOutcome === 'unknown') {
    return (
      <Banner tone="warn" title={t('unknownTitle')}>
        {t.rich('unknown', { ...values, cost })}
        {changed && <p className="mt-1">{changed}</p>}
      </Banner>
    )
  }
  return (
    <>
      <p className="text-text2">{t.rich('accepted', { ...values, over: over ? 'yes' : 'no' })}</p>
      {changed && <p className="text-text2">{changed}</p>}
    </>
  )
}
