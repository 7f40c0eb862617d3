'use client'

import type { ReactNode } from 'react'
import { FailureBanner } from '@/components/form/failure-banner'
import type { ShownError } from '@/lib/contract/errors'
import { accountCenter } from '@/lib/contract/site'
import { useTranslations } from '@/lib/i18n/translations'
import { useFlowFrame } from './flow-context'
import { ExternalTextLink } from './links'

/** A failure of a flow, with a link to where something missing from the account can be fixed. */
export function FlowFailure({ error, children }: { error: ShownError; children?: ReactNode }) {
  const t = useTranslations('flow')
  const { site } = useFlowFrame().flow
  return (
    <FailureBanner error={error}>
      {children}
      {error?.code.startsWith('account.') && (
        <p className="mt-2">
          <ExternalTextLink href={accountCenter[site]}>{t('openAccountCenter')}</ExternalTextLink>
        </p>
      )}
    </FailureBanner>
  )
}
