'use client'

import { CircleX, Zap } from 'lucide-react'
import { useFormatter } from 'next-intl'
import { useState } from 'react'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Card, CardHead } from '@/components/ui/card'
import { Table, TableBody, TableHead, Td, Th, Tr } from '@/components/ui/table'
import { replacingFaults, type SandboxCall } from '@/lib/contract/sandbox'
import { useTranslations } from '@/lib/i18n/translations'

const shownFirst = 8

/** The calls that the emulator received, from this console or any other client. */
export function Calls({ calls, total }: { calls: SandboxCall[]; total: number }) {
  const t = useTranslations('sandbox.calls')
  const format = useFormatter()
  const [all, setAll] = useState(false)
  const shown = all ? calls : calls.slice(0, shownFirst)
  return (
    <Card aria-labelledby="calls">
      <CardHead
        id="calls"
        title={t('title')}
        divided
        end={total > 0 && <span className="tabular-nums">{t('count', { shown: shown.length, total })}</span>}
      />
      {total === 0 ? (
        <p className="px-4 py-6 text-center text-text3">{t('none')}</p>
      ) : (
        <Table label={t('title')} bare>
          <TableHead>
            <tr>
              <Th className="static">{t('time')}</Th>
              <Th className="static">{t('operation')}</Th>
              <Th className="static max-[90rem]:hidden">{t('caller')}</Th>
              <Th align="end" className="static">
                {t('outcome')}
              </Th>
            </tr>
          </TableHead>
          <TableBody>
            {shown.map((call) => (
              <Tr key={call.requestId}>
                <Td place="id" nowrap className="text-text3 md:w-24">
                  <time dateTime={call.time}>{format.dateTime(new Date(call.time), 'second')}</time>
                </Td>
                <Td place="full" className="font-mono text-mono wrap-anywhere text-text md:whitespace-nowrap">
                  {call.operation}
                </Td>
                <Td className="max-w-56 truncate max-[90rem]:hidden" title={call.caller}>
                  {call.caller || t('unknownCaller')}
                </Td>
                <Td place="number" align="end">
                  <Outcome call={call} />
                </Td>
              </Tr>
            ))}
          </TableBody>
        </Table>
      )}
      {calls.length > shownFirst && (
        <div className="border-t border-line p-2">
          <Button variant="quiet" className="w-full" onClick={() => setAll(!all)}>
            {all ? t('fewer') : t('more', { count: calls.length - shownFirst })}
          </Button>
        </div>
      )}
    </Card>
  )
}

function Outcome({ call: { outcome, effect } }: { call: SandboxCall }) {
  const t = useTranslations('sandbox')
  const fault = replacingFaults.find((one) => one === outcome)
  if (fault)
    return (
      <span className="inline-flex flex-wrap items-center justify-end gap-x-2">
        <span className="text-small text-text3">
          {effect ? t('calls.carriedOut') : t('calls.notCarriedOut')}
        </span>
        <Badge tone="warn" icon={<Zap />}>
          {t(`faults.name.${fault}`)}
        </Badge>
      </span>
    )
  if (outcome === 'OK') return <span className="text-text2">{t('calls.ok')}</span>
  return (
    <span className="inline-flex items-center gap-1.5 font-mono text-mono wrap-anywhere text-badText">
      <CircleX className="size-3.5" />
      {outcome}
    </span>
  )
}
