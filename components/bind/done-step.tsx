'use client'

import type { ComponentType } from 'react'
import { DoneLink } from '@/components/flow/frame/links'
import { isConfirmed, recipientClass } from '@/components/flow/request'
import { CliPanel } from '@/components/flow/result/cli-panel'
import { codePlaceholder, numberPlaceholder } from '@/components/flow/result/command'
import { ProofRows, ResultStep } from '@/components/flow/result/result-step'
import { Copyable } from '@/components/shell/copyable'
import { AccountId } from '@/components/ui/account-id'
import { DescriptionRow } from '@/components/ui/description-list'
import type { BindFlow } from '@/lib/contract/phone'
import { vendorParameters } from '@/lib/contract/vendor-calls'
import { useNumberWords } from '@/lib/i18n/number-words'
import { useTranslations } from '@/lib/i18n/translations'
import type { NextProps } from './next-member'

/**
 * Only an accepted response says "bound to this number"; a reconciliation shows only what it found.
 * @param Next see `NextMember`
 */
export function DoneStep({ flow, Next }: { flow: BindFlow; Next?: ComponentType<NextProps> }) {
  const t = useTranslations('bind')
  const numberWords = useNumberWords()
  const { member, request } = flow
  if (!request) return null
  const confirmed = isConfirmed(request)
  return (
    <ResultStep
      request={request}
      title={t(confirmed ? 'done.title' : 'done.foundTitle', { member: member.displayName })}
      found={{ why: t('done.foundWhy'), body: t('done.foundBody') }}
      side={Next && <Next flow={flow} />}
      foot={
        <>
          <Commands memberId={member.id} numberMasked={request.numberMasked ?? ''} />
          <DoneLink />
        </>
      }
    >
      <DescriptionRow label={t('facts.member')}>{member.displayName}</DescriptionRow>
      <DescriptionRow label={t('facts.account')}>
        <Copyable value={member.id} what={t('facts.account')}>
          <AccountId id={member.id} />
        </Copyable>
      </DescriptionRow>
      <DescriptionRow label={t(confirmed ? 'facts.phone' : 'done.phoneSent')}>
        <span className={recipientClass(request)}>{numberWords(request)}</span>
      </DescriptionRow>
      <ProofRows request={request} by={t('done.by')} applyId={t('done.bindRequestId')} />
    </ResultStep>
  )
}

/** The same two calls as commands. The number and the code are not stored, so placeholders replace them. */
function Commands({ memberId, numberMasked }: { memberId: string; numberMasked: string }) {
  const t = useTranslations('bind.commandLine')
  const flow = useTranslations('flow.commandLine')
  const target = { memberId, phone: numberPlaceholder(numberMasked) }
  return (
    <CliPanel
      note={t('note')}
      commands={[
        { name: flow('send'), call: 'sendBindCode', parameters: vendorParameters.sendBindCode(target) },
        {
          name: t('bind'),
          call: 'bindPhone',
          parameters: vendorParameters.bindPhone({ ...target, code: codePlaceholder }),
        },
      ]}
    />
  )
}
