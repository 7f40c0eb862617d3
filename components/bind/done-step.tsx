'use client'

import { ShieldCheck } from 'lucide-react'
import Link from 'next/link'
import { useFormatter, useTranslations } from 'next-intl'
import { AccountId } from '@/components/ui/account-id'
import { Banner } from '@/components/ui/banner'
import { buttonClass } from '@/components/ui/button-class'
import { Card, CardBody } from '@/components/ui/card'
import { CopyButton } from '@/components/ui/copy-button'
import { DescriptionList, DescriptionRow } from '@/components/ui/description-list'
import type { BindFlow } from '@/lib/contract/phone'
import { CliPanel } from './cli-panel'
import { NextMember } from './next-member'
import { StepLayout } from './step-layout'
import { RequestId } from './this-send'

/** The proof. Only an accepted answer says "bound to this number"; a look-up says no more than it found. */
export function DoneStep({ flow }: { flow: BindFlow }) {
  const t = useTranslations('bind.done')
  const common = useTranslations('common')
  const format = useFormatter()
  const { member, request } = flow
  if (!request) return null
  const confirmed = request.applyRequestId !== null
  const at = request.applySettledAt ?? request.lookedUpAt ?? request.startedAt
  const time = format.dateTime(new Date(at), 'proof')
  return (
    <StepLayout
      icon={
        <span className="grid size-9 shrink-0 place-items-center rounded-full bg-okSoft text-okText">
          <ShieldCheck className="size-5" />
        </span>
      }
      title={t(confirmed ? 'title' : 'foundTitle', { member: member.displayName })}
      note={t(confirmed ? 'note' : 'foundNote', { time })}
      side={<NextMember flow={flow} />}
    >
      {!confirmed && (
        <Banner tone="info" title={t('foundWhy')}>
          {t('foundBody')}
        </Banner>
      )}
      <Card>
        <CardBody>
          <DescriptionList>
            <DescriptionRow label={t('member')}>{member.displayName}</DescriptionRow>
            <DescriptionRow label={t('account')}>
              <span className="inline-flex items-center gap-1.5">
                <AccountId id={member.id} />
                <CopyButton
                  value={member.id}
                  label={common('copyValue', { what: t('account') })}
                  copiedLabel={common('copied')}
                  failedLabel={common('copyFailed')}
                />
              </span>
            </DescriptionRow>
            <DescriptionRow label={t(confirmed ? 'phone' : 'phoneSent')}>
              <span className="whitespace-nowrap tabular-nums">{request.numberMasked}</span>
            </DescriptionRow>
            <DescriptionRow label={t(confirmed ? 'by' : 'askedBy')}>
              {request.applyOperatorName ?? request.operatorName}
            </DescriptionRow>
            <DescriptionRow label={t('sendRequestId')}>
              {request.sendRequestId ? <RequestId id={request.sendRequestId} /> : t('noRequestId')}
            </DescriptionRow>
            <DescriptionRow label={t('bindRequestId')}>
              {request.applyRequestId ? <RequestId id={request.applyRequestId} /> : t('noRequestId')}
            </DescriptionRow>
          </DescriptionList>
        </CardBody>
      </Card>
      <CliPanel memberId={member.id} numberMasked={request.numberMasked} />
      <div>
        <Link href={`/members/${member.id}`} className={buttonClass({ variant: 'secondary', size: 'form' })}>
          {t('open', { member: member.displayName })}
        </Link>
      </div>
    </StepLayout>
  )
}
