'use client'

import { Check, LoaderCircle, TriangleAlert } from 'lucide-react'
import { Badge } from '@/components/ui/badge'
import { Card, CardHead } from '@/components/ui/card'
import type { Job } from '@/lib/contract/settings'
import { useAge } from '@/lib/i18n/age'
import { useTranslations } from '@/lib/i18n/translations'

/** What the console does by itself, and whether it succeeds. */
export function Jobs({ jobs, className }: { jobs: Job[]; className?: string }) {
  const t = useTranslations('settings.jobs')
  return (
    <Card aria-labelledby="jobs" className={className}>
      <CardHead id="jobs" title={t('title')} />
      <p className="max-w-[80ch] px-4 pb-3 text-text2">{t('intro')}</p>
      <ul className="divide-y divide-line border-t border-line">
        {jobs.map((job) => (
          <JobLine key={job.name} job={job} />
        ))}
      </ul>
    </Card>
  )
}

function JobLine({ job: { name, state, waiting, lastDoneAt } }: { job: Job }) {
  const t = useTranslations('settings.jobs')
  const age = useAge()
  const words = t(`state.${state}`, { waiting })
  return (
    <li className="flex flex-wrap items-start justify-between gap-x-4 gap-y-1 px-4 py-3">
      <div className="min-w-0">
        <p className="font-medium">{t(`name.${name}`)}</p>
        <p className="text-small text-text2">
          {lastDoneAt ? t('lastDone', { age: age(lastDoneAt) }) : t('notYet')}
        </p>
        {(state === 'failed' || state === 'behind') && (
          <p className="max-w-[80ch] text-small">{t(`next.${state}`)}</p>
        )}
      </div>
      {state === 'idle' && lastDoneAt && (
        <Badge tone="ok" icon={<Check />}>
          {words}
        </Badge>
      )}
      {state === 'running' && (
        <Badge tone="accent" icon={<LoaderCircle />}>
          {words}
        </Badge>
      )}
      {(state === 'behind' || state === 'failed') && (
        <Badge tone="warn" icon={<TriangleAlert />}>
          {words}
        </Badge>
      )}
    </li>
  )
}
