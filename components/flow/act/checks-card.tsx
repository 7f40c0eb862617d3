'use client'

import type { ReactNode } from 'react'
import { Card, CardHead } from '@/components/ui/card'
import { CheckItem, Checklist, type CheckState } from '@/components/ui/checklist'
import { useTranslations } from '@/lib/i18n/translations'

export interface Check {
  key: string
  state: CheckState
  /** With `unknown`: it has not been checked yet, rather than cannot be checked. */
  unchecked?: boolean
  text: ReactNode
  source?: ReactNode
}

/** What is known before a send, each fact with its source and age, and what cannot be known. */
export function ChecksCard({ title, checks }: { title?: string; checks: readonly Check[] }) {
  const t = useTranslations('flow.checks')
  const passed = checks.filter(({ state }) => state === 'pass').length
  return (
    <Card aria-labelledby="checks">
      <CardHead
        id="checks"
        title={title ?? t('title')}
        divided
        end={<span className="text-small text-text3">{t('passed', { passed, total: checks.length })}</span>}
      />
      <Checklist>
        {checks.map(({ key, state, unchecked, text, source }) => (
          <CheckItem
            key={key}
            state={state}
            stateText={t(state === 'unknown' && unchecked ? 'state.unchecked' : `state.${state}`)}
            source={source}
          >
            {text}
          </CheckItem>
        ))}
      </Checklist>
    </Card>
  )
}
