'use client'

import { CircleQuestionMark, RefreshCw } from 'lucide-react'
import { DiscardButton, NotAllowed } from '@/components/flow/code/discard'
import { VendorLink } from '@/components/flow/frame/links'
import { StepLayout } from '@/components/flow/frame/step-layout'
import { FailureBanner } from '@/components/form/failure-banner'
import { Banner } from '@/components/ui/banner'
import { Button } from '@/components/ui/button'
import { failureOf } from '@/lib/browser/call'
import { networkConsole } from '@/lib/contract/site'
import { useTranslations } from '@/lib/i18n/translations'
import { useDiscardCenRequest, useReconcileNetwork } from './queries'
import type { StepProps } from './step'
import { ActFacts } from './waiting-step'
import { actOf, knownOf } from './words'

/**
 * Accepted ten minutes ago, but the new state was never reported: an operator checks it or discards the
 * request.
 */
export function OverdueStep({ flow, regionName }: StepProps) {
  const t = useTranslations('attach')
  const list = useTranslations('networks')
  const { network, site } = flow
  const at = { region: network.region, networkId: network.id }
  const reconcile = useReconcileNetwork(at)
  const discard = useDiscardCenRequest(at)
  const begun = actOf(flow)
  if (!begun) return null
  const requestId = begun.request.id
  const why = t('overdue.why', { act: begun.intent.act, known: knownOf(flow) ?? 'found' })
  const failure = failureOf(reconcile.error) ?? failureOf(discard.error)
  const { discardRefusal } = flow
  return (
    <StepLayout title={t('overdue.title')} note={t('overdue.note')}>
      <Banner tone="warn" icon={<CircleQuestionMark />} title={why}>
        {t(network.attach === 'changing' ? 'overdue.bodyChanging' : 'overdue.body')}
      </Banner>
      <ActFacts flow={flow} regionName={regionName} />
      {failure && <FailureBanner error={failure} />}
      <div className="flex flex-wrap gap-2">
        <Button
          variant="primary"
          size="form"
          icon={<RefreshCw />}
          busy={reconcile.isPending}
          busyLabel={list('loading')}
          unavailable={discard.isPending}
          onClick={() => reconcile.mutate({})}
        >
          {t('overdue.check')}
        </Button>
        <VendorLink href={networkConsole[site]} size="form" />
        {network.attach !== 'changing' && !discardRefusal && (
          <DiscardButton
            act={discard}
            input={{ requestId }}
            size="form"
            unavailable={reconcile.isPending}
            words={{
              verb: t('overdue.discard'),
              busy: t('overdue.discardBusy'),
              title: t('overdue.discardTitle'),
              body: t('overdue.discardBody'),
              confirm: t('overdue.discardConfirm'),
            }}
          />
        )}
      </div>
      {network.attach !== 'changing' && discardRefusal && <NotAllowed refusal={discardRefusal} />}
    </StepLayout>
  )
}
