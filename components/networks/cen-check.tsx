'use client'

import { CircleCheck, TriangleAlert } from 'lucide-react'
import { RequestId } from '@/components/flow/result/request-id'
import { FailureBanner } from '@/components/form/failure-banner'
import { Badge } from '@/components/ui/badge'
import { Banner } from '@/components/ui/banner'
import { Mono } from '@/components/ui/mono'
import { Table, TableBody, TableHead, Td, Th, Tr } from '@/components/ui/table'
import type { ShownError } from '@/lib/contract/errors'
import type { CenCheck } from '@/lib/contract/networks'
import { useTranslations } from '@/lib/i18n/translations'

/** What Alibaba Cloud reported about a CEN, an owner or a code without refusing the call. */
const refusals = {
  owner_wrong: 'cen.owner_wrong',
  cen_wrong: 'cen.not_found',
} as const

/** An answer that means a wrong code, as the error that the attach call itself would return. */
export function wrongCodeOf({ result, attemptsLeft, status, requestId }: CenCheck): ShownError | null {
  if (result !== 'code_wrong' && result !== 'code_tries_used') return null
  const code = result === 'code_wrong' ? 'code.wrong_or_expired' : 'code.attempts_used_upstream'
  return {
    code,
    params: { attemptsLeft: attemptsLeft ?? 0 },
    fields: { code },
    upstream: { product: 'ecd', operation: 'VerifyCen', code: status, requestId },
  }
}

/** The answer of a check in a sentence. @param requiresCode the check was made with owner and code */
export function CheckAnswer({
  answer,
  range,
  requiresCode,
}: {
  answer: CenCheck
  range: string
  requiresCode: boolean
}) {
  const t = useTranslations('attach.check')
  const { result, status, requestId } = answer
  switch (result) {
    case 'owner_wrong':
    case 'cen_wrong':
      // Its banner is announced itself: see `CheckDetails`.
      return null
    case 'fits':
      return (
        <Banner tone="ok" title={t('fits')}>
          {t('fitsBody', { range, requiresCode: requiresCode ? 'yes' : 'no' })}
        </Banner>
      )
    case 'conflict':
      return (
        <Banner tone="warn" title={t('conflict')}>
          {t('conflictBody', { range })}
        </Banner>
      )
    default:
      return (
        <Banner tone="warn" title={t('other', { status })}>
          <p>{t('otherBody')}</p>
          <RequestId id={requestId} />
        </Banner>
      )
  }
}

/** The details of the answer. */
export function CheckDetails({ answer }: { answer: CenCheck }) {
  const { result, status, requestId } = answer
  if (result === 'conflict') return <Conflict answer={answer} />
  if (result !== 'owner_wrong' && result !== 'cen_wrong') return null
  const upstream = { product: 'ecd', operation: 'VerifyCen', code: status, requestId }
  return <FailureBanner error={{ code: refusals[result], upstream }} />
}

function Conflict({ answer: { routes, proposals } }: { answer: CenCheck }) {
  const t = useTranslations('attach.check')
  const sorted = [...routes].sort((a, b) => Number(b.conflicts) - Number(a.conflicts))
  return (
    <div className="grid gap-3">
      {proposals.length > 0 && (
        <div>
          <h2 className="text-h3">{t('proposals')}</h2>
          <ul className="mt-1.5 flex flex-wrap gap-x-4 gap-y-1 tabular-nums">
            {proposals.map((proposal) => (
              <li key={proposal} className="font-mono text-mono">
                {proposal}
              </li>
            ))}
          </ul>
        </div>
      )}
      <Table label={t('routes')} bare className="rounded-panel border border-line">
        <TableHead>
          <tr>
            <Th>{t('destination')}</Th>
            <Th>{t('nextHop')}</Th>
            <Th align="end">{t('route')}</Th>
          </tr>
        </TableHead>
        <TableBody>
          {sorted.map(({ cidr, region, nextHop, conflicts }) => (
            <Tr key={`${cidr} ${region} ${nextHop}`}>
              <Td place="name" nowrap className="tabular-nums">
                {cidr}
              </Td>
              <Td place="id">
                <Mono>{nextHop}</Mono>
                <span translate="no" className="block text-small text-text3">
                  {region}
                </span>
              </Td>
              <Td align="end" place="state">
                <Badge
                  tone={conflicts ? 'warn' : 'ok'}
                  icon={conflicts ? <TriangleAlert /> : <CircleCheck />}
                >
                  {t(conflicts ? 'overlaps' : 'free')}
                </Badge>
              </Td>
            </Tr>
          ))}
        </TableBody>
      </Table>
    </div>
  )
}
