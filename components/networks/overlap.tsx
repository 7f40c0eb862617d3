'use client'

import type { UseMutationResult } from '@tanstack/react-query'
import { useFormatter } from 'next-intl'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import type { CenCheck, NetworkRow } from '@/lib/contract/networks'
import { useTranslations } from '@/lib/i18n/translations'

/**
 * The routes of this CEN that the latest check found to overlap; null if there are none. They outlive the
 * answer on the page, which disappears together with the code it was requested with: the routes still exist.
 */
export function useOverlaps(
  cenId: string,
  { data, variables }: Pick<UseMutationResult<CenCheck, Error, { cenId?: string }>, 'data' | 'variables'>,
): string[] | null {
  const [shown, setShown] = useState<{ cenId: string; answer: CenCheck } | null>(null)
  const conclusive = data?.result === 'fits' || data?.result === 'conflict'
  if (data && conclusive && data !== shown?.answer)
    setShown({ cenId: variables?.cenId ?? cenId, answer: data })
  if (shown?.cenId !== cenId || shown.answer.result !== 'conflict') return null
  return shown.answer.routes.filter(({ conflicts }) => conflicts).map(({ cidr }) => cidr)
}

/** Before attaching despite the overlaps that a check found. */
export function OverlapDialog({
  open,
  onOpenChange,
  onConfirm,
  network,
  overlaps,
}: {
  open: boolean
  onOpenChange: (open: boolean) => void
  onConfirm: () => void
  network: NetworkRow
  overlaps: string[]
}) {
  const t = useTranslations('attach.check')
  const common = useTranslations('common')
  const format = useFormatter()
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={t('confirm', { name: network.name || network.id })}
      actions={
        <>
          <Button onClick={() => onOpenChange(false)}>{common('cancel')}</Button>
          <Button variant="danger" onClick={onConfirm}>
            {t('confirmVerb')}
          </Button>
        </>
      }
    >
      {t('confirmBody', {
        count: overlaps.length,
        routes: format.list(overlaps.slice(0, 5), { style: overlaps.length > 5 ? 'narrow' : 'long' }),
        more: Math.max(0, overlaps.length - 5),
        range: network.cidrBlock,
      })}
    </Dialog>
  )
}
