'use client'

import { RefreshCw } from 'lucide-react'
import { BlockedStep as Blocked, WayOn } from '@/components/flow/frame/blocked-step'
import { VendorLink } from '@/components/flow/frame/links'
import { Button } from '@/components/ui/button'
import { networkConsole } from '@/lib/contract/site'
import { useTranslations } from '@/lib/i18n/translations'
import { useLookUpNetwork } from './queries'
import type { StepProps } from './step'
import { useStatusWords } from './words'

/** This network cannot join a CEN from here: said before anything is sent, with every way on. */
export function BlockedStep({ flow }: StepProps) {
  const t = useTranslations('attach')
  const list = useTranslations('networks')
  const statusWords = useStatusWords()
  const { network, site } = flow
  const at = { region: network.region, networkId: network.id }
  const look = useLookUpNetwork(at)
  const obstacle = network.obstacle ?? 'not_ready'
  return (
    <Blocked
      title={
        obstacle === 'newer_version'
          ? t('blocked.newer_version.title', { name: network.name || network.id })
          : t('blocked.title', { name: network.name || network.id })
      }
      obstacle={{
        tone: 'info',
        cause: t(`blocked.${obstacle}.cause`, { status: statusWords(network.status) }),
        next: t(`blocked.${obstacle}.next`),
      }}
      failure={look.error}
    >
      <WayOn name={t('blocked.read')} note={t('blocked.readNote')}>
        <Button
          variant={obstacle === 'not_ready' ? 'primary' : 'secondary'}
          icon={<RefreshCw />}
          busy={look.isPending}
          busyLabel={list('reading')}
          onClick={() => look.mutate({})}
        >
          {list('read')}
        </Button>
      </WayOn>
      <WayOn name={t('blocked.vendor')} note={t('blocked.vendorNote')}>
        <VendorLink href={networkConsole[site]} />
      </WayOn>
    </Blocked>
  )
}
