'use client'

import { useRouter } from 'next/navigation'
import { FailureBanner } from '@/components/form/failure-banner'
import { Page, PageHead } from '@/components/shell/page'
import { useRecovery } from '@/components/shell/use-recovery'
import { AccountId } from '@/components/ui/account-id'
import { Button } from '@/components/ui/button'
import type { ShownError } from '@/lib/contract/errors'
import { useTranslations } from '@/lib/i18n/translations'
import { MembersFailure } from './members-failure'

/** Errors that affect every member, not only this one. */
const aboutAll = new Set<string>(['directory.none', 'directory.not_managed', 'cloud.permission'])

/** In place of a member: why it cannot be shown. */
export function MemberFailure({ id, failure }: { id: string; failure: ShownError }) {
  const t = useTranslations('member')
  const list = useTranslations('members')
  const common = useTranslations('common')
  const router = useRouter()
  useRecovery(failure)
  if (aboutAll.has(failure.code)) return <MembersFailure failure={failure} />
  return (
    <Page title={id} crumbs={[{ href: '/members', text: list('title') }]} ground="canvas">
      <PageHead title={t('failed')} note={<AccountId id={id} />} />
      <div className="grid max-w-[45rem] justify-items-start gap-4">
        <FailureBanner error={failure} />
        <Button onClick={() => router.refresh()}>{common('tryAgain')}</Button>
      </div>
    </Page>
  )
}
