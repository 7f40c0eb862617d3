'use client'

import { Link } from '@/components/shell/link'
import { buttonClass } from '@/components/ui/button-class'
import { CellNote, rowLinkClass, Table, TableBody, TableHead, Td, Th, Tr } from '@/components/ui/table'
import { VisuallyHidden } from '@/components/ui/visually-hidden'
import type { NetworkLine } from '@/lib/contract/networks'
import { useTranslations } from '@/lib/i18n/translations'
import { NetworkBadge } from './network-badge'
import { attachHref } from './networks-href'
import { useBlockedReasonWords, useKindWords } from './words'

// By the width of the table, not of the window: at 1024 px the navigation is wider than at 1000 px.
const kindCell = '@max-[54rem]:hidden'

export function NetworkTable({ networks }: { networks: NetworkLine[] }) {
  const t = useTranslations('networks')
  return (
    <Table label={t('title')} className="@container">
      <TableHead>
        <tr>
          <Th>{t('network')}</Th>
          <Th className={kindCell}>{t('kindHead')}</Th>
          <Th>{t('range')}</Th>
          <Th>{t('cen')}</Th>
          <Th align="end">
            <VisuallyHidden>{t('act')}</VisuallyHidden>
          </Th>
        </tr>
      </TableHead>
      <TableBody>
        {networks.map((network) => (
          <NetworkRowLine key={network.id} network={network} />
        ))}
      </TableBody>
    </Table>
  )
}

function NetworkRowLine({ network }: { network: NetworkLine }) {
  const t = useTranslations('networks')
  const none = useTranslations('common')('none')
  const { id, name, cidrBlock, desktops, cenId, attach } = network
  const href = attachHref(network)
  const count = desktops === null ? none : t('desktops', { count: desktops })
  const reason = useBlockedReasonWords()(network)
  const words = useKindWords()(network)
  return (
    <Tr>
      <Td place="name">
        <Link href={href} prefetch={false} className={`${rowLinkClass} wrap-anywhere`}>
          {name || id}
        </Link>
        <span
          translate="no"
          className="block font-mono text-mono text-text3 max-md:hidden @min-[46rem]:whitespace-nowrap"
        >
          {id}
        </span>
      </Td>
      <Td className={kindCell} nowrap>
        {words.kind}
        <CellNote>{words.accounts}</CellNote>
      </Td>
      <Td place="id" className="tabular-nums md:whitespace-nowrap">
        <span className="md:hidden">
          {reason && attach === 'not_attached' ? reason : `${words.kind} · ${cidrBlock}`}
        </span>
        <span className="max-md:hidden">{cidrBlock || none}</span>
        <span className="block text-small text-text3 max-md:hidden">{count}</span>
      </Td>
      <Td place="state">
        <span className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
          <NetworkBadge network={network} />
          {cenId && (
            <span translate="no" className="font-mono text-mono max-md:hidden">
              {cenId}
            </span>
          )}
        </span>
      </Td>
      <Td align="end" place="number" className="max-md:text-small">
        <span className="md:hidden">{count}</span>
        <span className="max-md:hidden">
          <Act network={network} href={href} reason={reason} />
        </span>
      </Td>
    </Tr>
  )
}

/** What can be done with the network, or why nothing can be done. */
function Act({ network, href, reason }: { network: NetworkLine; href: string; reason: string | null }) {
  const t = useTranslations('networks')
  const { name, attach, open } = network
  if (reason) return <span className="text-text3">{reason}</span>
  if (attach !== 'not_attached' || open) {
    const key = open && attach === 'not_attached' ? 'goOn' : 'details'
    return (
      <Link href={href} prefetch={false} aria-label={t('of', { act: t(key), name })} className="link">
        {t(key)}
      </Link>
    )
  }
  return (
    <Link
      href={href}
      prefetch={false}
      aria-label={t('of', { act: t('attach'), name })}
      className={buttonClass({ className: 'whitespace-nowrap' })}
    >
      {t('attach')}
    </Link>
  )
}
