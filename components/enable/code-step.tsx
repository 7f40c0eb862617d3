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
import { SmsTips } from '@/components/flow/code/not-arrived'
import { useFlowFrame } from '@/components/flow/frame/flow-context'
import { recipientClass, userOf } from '@/components/flow/request'
import { goTo } from '@/components/table/list-url'
import { AccountId } from '@/components/ui/account-id'
import { DescriptionRow } from '@/components/ui/description-list'
import type { CodeRequestView } from '@/lib/contract/code-flow'
import { EnableEntry, type EnableFlow } from '@/lib/contract/enable'
import { accountNameSuffix } from '@/lib/contract/enable-mode'
import { useTranslations } from '@/lib/i18n/translations'
import { DryRun } from './dry-run'
import { enableHref } from './mode'
import { NameField } from './name-field'
import { useDiscardCode, useDryRun, useEnable, useSendCode } from './queries'
import type { Typed } from './typed'
import { TypedAccountId } from './typed-account-id'

type CodeForm = UseFormReturn<z.input<typeof EnableEntry>, unknown, z.output<typeof EnableEntry>>

/** @param onType keeps what is typed for the other steps */
export function CodeStep({ flow, onType }: { flow: EnableFlow; onType: (part: Partial<Typed>) => void }) {
  const t = useTranslations('enable')
  const { request, intent } = flow
  const discard = useDiscardCode()
  const namePrefix = intent?.namePrefix ?? ''
  const form: CodeForm = useForm({
    defaultValues: { code: '', namePrefix, confirmation: '' },
    resolver: zodResolver(EnableEntry),
  })
  const asked = useRef(namePrefix)
  useEffect(() => {
    // If another operator sends a code for a different name, that name is shown, unless the name was edited
    // here.
    if (form.getValues('namePrefix') === asked.current) form.setValue('namePrefix', namePrefix)
    asked.current = namePrefix
  }, [form, namePrefix])
  if (!request) return null
  return (
    <CodeLayout
      title={t('code.title')}
      note={
        <span translate="no" className="wrap-anywhere">
          {namePrefix + accountNameSuffix}
        </span>
      }
      tips={
        <>
          {!request.numberMasked && <li>{t('notArrived.own')}</li>}
          <SmsTips />
          <li>{t('notArrived.again')}</li>
        </>
      }
      today={t('sentToday', { count: flow.sentToday })}
      discard={discard}
    >
      <EnableCard key={request.id} flow={flow} request={request} form={form} onType={onType} />
    </CodeLayout>
  )
}

function EnableCard({
  flow,
  request,
  form,
  onType,
}: {
  flow: EnableFlow
  request: CodeRequestView
  form: CodeForm
  onType: (part: Partial<Typed>) => void
}) {
  const t = useTranslations('enable')
  const { recipient } = useFlowFrame()
  const { accountId } = flow
  const requestId = request.id
  const dryRun = useDryRun()
  const act = useActForm({
    form,
    fields: ['code', 'namePrefix', 'confirmation'],
    act: useEnable(),
    toInput: (entry) => ({ requestId, ...entry }),
    check: dryRun,
    request,
  })
  // The card is for one code: what was typed for the previous one is no longer valid.
  useEffect(() => form.resetField('code'), [form])

  return (
    <CodeCard
      act={act}
      send={useSendCode()}
      verb={t('enable')}
      busyVerb={t('enabling')}
      icon={<GitBranch />}
      words={{
        applying: t('enablingNow', userOf(flow)),
        notDone: { title: t('notDone.title'), body: (times) => t('notDone.body', times) },
        cost: t('againCost'),
        wrong: t('wrongNumber'),
        change: t('changeNumber'),
      }}
      // The next step must be that of this mode, even if the URL did not name it.
      beforeChange={() => goTo(enableHref('new'), 'replace')}
    >
      <NameField onType={onType} />
      <DryRun
        dryRun={dryRun}
        toInput={() => {
          const [code, namePrefix] = form.getValues(['code', 'namePrefix'])
          return { requestId, code, namePrefix }
        }}
      />
      <Review title={t('confirm.review')} final={t('confirm.final.new')}>
        <DescriptionRow label={t('facts.mode')}>{t('mode.new')}</DescriptionRow>
        <DescriptionRow label={t('facts.phone')}>
          <span className={recipientClass(request)}>{recipient.now}</span>
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
