'use client'

import type { ReactNode } from 'react'
import { Card, CardBody, CardHead } from '@/components/ui/card'
import { cx } from '@/components/ui/cx'
import { Mono } from '@/components/ui/mono'
import type { NetworkRow } from '@/lib/contract/networks'
import { useTranslations } from '@/lib/i18n/translations'
import type { Whose } from './step'

/** The two networks, one above the other, and the line that joins them: solid once both are known. */
export function JoinedCard({
  network: { name, id, cidrBlock, desktops },
  whose,
  cenId,
  cenName,
  owner,
}: {
  network: NetworkRow
  whose: Whose
  /** null until it is chosen and complete. */
  cenId: string | null
  cenName?: string | undefined
  /** Formatted for display; null until it is complete. */
  owner?: string | null
}) {
  const t = useTranslations('attach.joined')
  const complete = cenId !== null && owner !== null
  return (
    <Card aria-labelledby="joined">
      <CardHead id="joined" title={t('title')} />
      <CardBody>
        <div className="rounded-panel bg-canvas p-3.5">
          <End
            role={t('ours')}
            name={name || id}
            note={desktops === null ? cidrBlock : t('facts', { range: cidrBlock, count: desktops })}
          />
          <span
            aria-hidden
            className={cx(
              'ml-6 block h-6 w-0 border-l',
              complete ? 'border-accent' : 'border-dashed border-control',
            )}
          />
          <End
            role={t(whose === 'own' ? 'cenOurs' : 'cenTheirs')}
            name={cenName ?? (cenId && <Mono>{cenId}</Mono>) ?? t(whose === 'own' ? 'noCen' : 'noId')}
            note={
              whose === 'own'
                ? cenName && cenId && <Mono>{cenId}</Mono>
                : owner
                  ? t('owner', { id: owner })
                  : t('noOwner')
            }
            planned={!complete}
          />
        </div>
        <p className="mt-3.5 text-small text-text3">{t('note')}</p>
      </CardBody>
    </Card>
  )
}

/** @param planned not known yet: drawn with a dashed border */
function End({
  role,
  name,
  note,
  planned = false,
}: {
  role: string
  name: ReactNode
  note: ReactNode
  planned?: boolean
}) {
  return (
    <div
      className={cx(
        'rounded-panel border bg-surface px-3.5 py-2.5 text-small text-text3',
        planned ? 'border-dashed border-control' : 'border-lineStrong',
      )}
    >
      <p>{role}</p>
      <p className="text-table font-medium wrap-anywhere text-text">{name}</p>
      {note && <p className="tabular-nums">{note}</p>}
    </div>
  )
}
