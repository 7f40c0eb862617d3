'use client'

import { RefreshCw } from 'lucide-react'
import type { ComponentType } from 'react'
import { BlockedStep as Blocked, NextAction } from '@/components/flow/frame/blocked-step'
import { useFlowFrame } from '@/components/flow/frame/flow-context'
import { VendorLink } from '@/components/flow/frame/links'
import { Button } from '@/components/ui/button'
import type { BindFlow } from '@/lib/contract/phone'
import { vendorConsole } from '@/lib/contract/site'
import { useTranslations } from '@/lib/i18n/translations'
import type { NextProps } from './next-member'
import { useReconcilePhone } from './queries'

/**
 * No code can be sent for this member: shown before any send, with every next action.
 * @param Next see `NextMember`
 */
export function BlockedStep({ flow, Next }: { flow: BindFlow; Next?: ComponentType<NextProps> }) {
  const t = useTranslations('bind.blocked')
  const checks = useTranslations('bind.checks')
  const { refusal } = useFlowFrame()
  const { member, site } = flow
  const blockedReason = flow.blockedReason ?? 'status_unfit'
  // The member left the directory while the outcome of a bind was unknown. No later check can report it, so
  // say it here.
  const words = blockedReason === 'gone' && flow.refused?.what === 'gone' ? 'gone_unknown' : blockedReason
  const reconcile = useReconcilePhone(member.id)
  // Nothing here can change, unless a refusal has just shown that it did: the next action is another member.
  const nothingToDo = !refusal && (blockedReason === 'already_bound' || blockedReason === 'cloud_account')
  const goOn = nothingToDo && Next !== undefined && flow.next.length > 0
  return (
    <Blocked
      title={t(`${words}.title`, { member: member.displayName })}
      note={words === 'gone_unknown' ? t('gone_unknown.note') : undefined}
      blockedReason={{
        tone: blockedReason === 'already_bound' ? 'info' : 'warn',
        cause: t(`${words}.cause`),
        next: t(`${words}.next`),
      }}
      refusedNote={({ code }) => code === 'phone.already_bound' && <p>{t('elsewhere')}</p>}
      failure={reconcile.error}
      side={Next && <Next flow={flow} primary={goOn} />}
    >
      <NextAction name={t('read')} note={t('readNote')}>
        <Button
          variant={goOn ? 'secondary' : 'primary'}
          icon={<RefreshCw />}
          busy={reconcile.isPending}
          busyLabel={checks('loading')}
          onClick={() => reconcile.mutate({})}
        >
          {t('readAct')}
        </Button>
      </NextAction>
      <NextAction name={t('vendor')} note={t('vendorNote')}>
        <VendorLink href={vendorConsole[site]} />
      </NextAction>
    </Blocked>
  )
}
