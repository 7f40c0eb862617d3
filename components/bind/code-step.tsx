'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { ShieldCheck } from 'lucide-react'
import { useForm } from 'react-hook-form'
import { useActForm } from '@/components/flow/act/act-form'
import { Review } from '@/components/flow/act/review'
import { CodeCard } from '@/components/flow/code/code-card'
import { CodeLayout } from '@/components/flow/code/code-layout'
import { DiscardCode } from '@/components/flow/code/discard'
import { SmsTips } from '@/components/flow/code/not-arrived'
import { LaterLink } from '@/components/flow/frame/links'
import { recipientClass, userOf } from '@/components/flow/request'
import { AccountId } from '@/components/ui/account-id'
import { DescriptionRow } from '@/components/ui/description-list'
import { CodeEntry, type CodeRequestView } from '@/lib/contract/code-flow'
import type { BindFlow } from '@/lib/contract/phone'
import { useNumberWords } from '@/lib/i18n/number-words'
import { useTranslations } from '@/lib/i18n/translations'
import { useBindPhone, useDiscardCode, useSendCode } from './queries'

/** Refusals after which this code has no use any more: they are told on the step that follows. */
const endings = new Set([
  'phone.already_bound',
  'member.is_cloud_account',
  'member.type_or_status_unfit',
  'member.not_in_directory',
  'member.not_found',
  'member.has_own_directory',
  'site.not_offered',
  'code.request_closed',
])

export function CodeStep({ flow, asOf }: { flow: BindFlow; asOf: number }) {
  const t = useTranslations('bind')
  const { request, member } = flow
  const discard = useDiscardCode(member.id)
  const numberWords = useNumberWords()
  if (!request) return null
  const recipient = numberWords(request)
  return (
    <CodeLayout
      step={2}
      note={member.displayName}
      request={request}
      recipient={recipient}
      tips={
        <>
          <SmsTips request={request} />
          <li>{t('notArrivedAgain')}</li>
        </>
      }
      today={t('sentToday', { count: flow.sentToday })}
      discard={
        <DiscardCode
          flow={flow}
          request={request}
          recipient={recipient}
          act={discard}
          input={{ memberId: member.id, requestId: request.id }}
        />
      }
    >
      <BindCard key={request.id} flow={flow} request={request} asOf={asOf} />
    </CodeLayout>
  )
}

function BindCard({ flow, request, asOf }: { flow: BindFlow; request: CodeRequestView; asOf: number }) {
  const t = useTranslations('bind')
  const numberWords = useNumberWords()
  const { member, replaced } = flow
  const [memberId, requestId, phone] = [member.id, request.id, numberWords(request)]
  const bind = useBindPhone(memberId)
  const send = useSendCode(memberId)
  const form = useForm({ defaultValues: { code: '' }, resolver: zodResolver(CodeEntry) })
  const act = useActForm({
    form,
    fields: ['code'],
    act: bind,
    toInput: ({ code }) => ({ memberId, requestId, code }),
    endings,
    request,
    asOf,
  })
  return (
    <CodeCard
      flow={flow}
      request={request}
      recipient={phone}
      recipientBefore={replaced && numberWords(replaced)}
      asOf={asOf}
      act={act}
      verb={t('bind')}
      busyVerb={t('binding')}
      icon={<ShieldCheck />}
      applying={t('bindingNow', userOf(flow))}
      notDone={{ title: t('notBound.title'), body: (times) => t('notBound.body', times) }}
      send={{ act: send, toInput: (once) => ({ memberId, ...once }) }}
      change={{ question: t('wrongNumber'), verb: t('changeNumber') }}
      cost={t('againCost')}
      leave={<LaterLink href={`/members/${memberId}`} />}
    >
      <Review title={t('review.title')} final={t('review.final')}>
        <DescriptionRow label={t('facts.member')}>{member.displayName}</DescriptionRow>
        <DescriptionRow label={t('facts.account')}>
          <AccountId id={memberId} />
        </DescriptionRow>
        <DescriptionRow label={t('facts.phone')}>
          <span className={recipientClass(request)}>{phone}</span>
        </DescriptionRow>
      </Review>
    </CodeCard>
  )
}
