'use client'

import { ExternalLink } from 'lucide-react'
import { useFormatter } from 'next-intl'
import { Card, CardHead } from '@/components/ui/card'
import { Mono } from '@/components/ui/mono'
import { CellNote, Table, TableBody, TableHead, Td, Th, Tr } from '@/components/ui/table'
import type { Operation } from '@/lib/contract/settings'
import { useTranslations } from '@/lib/i18n/translations'

const source =
  'https://www.alibabacloud.com/help/en/resource-management/resource-directory/product-overview/limits'

/** Every call the console makes, from its own table of operations. */
export function Limits({ operations, className }: { operations: Operation[]; className?: string }) {
  const t = useTranslations('settings.limits')
  const format = useFormatter()
  return (
    <Card aria-labelledby="limits" className={className}>
      <CardHead id="limits" title={t('title')} count={operations.length} />
      <p className="max-w-[80ch] px-4 pb-3 text-text2">{t('intro')}</p>
      <div className="border-t border-line">
        <Table label={t('title')} bare>
          <TableHead>
            <tr>
              <Th className="static">{t('operation')}</Th>
              <Th from="lg" className="static">
                {t('action')}
              </Th>
              <Th className="static">{t('kind')}</Th>
              <Th align="end" className="static">
                {t('perSecond')}
              </Th>
            </tr>
          </TableHead>
          <TableBody>
            {operations.map((row) => (
              <Tr key={`${row.product}/${row.operation}`}>
                <Td place="full">
                  <Mono className="text-text">{row.operation}</Mono>
                  <CellNote>
                    <span translate="no">
                      {row.product} {row.version}
                    </span>
                  </CellNote>
                </Td>
                <Td from="lg">{row.ramAction ? <Mono>{row.ramAction}</Mono> : t('noAction')}</Td>
                <Td place="id" nowrap>
                  {t(row.kind)}
                </Td>
                <Td place="number" align="end" className="tabular-nums">
                  <span className="sr-only md:hidden">{t('perSecond')} </span>
                  {format.number(row.limitPerSecond)}
                  <span aria-hidden className="md:hidden">
                    /s
                  </span>
                </Td>
              </Tr>
            ))}
          </TableBody>
        </Table>
      </div>
      <p className="border-t border-line px-4 py-2.5 text-small">
        <a
          href={source}
          target="_blank"
          rel="noreferrer"
          className="link-alone inline-flex items-center gap-1.5"
        >
          {t('source')}
          <ExternalLink className="size-3.5" />
        </a>
      </p>
    </Card>
  )
}
