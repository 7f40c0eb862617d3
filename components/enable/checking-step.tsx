'use client'

import { CheckingStep as Checking } from '@/components/flow/act/checking-step'
import { userOf } from '@/components/flow/request'
import type { EnableFlow } from '@/lib/contract/enable'
import type { EnableMode } from '@/lib/contract/enable-mode'
import { vendorConsole } from '@/lib/contract/site'
import { useTranslations } from '@/lib/i18n/translations'
import { useReconcile } from './queries'

/**
 * An enable call with an unknown outcome: the directory is read to reconcile it, and nothing is sent again.
 */
export function CheckingStep({ flow, mode }: { flow: EnableFlow; mode: EnableMode }) {
  const t = useTranslations('enable')
  const reconcile = useReconcile()
  const { request, site } = flow
  if (!request) return null
  const running = request.state === 'applying'
  return (
    <Checking
      reconcile={reconcile}
      vendor={vendorConsole[site]}
      words={{
        title: t(running ? 'checking.running' : 'checking.title'),
        body: running ? t('enablingNow', userOf(flow)) : t('checking.body'),
        sent: t('checking.sent'),
        notYet: t('checking.notYet'),
      }}
      outcomes={{
        done: { name: t('outcomes.done'), note: t(`outcomes.doneNote.${mode}`) },
        notDone: { name: t('outcomes.notDone'), note: t(`outcomes.notDoneNote.${mode}`) },
      }}
    />
  )
}
