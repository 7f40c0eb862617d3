'use client'

import {
  CircleQuestionMark,
  Hourglass,
  RefreshCw,
  Search,
  Send,
  ShieldCheck,
  TriangleAlert,
} from 'lucide-react'
import { useFormatter } from 'next-intl'
import type { ReactNode } from 'react'
import { FailureBanner } from '@/components/form/failure-banner'
import { Badge, type BadgeTone } from '@/components/ui/badge'
import { Banner } from '@/components/ui/banner'
import { Button } from '@/components/ui/button'
import { Card, CardBody, CardHead } from '@/components/ui/card'
import { Timeline, TimelineItem } from '@/components/ui/timeline'
import { failureOf } from '@/lib/browser/call'
import { useTranslations } from '@/lib/i18n/translations'
import type { Act } from '../flow'
import { useOpenRequest } from '../frame/flow-context'
import { LaterLink, VendorLink } from '../frame/links'
import { StepLayout } from '../frame/step-layout'

interface Words {
  title: string
  /** What may or may not have happened, and that it is being checked. */
  body: string
  /** The operation, as the timeline names it. */
  sent: string
  /** What the latest, inconclusive reconciliation found. */
  notYet: string
}

/**
 * An operation with an unknown outcome: the state is read to reconcile it, and nothing is sent again.
 * @param vendor the page of the vendor's console that shows the state
 * @param outcomes see `PossibleOutcomes`
 * @param children next actions besides the reconciliation
 */
export function CheckingStep({
  reconcile,
  vendor,
  words: { title, body, sent, notYet },
  outcomes,
  children,
}: {
  reconcile: Act<object>
  vendor: string
  words: Words
  outcomes: { done: OutcomeWords; notDone: OutcomeWords }
  children?: ReactNode
}) {
  const t = useTranslations('flow.checking')
  const format = useFormatter()
  const request = useOpenRequest()
  const failure = failureOf(reconcile.error)
  const time = (iso: string) => format.dateTime(new Date(iso), 'second')
  // Another tab or operator is waiting for the response.
  const running = request.state === 'applying'
  return (
    <StepLayout title={title} note={t('note')} side={<PossibleOutcomes {...outcomes} />}>
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
            {request.reconciledAt && (
              <TimelineItem
                time={time(request.reconciledAt)}
                icon={<Search />}
                tone="idle"
                title={notYet}
                note={t(request.reconcileResult === 'not_reported' ? 'inconclusive' : 'tooEarly')}
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
          busy={reconcile.isPending}
          busyLabel={t('checkingNow')}
          onClick={() => reconcile.mutate({})}
        >
          {t('checkNow')}
        </Button>
        <VendorLink href={vendor} size="form" />
        {children}
        <LaterLink />
      </div>
    </StepLayout>
  )
}

interface OutcomeWords {
  name: string
  note: string
}

/** The possible outcomes of a reconciliation: done, not done, still unknown. */
function PossibleOutcomes({ done, notDone }: { done: OutcomeWords; notDone: OutcomeWords }) {
  const t = useTranslations('flow.outcomes')
  return (
    <Card aria-labelledby="outcomes">
      <CardHead id="outcomes" title={t('title')} />
      <CardBody className="grid gap-4 text-small text-text2">
        <Outcome tone="ok" icon={<ShieldCheck />} {...done} />
        <Outcome tone="warn" icon={<TriangleAlert />} {...notDone} />
        <Outcome tone="warn" icon={<CircleQuestionMark />} name={t('unknown')} note={t('unknownNote')} />
      </CardBody>
    </Card>
  )
}

function Outcome({ tone, icon, name, note }: OutcomeWords & { tone: BadgeTone; icon: ReactNode }) {
  return (
    <div className="grid justify-items-start gap-1.5">
      <Badge tone={tone} icon={icon}>
        {name}
      </Badge>
      <p>{note}</p>
    </div>
  )
}
