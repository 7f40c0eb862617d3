'use client'

import { RefreshCw } from 'lucide-react'
import { FailureBanner } from '@/components/form/failure-banner'
import { Link } from '@/components/shell/link'
import { Page, PageHead } from '@/components/shell/page'
import { AccountId } from '@/components/ui/account-id'
import { Banner } from '@/components/ui/banner'
import { Button } from '@/components/ui/button'
import { buttonClass } from '@/components/ui/button-class'
import { CopyButton } from '@/components/ui/copy-button'
import { LiveRegion } from '@/components/ui/live-region'
import { failureOf } from '@/lib/browser/call'
import type { MemberDetail } from '@/lib/contract/members'
import { useTranslations } from '@/lib/i18n/translations'
import { FactsCard } from './facts-card'
import { useFolderWords } from './folder-words'
import { MemberFailure } from './member-failure'
import { PhoneBadge } from './phone-badge'
import { PhoneCard } from './phone-card'
import { useMember, useRereadMember } from './queries'
import { TimeLineCard } from './time-line-card'
import { useTypeWords } from './words'

export function MemberScreen({ memberId }: { memberId: string }) {
  const t = useTranslations('member')
  const list = useTranslations('members')
  const { data: member, error } = useMember(memberId)
  const reread = useRereadMember(memberId)
  if (!member) return error && <MemberFailure id={memberId} failure={failureOf(error)} />
  const problem = reread.error ?? error
  const gone = member.blockedReason === 'gone'
  return (
    <Page title={member.displayName} crumbs={[{ href: '/members', text: list('title') }]} ground="canvas">
      <PageHead
        title={member.displayName}
        badge={!gone && <PhoneBadge member={member} />}
        note={<HeadNote member={member} />}
        actions={
          <>
            <Button
              icon={<RefreshCw />}
              busy={reread.isPending}
              busyLabel={t('actions.loading')}
              onClick={() => reread.mutate()}
              className="max-md:h-10"
            >
              {t('actions.readAgain')}
            </Button>
            <NextAct member={member} />
          </>
        }
      />
      <LiveRegion>{reread.isSuccess ? t('actions.readDone') : null}</LiveRegion>
      <div className="grid gap-4">
        {problem && <FailureBanner error={failureOf(problem)} />}
        {gone && (
          <Banner tone="warn" title={t('gone.title')}>
            {t('gone.body')}
          </Banner>
        )}
        <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_minmax(0,2fr)]">
          <div className="grid gap-4 md:max-xl:grid-cols-2 md:max-xl:items-start">
            <PhoneCard member={member} />
            <FactsCard member={member} />
          </div>
          <TimeLineCard member={member} />
        </div>
      </div>
    </Page>
  )
}

function HeadNote({ member }: { member: MemberDetail }) {
  const t = useTranslations('member')
  const common = useTranslations('common')
  const type = useTypeWords()
  const folder = useFolderWords()
  return (
    <span className="flex flex-wrap items-center gap-x-1.5">
      <span className="flex items-center gap-1">
        <AccountId id={member.id} />
        <CopyButton
          value={member.id}
          label={t('copyId')}
          copiedLabel={common('copied')}
          failedLabel={common('copyFailed')}
        />
      </span>
      <span>
        <span aria-hidden>· </span>
        {type(member.type)}
      </span>
      <span>
        <span aria-hidden>· </span>
        {folder(member)}
      </span>
    </span>
  )
}

/** The page's one primary action: none if nothing can be bound; the phone card says why. */
function NextAct({ member }: { member: MemberDetail }) {
  const t = useTranslations('member')
  const unknown = member.open === 'outcome_unknown'
  if (member.blockedReason && !unknown) return null
  return (
    <Link
      href={`/members/${member.id}/phone`}
      className={buttonClass({ variant: 'primary', className: 'max-md:h-10' })}
    >
      {unknown
        ? t('actions.seeOutcome')
        : member.open === 'code_sent'
          ? t('actions.enterCode')
          : t('actions.bind')}
    </Link>
  )
}
