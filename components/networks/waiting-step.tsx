'use client'

import { Hourglass, RefreshCw } from 'lucide-react'
import { useFormatter } from 'next-intl'
import { useFlowFrame } from '@/components/flow/frame/flow-context'
import { FlowFailure } from '@/components/flow/frame/flow-failure'
import { LaterLink, VendorLink } from '@/components/flow/frame/links'
import { StepLayout } from '@/components/flow/frame/step-layout'
import { RequestId } from '@/components/flow/result/request-id'
import { FailureBanner } from '@/components/form/failure-banner'
import { Banner } from '@/components/ui/banner'
import { Button } from '@/components/ui/button'
import { Card, CardBody } from '@/components/ui/card'
import { DescriptionList, DescriptionRow } from '@/components/ui/description-list'
import { failureOf } from '@/lib/browser/call'
import type { AttachFlow } from '@/lib/contract/networks'
import { networkConsole } from '@/lib/contract/site'
import { useTranslations } from '@/lib/i18n/translations'
import { CenFacts, NetworkFacts } from './facts'
import { useReconcileNetwork } from './queries'
import type { StepProps } from './step'
import { actOf, knownOf, useChangeWords } from './words'

/**
 * Accepted, by this console or elsewhere, but Alibaba Cloud has not reported the result yet: the state is
 * polled.
 */
export function WaitingStep({ flow, regionName }: StepProps) {
  const t = useTranslations('attach')
  const list = useTranslations('networks')
  const { network, site } = flow
  const { refusal } = useFlowFrame()
  const begun = actOf(flow)
  const reconcile = useReconcileNetwork({ region: network.region, networkId: network.id })
  const failure = failureOf(reconcile.error)
  const act = begun?.intent.act ?? changeOf(flow)
  const known = knownOf(flow)
  return (
    <StepLayout
      title={t('waiting.title', { act, name: network.name || network.id })}
      note={t('waiting.note')}
    >
      {refusal && <FlowFailure error={refusal} />}
      <Banner tone="info" icon={<Hourglass />} title={t(`waiting.${known ?? 'elsewhere'}`)}>
        {begun ? t('waiting.acceptedBody', { act }) : t('waiting.elsewhereBody')}
      </Banner>
      <ActFacts flow={flow} regionName={regionName} />
      {failure && <FailureBanner error={failure} />}
      <div className="flex flex-wrap gap-2">
        <Button
          size="form"
          icon={<RefreshCw />}
          busy={reconcile.isPending}
          busyLabel={list('loading')}
          onClick={() => reconcile.mutate({})}
        >
          {t('waiting.now')}
        </Button>
        <VendorLink href={networkConsole[site]} size="form" />
        <LaterLink />
      </div>
    </StepLayout>
  )
}

/** The change in progress, if it was not started here, by the state that Alibaba Cloud reports. */
function changeOf({ network: { attachStatus } }: AttachFlow): 'attach' | 'detach' | 'other' {
  const word = attachStatus?.toLowerCase()
  if (word === 'attaching') return 'attach'
  return word === 'detaching' ? 'detach' : 'other'
}

/** What was requested, and what Alibaba Cloud reports about it now. */
export function ActFacts({ flow, regionName }: Pick<StepProps, 'flow' | 'regionName'>) {
  const t = useTranslations('attach')
  const states = useTranslations('networks.state')
  const none = useTranslations('common')('none')
  const format = useFormatter()
  const changeWords = useChangeWords()
  const { network } = flow
  const begun = actOf(flow)
  const cenId = begun?.intent.cenId ?? network.cenId
  const known = knownOf(flow)
  const since = known === 'accepted' ? begun?.request.applySettledAt : begun?.request.reconciledAt
  const state = network.attach === 'changing' ? changeWords(network.attachStatus) : states(network.attach)
  return (
    <Card>
      <CardBody>
        <DescriptionList>
          <NetworkFacts network={network} regionName={regionName} />
          {cenId && <CenFacts cenId={cenId} {...(begun && { ownerId: begun.intent.ownerId })} />}
          <DescriptionRow label={t('facts.state')}>{state}</DescriptionRow>
          {begun && (
            <>
              <DescriptionRow label={t(known === 'accepted' ? 'facts.asked' : 'facts.found')}>
                {since ? format.dateTime(new Date(since), 'proof') : none}
              </DescriptionRow>
              <DescriptionRow label={t('facts.by')}>
                {begun.request.applyOperatorName ?? begun.request.operatorName}
              </DescriptionRow>
              <DescriptionRow label={t('facts.requestId')}>
                <RequestId id={begun.request.applyRequestId} />
              </DescriptionRow>
            </>
          )}
        </DescriptionList>
      </CardBody>
    </Card>
  )
}
