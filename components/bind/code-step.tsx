'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { ShieldCheck } from 'lucide-react'
import { useForm } from 'react-hook-form'
import { useActForm } from '@/components/flow/act/act-form'
import { Review } from '@/components/flow/act/review'
import { CodeCard } from '@/components/flow/code/code-card'
import { CodeLayout } from '@/components/flow/code/code-layout'
import { SmsTips } from '@/components/flow/code/not-arrived'
import { useFlowFrame } from '@/components/flow/frame/flow-context'
import { recipientClass, userOf } from '@/components/flow/request'
import { AccountId } from '@/components/ui/account-id'
import { DescriptionRow } from '@/components/ui/description-list'
import { CodeEntry, type CodeRequestView } from '@/lib/contract/code-flow'
import type { BindFlow } from '@/lib/contract/phone'
import { useTranslations } from '@/lib/i18n/translations'
import { useBindPhone, useDiscardCode, useSendCode } from './queries'

export function CodeStep({ flow }: { flow: BindFlow }) {
  const t = useTranslations('bind')
  const { request, member } = flow
  const discard = useDiscardCode(member.id)
  if (!request) return null
  return (
    <CodeLayout
      note={member.displayName}
      tips={
        <>
          <SmsTips />
          <li>{t('notArrivedAgain')}</li>
        </>
      }
      today={t('sentToday', { count: flow.sentToday })}
      discard={discard}
    >
      <BindCard key={request.id} flow={flow} request={request} />
    </CodeLayout>
  )
}

function BindCard({ flow, request }: { flow: BindFlow; request: CodeRequestView }) {
  const t = useTranslations('bind')
  const { recipient } = useFlowFrame()
  const { id: memberId, displayName } = flow.member
  const act = useActForm({
    form: useForm({ defaultValues: { code: '' }, resolver: zodResolver(CodeEntry) }),
    fields: ['code'],
    act: useBindPhone(memberId),
    toInput: ({ code }) => ({ requestId: request.id, code }),
    request,
  })
  return (
    <CodeCard
      act={act}
      send={useSendCode(memberId)}
      verb={t('bind')}
      busyVerb={t('binding')}
      icon={<ShieldCheck />}
      words={{
        applying: t('bindingNow', userOf(flow)),
        notDone: { title: t('notBound.title'), body: (times) => t('notBound.body', times) },
        cost: t('againCost'),
        wrong: t('wrongNumber'),
        change: t('changeNumber'),
      }}
    >
      <Review title={t('review.title')} final={t('review.final')}>
        <DescriptionRow label={t('facts.member')}>{displayName}</DescriptionRow>
        <DescriptionRow label={t('facts.account')}>
          <AccountId id={memberId} />
        </DescriptionRow>
        <DescriptionRow label={t('facts.phone')}>
          <span className={recipientClass(request)}>{recipient.now}</span>
        </DescriptionRow>
      </Review>
    </CodeCard>
  )
}
