'use client'

import { useFormatter } from 'next-intl'
import { Banner } from '@/components/ui/banner'
import { useOpenRequest } from '../frame/flow-context'

/** The act before this one had no answer, and enough time has passed to know that it did nothing. */
export function NotDone({
  title,
  body,
}: {
  title: string
  /** Of the times when the act went out and when it was looked up. */
  body: (times: { time: string; checkedAt: string }) => string
}) {
  const format = useFormatter()
  const request = useOpenRequest()
  if (request.state !== 'sent' || request.reconcileResult !== 'not_done') return null
  const time = (iso: string | null) => (iso ? format.dateTime(new Date(iso), 'second') : '')
  return (
    <Banner tone="info" title={title}>
      {body({ time: time(request.applyStartedAt), checkedAt: time(request.reconciledAt) })}
    </Banner>
  )
}
