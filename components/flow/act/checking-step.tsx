'use client'

import { CircleQuestionMark, Hourglass, RefreshCw, Search, Send } from 'lucide-react'
import { useFormatter } from 'next-intl'
import type { ReactNode } from 'react'
import { FailureBanner } from '@/components/form/failure-banner'
import { Banner } from '@/components/ui/banner'
import { Button } from '@/components/ui/button'
import { Card, CardBody, CardHead } from '@/components/ui/card'
import { Timeline, TimelineItem } from '@/components/ui/timeline'
import { failureOf } from '@/lib/browser/call'
import type { CodeRequestView } from '@/lib/contract/code-flow'
import { useTranslations } from '@/lib/i18n/translations'
import type { Act } from '../flow'
import { StepLayout } from '../frame/step-layout'

/**
 * An act whose outcome nobody knows: the state is looked up, nothing is sent again.
 * @param body what may or may not have happened, and that it is looked up
 * @param sent the act, as the time line names it
 * @param notYet what the latest look-up found, which did not settle it
 * @param look and its input
 * @param endings see `Endings`
 * @param children ways on beside the look-up
 */
export function CheckingStep<V>({
  request,
  title,
  step,
  body,
  sent,
  notYet,
  look,
  input,
  endings,
  children,
}: {
  request: CodeRequestView
  title: string
  step: number
  body: string
  sent: string
  notYet: string
  look: Act<V>
  input: V
  endings: ReactNode
  children: ReactNode
}) {
  const t = useTranslations('flow.checking')
  const format = useFormatter()
  const failure = failureOf(look.error)
  const time = (iso: string) => format.dateTime(new Date(iso), 'second')
  // Another tab or operator waits for its answer.
  const running = request.state === 'applying'
  return (
    <StepLayout title={title} step={step} note={t('note')} side={endings}>
      {running ? (
        <Banner tone="info" icon={<Hourglass />} title={t('running')}>
          {body}
        </Banner>
      ) : (
        <Banner tone="warn" icon={<CircleQuestionMark />} title={t('why')}>
          {body}
        </Banner>
      )}
      <Card aria-labelledby="looking">
        <CardHead id="looking" title={t('looking')} divided />
        <CardBody>
          <Timeline seconds>
            {request.applyStartedAt && (
              <TimelineItem
                time={time(request.applyStartedAt)}
                icon={<Send />}
                tone="idle"
                title={sent}
                note={t(running ? 'runningNote' : 'sentNote', { name: request.applyOperatorName ?? '' })}
              />
            )}
            {request.lookedUpAt && (
              <TimelineItem
                time={time(request.lookedUpAt)}
                icon={<Search />}
                tone="idle"
                title={notYet}
                note={t(request.lookupResult === 'not_reported' ? 'inconclusive' : 'tooEarly')}
              />
            )}
            <TimelineItem time="" icon={<Hourglass />} tone="accent" title={t('next')} note={t('nextNote')} />
          </Timeline>
        </CardBody>
      </Card>
      {failure && <FailureBanner error={failure} />}
      <div className="flex flex-wrap gap-2">
        <Button
          variant="primary"
          size="form"
          icon={<RefreshCw />}
          busy={look.isPending}
          busyLabel={t('lookingNow')}
          onClick={() => look.mutate(input)}
        >
          {t('lookNow')}
        </Button>
        {children}
      </div>
    </StepLayout>
  )
}
