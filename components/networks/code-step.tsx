'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { Waypoints } from 'lucide-react'
import { useState } from 'react'
import { useForm } from 'react-hook-form'
import type * as z from 'zod/mini'
import { useActForm } from '@/components/flow/act/act-form'
import { Review } from '@/components/flow/act/review'
import { RunCheck } from '@/components/flow/act/run-check'
import { CodeCard } from '@/components/flow/code/code-card'
import { CodeLayout } from '@/components/flow/code/code-layout'
import { SmsTips } from '@/components/flow/code/not-arrived'
import { userOf } from '@/components/flow/request'
import { CodeEntry, type CodeRequestView } from '@/lib/contract/code-flow'
import { useTranslations } from '@/lib/i18n/translations'
import { CheckAnswer, CheckDetails, wrongCodeOf } from './cen-check'
import { CenFacts, NetworkFacts } from './facts'
import { OverlapDialog, useOverlaps } from './overlap'
import { OwnerWords } from './owner-words'
import { useAttach, useCheckCen, useDiscardCenRequest, useSendCenCode } from './queries'
import type { Asker, CrossAccountValues, StepProps } from './step'

const fields = ['code'] as const

/** The code that was sent to the owner of another account's CEN, who passes it on to the operator. */
export function CodeStep({ flow, regionName, asker }: StepProps & { asker: Asker }) {
  const t = useTranslations('attach')
  const { request, intent, network, site } = flow
  const discard = useDiscardCenRequest({ region: network.region, networkId: network.id })
  if (!request || !intent?.ownerId) return null
  const cen = { cenId: intent.cenId, ownerId: intent.ownerId }
  return (
    <CodeLayout
      note={t('code.note', { name: network.name || network.id, region: regionName })}
      helper={<OwnerWords flow={flow} regionName={regionName} asker={asker} {...cen} />}
      tips={
        <>
          <li>{t('code.ids')}</li>
          {site === 'china' ? <SmsTips /> : <li>{t('code.mailbox')}</li>}
          <li>{t('code.again')}</li>
        </>
      }
      today={t('code.today', { count: flow.sentToday })}
      discard={discard}
    >
      <AttachCard key={request.id} flow={flow} regionName={regionName} request={request} cen={cen} />
    </CodeLayout>
  )
}

function AttachCard({
  flow,
  regionName,
  request,
  cen,
}: StepProps & { request: CodeRequestView; cen: CrossAccountValues }) {
  const t = useTranslations('attach')
  const { network } = flow
  const at = { region: network.region, networkId: network.id }
  const requestId = request.id
  const check = useCheckCen(at)
  const form = useForm({ defaultValues: { code: '' }, resolver: zodResolver(CodeEntry) })
  const act = useActForm({
    form,
    fields,
    act: useAttach(at),
    toInput: ({ code }) => ({ requestId, code }),
    check,
    request,
  })
  const overlaps = useOverlaps(cen.cenId, check)
  const [asked, setAsked] = useState<z.output<typeof CodeEntry> | null>(null)
  const asksFirst = overlaps !== null && act.open && !act.busy && !act.held
  return (
    <CodeCard
      act={{ ...act, submit: (entry) => (asksFirst ? setAsked(entry) : act.submit(entry)) }}
      send={useSendCenCode(at)}
      verb={t('attachVerb')}
      busyVerb={t('attaching')}
      icon={<Waypoints />}
      words={{
        applying: t('code.applying', userOf(flow)),
        notDone: { title: t('code.notDone'), body: (times) => t('code.notDoneBody', times) },
        cost: t('code.againCost'),
        wrong: t('code.wrong'),
        change: t('code.change'),
      }}
    >
      <RunCheck
        check={check}
        fields={fields}
        toInput={() => ({ requestId, code: form.getValues('code') })}
        words={{ verb: t('check.verb'), busy: t('check.busy'), note: t('check.noteWithCode') }}
        wrongCode={wrongCodeOf}
        details={(answer) => <CheckDetails answer={answer} />}
      >
        {(answer) => <CheckAnswer answer={answer} range={network.cidrBlock} requiresCode />}
      </RunCheck>
      <Review title={t('review.title')} final={t('review.final')}>
        <NetworkFacts network={network} regionName={regionName} />
        <CenFacts {...cen} />
      </Review>
      {overlaps && (
        <OverlapDialog
          open={asked !== null}
          onOpenChange={(open) => open || setAsked(null)}
          onConfirm={() => {
            setAsked(null)
            if (asked) act.submit(asked)
          }}
          network={network}
          overlaps={overlaps}
        />
      )}
    </CodeCard>
  )
}
