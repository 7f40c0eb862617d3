'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { GitBranch } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { type UseFormReturn, useForm } from 'react-hook-form'
import type * as z from 'zod/mini'
import { useActForm } from '@/components/flow/act/act-form'
import { Review } from '@/components/flow/act/review'
import { CodeCard } from '@/components/flow/code/code-card'
import { CodeLayout } from '@/components/flow/code/code-layout'
import { DiscardCode } from '@/components/flow/code/discard'
import { SmsTips } from '@/components/flow/code/not-arrived'
import { LaterLink } from '@/components/flow/frame/links'
import { recipientClass, userOf } from '@/components/flow/request'
import { useEndToldHere } from '@/components/shell/use-end-told-here'
import { goTo } from '@/components/table/list-url'
import { AccountId } from '@/components/ui/account-id'
import { DescriptionRow } from '@/components/ui/description-list'
import type { CodeRequestView } from '@/lib/contract/code-flow'
import { EnableEntry, type EnableFlow } from '@/lib/contract/enable'
import { accountNameSuffix } from '@/lib/contract/enable-mode'
import { useNumberWords } from '@/lib/i18n/number-words'
import { useTranslations } from '@/lib/i18n/translations'
import { DryRun } from './dry-run'
import { enableHref } from './mode'
import { NameField } from './name-field'
import { useDiscardCode, useDryRun, useEnable, useSendCode } from './queries'
import type { Typed } from './typed'
import { TypedAccountId } from './typed-account-id'

/** Refusals after which this code has no use any more: they are told on the step that follows. */
const endings = new Set([
  'directory.exists',
  'directory.member_elsewhere',
  'account.type_unfit',
  'site.not_offered',
  'code.request_closed',
])

type CodeForm = UseFormReturn<z.input<typeof EnableEntry>, unknown, z.output<typeof EnableEntry>>

/** @param onType see the phone step */
export function CodeStep({
  flow,
  asOf,
  onType,
}: {
  flow: EnableFlow
  asOf: number
  onType: (part: Partial<Typed>) => void
}) {
  const t = useTranslations('enable')
  const { request, intent } = flow
  const discard = useDiscardCode()
  const numberWords = useNumberWords()
  const namePrefix = intent?.namePrefix ?? ''
  const form: CodeForm = useForm({
    defaultValues: { code: '', namePrefix, confirmation: '' },
    resolver: zodResolver(EnableEntry),
  })
  const asked = useRef(namePrefix)
  useEffect(() => {
    // The name that another operator's send is for takes the place of this one's, but not of what was corrected here.
    if (form.getValues('namePrefix') === asked.current) form.setValue('namePrefix', namePrefix)
    asked.current = namePrefix
  }, [form, namePrefix])
  if (!request) return null
  const recipient = numberWords(request, t('ownPhone'))
  return (
    <CodeLayout
      title={t('code.title')}
      step={3}
      note={
        <span translate="no" className="wrap-anywhere">
          {namePrefix + accountNameSuffix}
        </span>
      }
      request={request}
      recipient={recipient}
      tips={
        <>
          {!request.numberMasked && <li>{t('notArrived.own')}</li>}
          <SmsTips request={request} />
          <li>{t('notArrived.again')}</li>
        </>
      }
      today={t('sentToday', { count: flow.sentToday })}
      discard={
        <DiscardCode
          flow={flow}
          request={request}
          recipient={recipient}
          act={discard}
          input={{ requestId: request.id }}
        />
      }
    >
      <EnableCard
        key={request.id}
        flow={flow}
        request={request}
        recipient={recipient}
        asOf={asOf}
        form={form}
        onType={onType}
      />
    </CodeLayout>
  )
}

function EnableCard({
  flow,
  request,
  recipient,
  asOf,
  form,
  onType,
}: {
  flow: EnableFlow
  request: CodeRequestView
  recipient: string
  asOf: number
  form: CodeForm
  onType: (part: Partial<Typed>) => void
}) {
  const t = useTranslations('enable')
  const numberWords = useNumberWords()
  const { accountId, replaced } = flow
  const requestId = request.id
  const enable = useEnable()
  const trial = useDryRun()
  const send = useSendCode()
  const act = useActForm({
    form,
    fields: ['code', 'namePrefix', 'confirmation'],
    act: enable,
    toInput: (entry) => ({ requestId, ...entry }),
    endings,
    trial,
    request,
    asOf,
  })
  // Enabling ends this session before its answer is here.
  useEndToldHere(enable.isPending)
  // This card is of one code: what was typed of the one before is of no use.
  useEffect(() => form.resetField('code'), [form])

  return (
    <CodeCard
      flow={flow}
      request={request}
      recipient={recipient}
      recipientBefore={replaced && numberWords(replaced, t('ownPhone'))}
      asOf={asOf}
      act={act}
      verb={t('enable')}
      busyVerb={t('enabling')}
      icon={<GitBranch />}
      applying={t('enablingNow', userOf(flow))}
      notDone={{ title: t('notDone.title'), body: (times) => t('notDone.body', times) }}
      send={{ act: send, toInput: (once) => once }}
      change={{
        question: t('wrongNumber'),
        verb: t('changeNumber'),
        // The step that follows is the one of this way, also where the address did not name it.
        before: () => goTo(enableHref('new'), 'replace'),
      }}
      cost={t('againCost')}
      leave={<LaterLink href="/members" />}
    >
      <NameField onType={onType} />
      <DryRun
        act={act}
        trial={trial}
        toInput={() => {
          const [code, namePrefix] = form.getValues(['code', 'namePrefix'])
          return { requestId, code, namePrefix }
        }}
      />
      <Review title={t('confirm.review')} final={t('confirm.final.new')}>
        <DescriptionRow label={t('facts.mode')}>{t('mode.new')}</DescriptionRow>
        <DescriptionRow label={t('facts.phone')}>
          <span className={recipientClass(request)}>{recipient}</span>
        </DescriptionRow>
        <DescriptionRow label={t('facts.account')}>
          <AccountId id={accountId} />
        </DescriptionRow>
        <DescriptionRow label={t('facts.becomes')}>{t('role.new')}</DescriptionRow>
      </Review>
      <TypedAccountId accountId={accountId} />
    </CodeCard>
  )
}
