'use client'

import { useFormatter } from 'next-intl'
import { Banner } from '@/components/ui/banner'
import { useOpenRequest } from '../frame/flow-context'

/** The previous operation got no response, and enough time has passed to know that it did nothing. */
export function NotDone({
  title,
  body,
}: {
  title: string
  /** Takes the times when the operation was sent and when it was reconciled. */
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
