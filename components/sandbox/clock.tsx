'use client'

import { useFormatter } from 'next-intl'
import { FailureBanner } from '@/components/form/failure-banner'
import { Button } from '@/components/ui/button'
import { Card, CardBody, CardHead } from '@/components/ui/card'
import { failureOf } from '@/lib/browser/call'
import { useTranslations } from '@/lib/i18n/translations'
import { useAdvanceClock, useSandboxTime } from './queries'

const steps = { minute: 60, quarter: 900, hour: 3600, day: 86_400 } as const

/** Lets codes, tokens and daily limits expire without waiting. */
export function Clock({ now, offsetSeconds }: { now: string; offsetSeconds: number }) {
  const t = useTranslations('sandbox.clock')
  const format = useFormatter()
  const time = useSandboxTime(now)
  const advance = useAdvanceClock()
  return (
    <Card aria-labelledby="clock">
      <CardHead
        id="clock"
        title={t('title')}
        end={<time className="text-body text-text2">{format.dateTime(time, 'proof')}</time>}
      />
      <CardBody className="grid gap-3">
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would bring a legend that nobody needs to see */}
        <div role="group" aria-label={t('advance')} className="grid grid-cols-2 gap-1.5 sm:grid-cols-4">
          {Object.entries(steps).map(([step, seconds]) => (
            <Button
              key={step}
              busy={advance.isPending && advance.variables === seconds}
              onClick={() => advance.mutate(seconds)}
              className="px-1 tabular-nums"
            >
              {t(step as keyof typeof steps)}
            </Button>
          ))}
        </div>
        <p aria-live="polite" className="text-small text-text2">
          {offsetSeconds === 0 ? t('real') : t('ahead', parts(offsetSeconds))}
        </p>
        <p className="text-small text-text3">{t('hint')}</p>
        {advance.error && <FailureBanner error={failureOf(advance.error)} />}
      </CardBody>
    </Card>
  )
}

function parts(seconds: number) {
  const minutes = Math.floor(seconds / 60)
  return { days: Math.floor(minutes / 1440), hours: Math.floor(minutes / 60) % 24, minutes: minutes % 60 }
}
