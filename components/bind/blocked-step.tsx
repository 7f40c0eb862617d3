'use client'

import { ExternalLink, RefreshCw } from 'lucide-react'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { FailureBanner } from '@/components/form/failure-banner'
import { Banner } from '@/components/ui/banner'
import { Button } from '@/components/ui/button'
import { buttonClass } from '@/components/ui/button-class'
import { Card } from '@/components/ui/card'
import type { ErrorBody } from '@/lib/contract/errors'
import type { BindFlow } from '@/lib/contract/phone'
import { vendorConsole } from '@/lib/contract/site'
import { NextMember } from './next-member'
import { failureOf, useLookUpPhone } from './queries'
import { StepLayout } from './step-layout'

/** Nothing can be sent for this member: said before any send, with every way on. */
export function BlockedStep({ flow, refusal }: { flow: BindFlow; refusal: ErrorBody | null }) {
  const t = useTranslations('bind.blocked')
  const bind = useTranslations('bind')
  const { member, site } = flow
  const obstacle = flow.obstacle ?? 'status_unfit'
  const look = useLookUpPhone(member.id)
  const failure = failureOf(look.error)
  // Nothing here can change, unless a refusal just now says that it did: the way on is the next member.
  const nothingToDo = !refusal && (obstacle === 'already_bound' || obstacle === 'cloud_account')
  const goOn = nothingToDo && flow.next.length > 0
  return (
    <StepLayout
      title={t(`${obstacle}.title`, { member: member.displayName })}
      note={t(refusal ? 'noteRefused' : 'note')}
      side={<NextMember flow={flow} primary={goOn} />}
    >
      {refusal ? (
        <FailureBanner error={refusal}>
          {refusal.code === 'phone.already_bound' && <p>{t('elsewhere')}</p>}
        </FailureBanner>
      ) : (
        <Banner tone={obstacle === 'already_bound' ? 'info' : 'warn'} title={t(`${obstacle}.cause`)}>
          {t(`${obstacle}.next`)}
        </Banner>
      )}
      {failure && <FailureBanner error={failure.body} />}
      <Card>
        <ul className="divide-y divide-line">
          <li className="flex flex-wrap items-center justify-between gap-3 px-4 py-3">
            <div className="min-w-0">
              <p className="font-medium">{t('read')}</p>
              <p className="text-small text-text3">{t('readNote')}</p>
            </div>
            <Button
              variant={goOn ? 'secondary' : 'primary'}
              icon={<RefreshCw />}
              busy={look.isPending}
              busyLabel={bind('checks.reading')}
              onClick={() => look.mutate({ memberId: member.id })}
            >
              {t('readAct')}
            </Button>
          </li>
          <li className="flex flex-wrap items-center justify-between gap-3 px-4 py-3">
            <div className="min-w-0">
              <p className="font-medium">{t('vendor')}</p>
              <p className="text-small text-text3">{t('vendorNote')}</p>
            </div>
            <a
              href={vendorConsole[site]}
              target="_blank"
              rel="noreferrer"
              className={buttonClass({ variant: 'secondary' })}
            >
              <ExternalLink />
              {bind('openVendor')}
            </a>
          </li>
        </ul>
      </Card>
      <div>
        <Link href={`/members/${member.id}`} className={buttonClass({ variant: 'quiet', size: 'form' })}>
          {t('back', { member: member.displayName })}
        </Link>
      </div>
    </StepLayout>
  )
}
