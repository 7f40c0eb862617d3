'use client'

import { Copyable } from '@/components/shell/copyable'
import { AccountId } from '@/components/ui/account-id'
import { DescriptionRow } from '@/components/ui/description-list'
import type { NetworkRow } from '@/lib/contract/networks'
import { useTranslations } from '@/lib/i18n/translations'

/** Rows of a review or a result: the office network. */
export function NetworkFacts({
  network: { id, name, cidrBlock },
  regionName,
}: {
  network: NetworkRow
  regionName: string
}) {
  const t = useTranslations('attach.facts')
  return (
    <>
      <DescriptionRow label={t('network')}>{name || id}</DescriptionRow>
      <DescriptionRow label={t('id')}>
        <Copyable value={id} what={t('id')} />
      </DescriptionRow>
      <DescriptionRow label={t('region')}>{regionName}</DescriptionRow>
      <DescriptionRow label={t('range')}>
        <span className="tabular-nums">{cidrBlock}</span>
      </DescriptionRow>
    </>
  )
}

/** Rows of a review or a result: the CEN, and its owner if known. */
export function CenFacts({
  cenId,
  cenName,
  ownerId,
}: {
  cenId: string
  cenName?: string | undefined
  /** null = this account; omitted if unknown. */
  ownerId?: string | null
}) {
  const t = useTranslations('attach.facts')
  return (
    <>
      <DescriptionRow label={t('cen')}>
        {cenName && <span className="block">{cenName}</span>}
        <Copyable value={cenId} what={t('cen')} />
      </DescriptionRow>
      {ownerId !== undefined && (
        <DescriptionRow label={t('owner')}>
          {ownerId === null ? t('ownAccount') : <AccountId id={ownerId} />}
        </DescriptionRow>
      )}
    </>
  )
}
