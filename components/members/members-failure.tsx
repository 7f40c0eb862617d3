'use client'

import { useRouter } from 'next/navigation'
import type { ReactNode } from 'react'
import { FailureBanner } from '@/components/form/failure-banner'
import { Page, PageHead } from '@/components/shell/page'
import { useRecovery } from '@/components/shell/use-recovery'
import { Button } from '@/components/ui/button'
import type { ShownError } from '@/lib/contract/errors'
import { useTranslations } from '@/lib/i18n/translations'
import { NoDirectory } from './no-directory'

/** In place of the list: why it cannot be shown, and the action that may help. */
export function MembersFailure({ failure, act }: { failure: ShownError; act?: ReactNode }) {
  const t = useTranslations('members')
  const common = useTranslations('common')
  const router = useRouter()
  useRecovery(failure)
  if (failure.code === 'directory.none') {
    return (
      <Page title={t('title')} ground="canvas">
        <NoDirectory />
      </Page>
    )
  }
  const permission = failure.code === 'cloud.permission'
  return (
    <Page title={t('title')} ground="canvas">
      <PageHead
        title={t(permission ? 'failed.permissionTitle' : 'failed.title')}
        note={permission && t('failed.permissionBody')}
      />
      <div className="grid max-w-[45rem] gap-4">
        <FailureBanner error={failure}>{permission && <p>{t('failed.askText')}</p>}</FailureBanner>
        <div className="flex flex-wrap gap-2">
          {act ?? <Button onClick={() => router.refresh()}>{common('tryAgain')}</Button>}
        </div>
      </div>
    </Page>
  )
}
