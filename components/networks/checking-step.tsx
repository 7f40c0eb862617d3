'use client'

import { CheckingStep as Checking } from '@/components/flow/checking-step'
import { Endings } from '@/components/flow/endings'
import { useFlowMemory } from '@/components/flow/flow-memory'
import { LaterLink, VendorLink } from '@/components/flow/links'
import { userOf } from '@/components/flow/request'
import { networkConsole } from '@/lib/contract/site'
import { useTranslations } from '@/lib/i18n/translations'
import type { StepProps } from './attach-screen'
import { networksHref } from './networks-href'
import { useLookUpNetwork } from './queries'
import { actOf } from './words'

/** Attaching or detaching, and nobody knows its outcome: the network is read, nothing is asked for again. */
export function CheckingStep({ flow }: StepProps) {
  const t = useTranslations('attach')
  const { network, site } = flow
  const { total } = useFlowMemory()
  const at = { region: network.region, networkId: network.id }
  const look = useLookUpNetwork(at)
  const begun = actOf(flow)
  if (!begun) return null
  const { request, intent } = begun
  const { act } = intent
  const running = request.state === 'applying'
  const user = userOf(flow)
  const words = { act, name: network.name || network.id, cen: intent.cenId }
  return (
    <Checking
      request={request}
      title={t(running ? 'checking.running' : 'checking.title', words)}
      step={total}
      body={t(running ? 'checking.runningBody' : 'checking.body', { ...words, by: user.by, user: user.name })}
      sent={t('checking.sent', { act })}
      notYet={t('checking.notYet', { act })}
      look={look}
      input={at}
      endings={
        <Endings
          done={{ name: t('endings.done', { act }), note: t('endings.doneNote', { act }) }}
          notDone={{ name: t('endings.notDone', { act }), note: t('endings.notDoneNote') }}
        />
      }
    >
      <VendorLink href={networkConsole[site]} size="form" />
      <LaterLink href={networksHref(network.region)} />
    </Checking>
  )
}
