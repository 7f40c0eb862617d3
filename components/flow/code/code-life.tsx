'use client'

import { useFormatter } from 'next-intl'
import { CountdownBar } from '@/components/ui/countdown-bar'
import { useTranslations } from '@/lib/i18n/translations'
import { clockText } from '../frame/countdown'
import { useOpenRequest } from '../frame/flow-context'

/** Counts down only to an expiry that Alibaba Cloud returned; otherwise says that the expiry is unknown. */
export function CodeLife({ secondsLeft }: { secondsLeft: number | null }) {
  const t = useTranslations('flow.life')
  const format = useFormatter()
  const request = useOpenRequest()
  if (request.state === 'sending') return null
  if (secondsLeft === null || request.expiresAt === null)
    return <p className="text-small text-text3">{t('unknown')}</p>
  const time = format.dateTime(new Date(request.expiresAt), 'second')
  if (secondsLeft <= 0) {
    return <p className="font-medium text-warnText tabular-nums">{t('expired', { time })}</p>
  }
  return (
    <CountdownBar
      secondsLeft={secondsLeft}
      secondsTotal={request.secondsTotal ?? secondsLeft}
      left={clockText(secondsLeft)}
      until={t('until', { time })}
    />
  )
}
