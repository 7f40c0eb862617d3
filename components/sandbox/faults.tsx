'use client'

import { Zap } from 'lucide-react'
import { FailureBanner } from '@/components/form/failure-banner'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Card, CardBody, CardHead } from '@/components/ui/card'
import { failureOf } from '@/lib/browser/call'
import { faultKinds, type SandboxFault, type SandboxState } from '@/lib/contract/sandbox'
import { useTranslations } from '@/lib/i18n/translations'
import { FaultForm } from './fault-form'
import { useDisarmFault } from './queries'

/** Makes the next calls of an operation fail the way real ones do. */
export function Faults({
  operations,
  armed,
}: {
  operations: SandboxState['operations']
  armed: SandboxFault[]
}) {
  const t = useTranslations('sandbox.faults')
  const disarm = useDisarmFault()
  return (
    <Card aria-labelledby="faults">
      <CardHead
        id="faults"
        title={t('title')}
        end={
          armed.length > 0 && (
            <Badge tone="warn" icon={<Zap />}>
              {t('armedCount', { count: armed.length })}
            </Badge>
          )
        }
      />
      <CardBody>
        <FaultForm operations={operations} />
      </CardBody>
      {armed.length > 0 && (
        <ul aria-label={t('armedList')} className="divide-y divide-line border-t border-line">
          {armed.map((fault) => (
            <Armed
              key={fault.id}
              fault={fault}
              busy={disarm.isPending && disarm.variables === fault.id}
              onDisarm={() => disarm.mutate(fault.id)}
            />
          ))}
        </ul>
      )}
      {disarm.error && (
        <div className="p-4 pt-2">
          <FailureBanner error={failureOf(disarm.error)} />
        </div>
      )}
    </Card>
  )
}

function Armed({ fault, busy, onDisarm }: { fault: SandboxFault; busy: boolean; onDisarm: () => void }) {
  const t = useTranslations('sandbox.faults')
  const [name = '', detail] = fault.fault.split(':')
  const kind = faultKinds.find((one) => one === name)
  const words = kind ? t(`name.${kind}`) : name
  const facts = [
    kind === 'slow' ? `${words} ${detail} ms` : kind === 'code' ? detail : words,
    t('next', { times: fault.timesLeft }),
    ...(fault.effect ? [t('happens')] : []),
  ]
  return (
    <li className="flex items-center gap-3 py-2.5 pr-2 pl-4">
      <div className="min-w-0 flex-1">
        <p translate="no" className="font-mono text-mono wrap-anywhere text-text">
          {fault.operation}
        </p>
        <p className="text-small wrap-anywhere text-text3">{facts.join(' · ')}</p>
      </div>
      <Button
        variant="quiet"
        size="card"
        busy={busy}
        onClick={onDisarm}
        aria-label={t('disarmOne', { fault: words, operation: fault.operation })}
      >
        {t('disarm')}
      </Button>
    </li>
  )
}
