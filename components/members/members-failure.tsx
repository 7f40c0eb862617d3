'use client'

import { LockKeyhole } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { FailureBanner } from '@/components/form/failure-banner'
import { useViewer } from '@/components/shell/me'
import { Page, PageHead } from '@/components/shell/page'
import { Button } from '@/components/ui/button'
import { Card, CardBody } from '@/components/ui/card'
import { DescriptionList, DescriptionRow } from '@/components/ui/description-list'
import type { ErrorBody } from '@/lib/contract/errors'
import { NoDirectory } from './no-directory'

/** In place of the list: what keeps it from being shown, and the act that may help. */
export function MembersFailure({ failure, act }: { failure: ErrorBody | null; act?: ReactNode }) {
  const t = useTranslations('members')
  const common = useTranslations('common')
  const router = useRouter()
  if (failure?.code === 'directory.none') {
    return (
      <Page title={t('title')} ground="canvas">
        <NoDirectory />
      </Page>
    )
  }
  const permission = failure?.code === 'cloud.permission'
  return (
    <Page title={t('title')} ground="canvas">
      <PageHead
        title={t(permission ? 'failed.permissionTitle' : 'failed.title')}
        note={permission && t('failed.permissionBody')}
      />
      <div className="grid max-w-[45rem] gap-4">
        <FailureBanner error={failure} />
        {permission && <WhatToAskFor failure={failure} />}
        <div className="flex flex-wrap gap-2">
          {act ?? <Button onClick={() => router.refresh()}>{common('tryAgain')}</Button>}
        </div>
      </div>
    </Page>
  )
}

function WhatToAskFor({ failure }: { failure: ErrorBody }) {
  const t = useTranslations('members.failed')
  const { me } = useViewer()
  const { action, principal } = failure.params ?? {}
  const known = typeof principal === 'string' && principal !== 'unknown' ? principal : me.arn
  return (
    <Card>
      <CardBody>
        <DescriptionList>
          {action && (
            <DescriptionRow label={t('action')}>
              <span className="inline-flex items-center gap-2">
                <LockKeyhole className="text-text3" />
                <code translate="no" className="font-mono text-mono">
                  {action}
                </code>
              </span>
            </DescriptionRow>
          )}
          <DescriptionRow label={t('principal')}>
            <code translate="no" className="font-mono text-mono">
              {known}
            </code>
          </DescriptionRow>
          <DescriptionRow label={t('ask')}>{t('askText')}</DescriptionRow>
        </DescriptionList>
      </CardBody>
    </Card>
  )
}
