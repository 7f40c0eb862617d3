'use client'

import { RefreshCw } from 'lucide-react'
import { BlockedStep as Blocked, NextAction } from '@/components/flow/frame/blocked-step'
import { VendorLink } from '@/components/flow/frame/links'
import { Button } from '@/components/ui/button'
import { networkConsole } from '@/lib/contract/site'
import { useTranslations } from '@/lib/i18n/translations'
import { useReconcileNetwork } from './queries'
import type { StepProps } from './step'
import { useStatusWords } from './words'

/** This network cannot be attached to a CEN here: shown before anything is sent, with every next action. */
export function BlockedStep({ flow }: StepProps) {
  const t = useTranslations('attach')
  const list = useTranslations('networks')
  const statusWords = useStatusWords()
  const { network, site } = flow
  const at = { region: network.region, networkId: network.id }
  const reconcile = useReconcileNetwork(at)
  const blockedReason = network.blockedReason ?? 'not_ready'
  return (
    <Blocked
      title={
        blockedReason === 'newer_version'
          ? t('blocked.newer_version.title', { name: network.name || network.id })
          : t('blocked.title', { name: network.name || network.id })
      }
      blockedReason={{
        tone: 'info',
        cause: t(`blocked.${blockedReason}.cause`, { status: statusWords(network.status) }),
        next: t(`blocked.${blockedReason}.next`),
      }}
      failure={reconcile.error}
    >
      <NextAction name={t('blocked.read')} note={t('blocked.readNote')}>
        <Button
          variant={blockedReason === 'not_ready' ? 'primary' : 'secondary'}
          icon={<RefreshCw />}
          busy={reconcile.isPending}
          busyLabel={list('loading')}
          onClick={() => reconcile.mutate({})}
        >
          {list('read')}
        </Button>
      </NextAction>
      <NextAction name={t('blocked.vendor')} note={t('blocked.vendorNote')}>
        <VendorLink href={networkConsole[site]} />
      </NextAction>
    </Blocked>
  )
}
