'use client'

import { Unlink } from 'lucide-react'
import { useFormatter } from 'next-intl'
import { useState } from 'react'
import { useFlowFrame } from '@/components/flow/frame/flow-context'
import { DoneLink } from '@/components/flow/frame/links'
import { Refusal } from '@/components/flow/frame/refusal'
import { isConfirmed } from '@/components/flow/request'
import { CliPanel, type Command } from '@/components/flow/result/cli-panel'
import { codePlaceholder } from '@/components/flow/result/command'
import { ProofRows, ResultStep } from '@/components/flow/result/result-step'
import { Button } from '@/components/ui/button'
import { Card, CardBody, CardHead } from '@/components/ui/card'
import { DescriptionRow } from '@/components/ui/description-list'
import { Dialog } from '@/components/ui/dialog'
import { failureOf } from '@/lib/browser/call'
import type { CodeRequestView } from '@/lib/contract/code-flow'
import type { AttachFlow } from '@/lib/contract/networks'
import { type CenChoice, vendorParameters } from '@/lib/contract/vendor-calls'
import { useTranslations } from '@/lib/i18n/translations'
import { CenFacts, NetworkFacts } from './facts'
import { useDetach } from './queries'
import type { StepProps } from './step'
import { actOf } from './words'

/** Attached by this console or elsewhere; only a change by this console has a proof. */
export function DoneStep({ flow, regionName }: StepProps) {
  const t = useTranslations('attach')
  const format = useFormatter()
  const { network } = flow
  const begun = actOf(flow)
  const proof = begun?.request.state === 'applied' ? begun : null
  const accepted = proof && isConfirmed(proof.request) ? proof.request.applySettledAt : null

  /** Alibaba Cloud accepts a change before it is made: only the state it reports later confirms it. */
  function confirmedWords(request: CodeRequestView): string | undefined {
    if (!accepted) return undefined
    const reported = request.reconcileResult === 'done' ? request.reconciledAt : null
    const time = format.dateTime(new Date(reported ?? accepted), 'proof')
    return t(reported ? 'done.confirmed' : 'done.accepted', { time })
  }

  return (
    <ResultStep
      request={proof?.request ?? null}
      title={t('done.title', { name: network.name || network.id })}
      note={proof ? confirmedWords(proof.request) : t('done.reported')}
      found={{ why: t('done.foundWhy'), body: t('done.foundBody') }}
      side={network.cenId && <Detach flow={flow} cenId={network.cenId} />}
      foot={
        <>
          {proof && <Commands flow={flow} {...proof.intent} />}
          <DoneLink />
        </>
      }
    >
      <NetworkFacts network={network} regionName={regionName} />
      {network.cenId && <CenFacts cenId={network.cenId} {...(proof && { ownerId: proof.intent.ownerId })} />}
      {accepted && (
        <DescriptionRow label={t('facts.asked')}>
          {format.dateTime(new Date(accepted), 'proof')}
        </DescriptionRow>
      )}
      {proof && <ProofRows request={proof.request} by={t('done.by')} applyId={t('facts.attachId')} />}
    </ResultStep>
  )
}

/** Detaching, with its consequence; a network with an AD connector cannot be detached. */
function Detach({ flow, cenId }: { flow: AttachFlow; cenId: string }) {
  const t = useTranslations('attach.detach')
  const common = useTranslations('common')
  const { network } = flow
  const detach = useDetach({ region: network.region, networkId: network.id })
  const { setRefusal } = useFlowFrame()
  // The CEN at the time of the question: no other CEN than the one confirmed may be detached.
  const [asked, setAsked] = useState({ open: false, cenId })
  const fixed = network.accounts === 'ad'

  function detachNow() {
    setAsked({ ...asked, open: false })
    setRefusal(null)
    if (!detach.isPending) detach.mutate({ cenId: asked.cenId })
  }

  return (
    <Card aria-labelledby="detach">
      <CardHead id="detach" title={t(fixed ? 'fixed' : 'title')} />
      <CardBody className="grid gap-3">
        <p className="text-text2">{t(fixed ? 'ad' : 'note')}</p>
        {!fixed && (
          <>
            <Refusal failures={[failureOf(detach.error)]} idle={detach.isIdle} />
            <div>
              <Button
                icon={<Unlink />}
                busy={detach.isPending}
                busyLabel={t('busy')}
                onClick={() => setAsked({ open: true, cenId })}
              >
                {t('verb')}
              </Button>
            </div>
            <Dialog
              open={asked.open}
              onOpenChange={(open) => setAsked({ ...asked, open })}
              title={t('ask', { name: network.name || network.id, cen: asked.cenId })}
              actions={
                <>
                  <Button onClick={() => setAsked({ ...asked, open: false })}>{common('cancel')}</Button>
                  <Button variant="danger" onClick={detachNow}>
                    {t('verb')}
                  </Button>
                </>
              }
            >
              {t('body')}
            </Dialog>
          </>
        )}
      </CardBody>
    </Card>
  )
}

/** The same calls as commands. The code is not stored, so a placeholder replaces it. */
function Commands({
  flow: { network },
  cenId,
  ownerId,
}: {
  flow: AttachFlow
  cenId: string
  ownerId?: string | null
}) {
  const t = useTranslations('attach.commandLine')
  const flow = useTranslations('flow.commandLine')
  const { region, id: networkId } = network
  const attach = (cen: CenChoice): Command => ({
    name: t('attach'),
    call: 'attachCen',
    parameters: vendorParameters.attachCen({ region, networkId, ...cen }),
  })
  if (!ownerId) return <CliPanel commands={[attach({ cenId })]} />
  const send: Command = {
    name: flow('send'),
    call: 'sendCenCode',
    parameters: vendorParameters.sendCenCode({ region, cenId, ownerId }),
  }
  return <CliPanel note={t('note')} commands={[send, attach({ cenId, ownerId, code: codePlaceholder })]} />
}
