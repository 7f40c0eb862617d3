'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { Waypoints } from 'lucide-react'
import { useState } from 'react'
import { useForm } from 'react-hook-form'
import type * as z from 'zod/mini'
import { useActForm } from '@/components/flow/act-form'
import { CodeCard } from '@/components/flow/code-card'
import { CodeLayout } from '@/components/flow/code-layout'
import { DiscardCode } from '@/components/flow/discard'
import { LaterLink } from '@/components/flow/links'
import { SmsTips } from '@/components/flow/not-arrived'
import { userOf } from '@/components/flow/request'
import { Review } from '@/components/flow/review'
import { Trial } from '@/components/flow/trial'
import { CodeEntry, type CodeRequestView } from '@/lib/contract/code-flow'
import { useTranslations } from '@/lib/i18n/translations'
import type { StepProps } from './attach-screen'
import { CheckAnswer, CheckDetails, wrongCodeOf } from './cen-check'
import type { ForeignValues } from './choose-step'
import { CenFacts, NetworkFacts } from './facts'
import { networksHref } from './networks-href'
import { OverlapDialog, useOverlaps } from './overlap'
import { grouped } from './owner-id'
import { OwnerWords } from './owner-words'
import { useAttach, useCheckCen, useDiscardCenRequest, useSendCenCode } from './queries'

/** Refusals after which this code has no use any more: they are told on the step that follows. */
const endings = new Set([
  'network.attached',
  'network.not_ready',
  'network.unfit',
  'network.not_found',
  'cen.owner_wrong',
  'cen.not_found',
  'code.request_closed',
])

const fields = ['code'] as const

/** The code that the owner of another account's CEN was sent, and reads to the operator. */
export function CodeStep({ flow, asOf, regionName }: StepProps) {
  const t = useTranslations('attach')
  const { request, intent, network, site } = flow
  const at = { region: network.region, networkId: network.id }
  const discard = useDiscardCenRequest(at)
  if (!request || !intent?.ownerId) return null
  const { cenId, ownerId } = intent
  const recipient = t(`recipient.${site}`, { owner: grouped(ownerId) })
  return (
    <CodeLayout
      step={2}
      note={t('code.note', { name: network.name || network.id, region: regionName })}
      request={request}
      recipient={recipient}
      helper={<OwnerWords network={network} regionName={regionName} cenId={cenId} ownerId={ownerId} />}
      tips={
        <>
          <li>{t('code.ids')}</li>
          {site === 'china' ? <SmsTips request={request} /> : <li>{t('code.mailbox')}</li>}
          <li>{t('code.again')}</li>
        </>
      }
      today={t('code.today', { count: flow.sentToday })}
      discard={
        <DiscardCode
          flow={flow}
          request={request}
          recipient={recipient}
          act={discard}
          input={{ ...at, requestId: request.id }}
        />
      }
    >
      <AttachCard
        key={request.id}
        flow={flow}
        asOf={asOf}
        regionName={regionName}
        request={request}
        cen={{ cenId, ownerId }}
        recipient={recipient}
      />
    </CodeLayout>
  )
}

function AttachCard({
  flow,
  asOf,
  regionName,
  request,
  cen,
  recipient,
}: StepProps & { request: CodeRequestView; cen: ForeignValues; recipient: string }) {
  const t = useTranslations('attach')
  const { network, site, replaced } = flow
  const at = { region: network.region, networkId: network.id }
  const open = { ...at, requestId: request.id }
  const attach = useAttach(at)
  const check = useCheckCen(at)
  const send = useSendCenCode(at)
  const form = useForm({ defaultValues: { code: '' }, resolver: zodResolver(CodeEntry) })
  const act = useActForm({
    form,
    fields,
    act: attach,
    toInput: ({ code }) => ({ ...open, code }),
    endings,
    trial: check,
    request,
    asOf,
  })
  const overlaps = useOverlaps(cen.cenId, check)
  const [asked, setAsked] = useState<z.output<typeof CodeEntry> | null>(null)
  const asksFirst = overlaps !== null && act.open && !act.busy && !act.held
  return (
    <CodeCard
      flow={flow}
      request={request}
      recipient={recipient}
      recipientBefore={replaced && t(`recipient.${site}`, { owner: grouped(replaced.ownerId ?? '') })}
      asOf={asOf}
      act={{ ...act, submit: (entry) => (asksFirst ? setAsked(entry) : act.submit(entry)) }}
      verb={t('attachVerb')}
      busyVerb={t('attaching')}
      icon={<Waypoints />}
      applying={t('code.applying', userOf(flow))}
      notDone={{ title: t('code.notDone'), body: (times) => t('code.notDoneBody', times) }}
      send={{ act: send, toInput: (once) => ({ ...at, ...once }) }}
      change={{ question: t('code.wrong'), verb: t('code.change') }}
      cost={t('code.againCost')}
      leave={<LaterLink href={networksHref(network.region)} />}
    >
      <Trial
        act={act}
        trial={check}
        fields={fields}
        toInput={() => ({ ...open, code: form.getValues('code') })}
        wrongCode={wrongCodeOf}
        verb={t('check.verb')}
        busyVerb={t('check.busy')}
        note={t('check.noteCoded')}
        details={(answer) => <CheckDetails answer={answer} />}
      >
        {(answer) => <CheckAnswer answer={answer} range={network.cidrBlock} coded />}
      </Trial>
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
