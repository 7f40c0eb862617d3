'use client'

import { useQueryClient } from '@tanstack/react-query'
import { RefreshCw } from 'lucide-react'
import { useFormatter } from 'next-intl'
import { useEffect, useRef } from 'react'
import { FailureBanner } from '@/components/form/failure-banner'
import { useViewer } from '@/components/shell/me'
import { Page, PageHead } from '@/components/shell/page'
import { ListFoot } from '@/components/table/list-foot'
import { Button } from '@/components/ui/button'
import { LiveRegion } from '@/components/ui/live-region'
import { failureOf } from '@/lib/browser/call'
import { queryKey } from '@/lib/browser/query-key'
import { pageSize } from '@/lib/contract/member-filter'
import type { MemberPage, MemberRow } from '@/lib/contract/members'
import { useAge } from '@/lib/i18n/age'
import { useTranslations } from '@/lib/i18n/translations'
import { FirstSync } from './first-sync'
import { MemberFilters } from './member-filters'
import { MemberTable } from './member-table'
import { MembersFailure } from './members-failure'
import { NoMembers } from './no-members'
import { PhoneTabs } from './phone-tabs'
import { useMemberPage, usePhoneLoads, useRefreshMembers } from './queries'
import { useMemberFilter } from './use-member-filter'

const noRows: MemberRow[] = []

export function MembersScreen() {
  const t = useTranslations('members')
  const { filter } = useMemberFilter()
  const { data, error, isPlaceholderData, isPending } = useMemberPage(filter)
  useNameOnceKnown(data)
  if (!data) {
    if (!isPending) return <MembersFailure failure={failureOf(error)} />
    return (
      <Page title={t('title')} ground="surface">
        <PageHead title={t('title')} />
        <FirstSync soFar={0} />
      </Page>
    )
  }
  return <List data={data} late={isPlaceholderData} failure={error} />
}

function List({ data, late, failure }: { data: MemberPage; late: boolean; failure: Error | null }) {
  const t = useTranslations('members')
  const { filter, hrefWith } = useMemberFilter()
  const refresh = useRefreshMembers(data)
  const list = useRef<HTMLDivElement>(null)
  const age = useAge()

  // On the tab of unread statuses, automatic reading would remove the rows while someone looks at them.
  const byHand = filter.phone === 'unread'
  const phones = usePhoneLoads(late || data.readAt === null ? noRows : data.rows, !byHand)
  const thrown = failureOf(failure ?? refresh.error ?? phones.error)
  // A failed refresh is also stored with the list: show it once, until the next success.
  const problem = data.readError ?? thrown
  const refreshButton = (labelClass?: string) => (
    <Button
      icon={<RefreshCw />}
      busy={refresh.isPending || data.sync !== null}
      busyLabel={<span className={labelClass}>{t('refreshing')}</span>}
      onClick={refresh.refresh}
    >
      <span className={labelClass}>{t('refresh')}</span>
    </Button>
  )
  if (data.readAt === null && problem && !data.sync)
    return <MembersFailure failure={problem} act={refreshButton()} />

  const first = (data.page - 1) * pageSize
  const range = t('range', { from: first + 1, to: first + data.rows.length, total: data.total })
  return (
    <Page title={t('title')} ground="surface">
      <PageHead
        // On small screens the top bar directly above shows the same title.
        title={<span className="max-md:sr-only">{t('title')}</span>}
        note={<HeadNote data={data} />}
        actions={refreshButton('max-md:sr-only')}
      />
      {problem && (
        <div className="mb-3">
          <FailureBanner error={problem}>
            {data.readError && data.readAt && <p>{t('readBefore', { age: age(data.readAt) })}</p>}
          </FailureBanner>
        </div>
      )}
      {data.readAt === null ? (
        <FirstSync soFar={data.inDirectory} />
      ) : (
        <>
          <PhoneTabs counts={data.counts} />
          <MemberFilters choices={data} end={<PhoneLoads phones={phones} byHand={byHand} />} />
          {/* Changing the page of the list leads here, for scroll position and focus alike. */}
          <div
            ref={list}
            tabIndex={-1}
            aria-busy={late}
            className="outline-none transition-opacity aria-busy:opacity-60 aria-busy:delay-300"
          >
            {data.rows.length > 0 ? (
              <MemberTable rows={data.rows} loadOf={phones.of} />
            ) : (
              <NoMembers page={data} filter={filter} />
            )}
          </div>
          {data.rows.length > 0 && (
            <ListFoot
              label={t('pages')}
              range={range}
              previous={
                data.page > 1 ? { href: hrefWith({ page: data.page - 1 }), text: t('previous') } : null
              }
              next={
                first + data.rows.length < data.total
                  ? { href: hrefWith({ page: data.page + 1 }), text: t('next') }
                  : null
              }
              onGo={() => toTop(list.current)}
            />
          )}
        </>
      )}
      <LiveRegion>{late || data.readAt === null ? null : t('found', { total: data.total })}</LiveRegion>
      <LiveRegion>{refresh.news && t(refresh.news)}</LiveRegion>
    </Page>
  )
}

/** Focus alone does not scroll while any part of the list is visible. */
function toTop(list: HTMLElement | null) {
  list?.focus({ preventScroll: true })
  list?.scrollIntoView({ block: 'start' })
}

function HeadNote({ data }: { data: MemberPage }) {
  const t = useTranslations('members')
  const format = useFormatter()
  const age = useAge()
  const name = useViewer().me.directory?.name
  if (data.readAt === null) return null
  const count = data.inDirectory
  return (
    <>
      <span className={name ? 'md:hidden' : ''}>{t('count', { count })}</span>
      {name && <span className="max-md:hidden">{t('countIn', { count, name })}</span>}
      {' · '}
      <time dateTime={data.readAt}>{t('readAt', { age: age(data.readAt) })}</time>
      {data.sync && (
        <>
          {' · '}
          <time dateTime={data.sync.since}>
            {t('syncing', {
              time: format.dateTime(new Date(data.sync.since), 'minute'),
              known: data.sync.by ? 'yes' : 'no',
              name: data.sync.by ?? '',
            })}
          </time>
        </>
      )}
    </>
  )
}

/** The progress of reading the phone statuses on this page, at the end of the filters. */
function PhoneLoads({
  phones: { loading, failed, unread, retrying, stopped, ask },
  byHand,
}: {
  phones: ReturnType<typeof usePhoneLoads>
  byHand: boolean
}) {
  const t = useTranslations('members')
  if (loading.length > 0) return t('loadingPhones', { count: loading.length })
  const count = unread.length
  if (count === 0 || (failed.length === 0 && !stopped && !byHand)) return null
  return (
    <span className="flex flex-wrap items-center gap-2">
      {failed.length > 0 && t('unreadLeft', { count: failed.length, again: retrying ? 'yes' : 'no' })}
      <Button onClick={() => ask(unread)}>{byHand ? t('readShown', { count }) : t('readAgain')}</Button>
    </span>
  )
}

/** The organization's name is known after the first sync; the frame around the page is reloaded then. */
function useNameOnceKnown(data: MemberPage | undefined) {
  const client = useQueryClient()
  const named = useViewer().me.directory?.name != null
  const read = data ? data.readAt !== null : false
  useEffect(() => {
    if (read && !named) void client.invalidateQueries({ queryKey: queryKey('getMe', {}) })
  }, [read, named, client])
}
