'use client'

import type { ReactNode } from 'react'
import { FailureBanner } from '@/components/form/failure-banner'
import type { ShownError } from '@/lib/contract/errors'
import { type Crumb, Page, PageHead } from './page'
import { useRecovery } from './use-recovery'

/**
 * A page whose data Alibaba Cloud or this console refused: the frame stays, the main column shows the reason.
 */
export function PageFailure({
  title,
  crumbs,
  error,
  children,
}: {
  title: string
  crumbs?: Crumb[]
  error: ShownError
  children?: ReactNode
}) {
  useRecovery(error)
  return (
    <Page title={title} crumbs={crumbs} ground="surface">
      <PageHead title={title} />
      <div className="max-w-[39rem]">
        <FailureBanner error={error} />
        {children}
      </div>
    </Page>
  )
}
