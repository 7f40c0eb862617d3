'use client'

import {
  CircleQuestionMark,
  ExternalLink,
  Hourglass,
  RefreshCw,
  Search,
  Send,
  ShieldCheck,
  TriangleAlert,
} from 'lucide-react'
import Link from 'next/link'
import { useFormatter, useTranslations } from 'next-intl'
import { FailureBanner } from '@/components/form/failure-banner'
import { Badge } from '@/components/ui/badge'
import { Banner } from '@/components/ui/banner'
import { Button } from '@/components/ui/button'
import { buttonClass } from '@/components/ui/button-class'
import { Card, CardBody, CardHead } from '@/components/ui/card'
import { Timeline, TimelineItem } from '@/components/ui/timeline'
import type { BindFlow } from '@/lib/contract/phone'
import { vendorConsole } from '@/lib/contract/site'
import { failureOf, useLookUpPhone } from './queries'
import { StepLayout } from './step-layout'

/** A bind whose outcome nobody knows: the member is looked up, nothing is sent again. */
export function CheckingStep({ flow }: { flow: BindFlow }) {
  const t = useTranslations('bind.checking')
  const bind = useTranslations('bind')
  const format = useFormatter()
  const { member, request, site } = flow
  const look = useLookUpPhone(member.id)
  const failure = failureOf(look.error)
  if (!request) return null
  const time = (iso: string) => format.dateTime(new Date(iso), 'second')
  return (
    <StepLayout title={t('title')} step={2} note={t('note')} side={<Endings />}>
      <Banner tone="warn" icon={<CircleQuestionMark />} title={t('why')}>
        {t('body', { phone: request.numberMasked, member: member.displayName })}
      </Banner>
      <Card aria-labelledby="looking">
        <CardHead id="looking" title={t('looking')} divided />
        <CardBody>
          <Timeline seconds>
            {request.applyStartedAt && (
              <TimelineItem
                time={time(request.applyStartedAt)}
                icon={<Send />}
                tone="idle"
                title={t('sent')}
                note={t('sentNote', { name: request.applyOperatorName ?? '' })}
              />
            )}
            {request.lookedUpAt && (
              <TimelineItem
                time={time(request.lookedUpAt)}
                icon={<Search />}
                tone="idle"
                title={t('noPhoneYet')}
                note={t('tooEarly')}
              />
            )}
            <TimelineItem time="" icon={<Hourglass />} tone="accent" title={t('next')} note={t('nextNote')} />
          </Timeline>
        </CardBody>
      </Card>
      {failure && <FailureBanner error={failure.body} />}
      <div className="flex flex-wrap gap-2">
        <Button
          variant="primary"
          size="form"
          icon={<RefreshCw />}
          busy={look.isPending}
          busyLabel={t('lookingNow')}
          onClick={() => look.mutate({ memberId: member.id })}
        >
          {t('lookNow')}
        </Button>
        <a
          href={vendorConsole[site]}
          target="_blank"
          rel="noreferrer"
          className={buttonClass({ variant: 'secondary', size: 'form' })}
        >
          {bind('openVendor')}
          <ExternalLink />
        </a>
        <Link href={`/members/${member.id}`} className={buttonClass({ variant: 'quiet', size: 'form' })}>
          {bind('later')}
        </Link>
      </div>
    </StepLayout>
  )
}

function Endings() {
  const t = useTranslations('bind.endings')
  return (
    <Card aria-labelledby="endings">
      <CardHead id="endings" title={t('title')} />
      <CardBody className="grid gap-4 text-small text-text2">
        <div className="grid justify-items-start gap-1.5">
          <Badge tone="ok" icon={<ShieldCheck />}>
            {t('bound')}
          </Badge>
          <p>{t('boundNote')}</p>
        </div>
        <div className="grid justify-items-start gap-1.5">
          <Badge tone="warn" icon={<TriangleAlert />}>
            {t('notBound')}
          </Badge>
          <p>{t('notBoundNote')}</p>
        </div>
        <div className="grid justify-items-start gap-1.5">
          <Badge tone="warn" icon={<CircleQuestionMark />}>
            {t('unknown')}
          </Badge>
          <p>{t('unknownNote')}</p>
        </div>
      </CardBody>
    </Card>
  )
}
