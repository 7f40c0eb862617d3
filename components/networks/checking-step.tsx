'use client'

import { CheckingStep as Checking } from '@/components/flow/act/checking-step'
import { userOf } from '@/components/flow/request'
import { networkConsole } from '@/lib/contract/site'
import { useTranslations } from '@/lib/i18n/translations'
import { useReconcileNetwork } from './queries'
import type { StepProps } from './step'
import { actOf } from './words'

/**
 * Attaching or detaching with an unknown outcome: the network is read to reconcile it, and nothing is sent
 * again.
 */
export function CheckingStep({ flow }: StepProps) {
  const t = useTranslations('attach')
  const { network, site } = flow
  const reconcile = useReconcileNetwork({ region: network.region, networkId: network.id })
  const begun = actOf(flow)
  if (!begun) return null
  const { request, intent } = begun
  const { act } = intent
  const running = request.state === 'applying'
  const user = userOf(flow)
  const words = { act, name: network.name || network.id, cen: intent.cenId }
  return (
    <Checking
      reconcile={reconcile}
      vendor={networkConsole[site]}
      words={{
        title: t(running ? 'checking.running' : 'checking.title', words),
        body: t(running ? 'checking.runningBody' : 'checking.body', {
          ...words,
          by: user.by,
          user: user.name,
        }),
        sent: t('checking.sent', { act }),
        notYet: t('checking.notYet', { act }),
      }}
      outcomes={{
        done: { name: t('outcomes.done', { act }), note: t('outcomes.doneNote', { act }) },
        notDone: { name: t('outcomes.notDone', { act }), note: t('outcomes.notDoneNote') },
      }}
    />
  )
}
