'use client'

import { Inbox as InboxIcon, Search, SearchX } from 'lucide-react'
import { useState } from 'react'
import { Link } from '@/components/shell/link'
import { Button } from '@/components/ui/button'
import { buttonClass } from '@/components/ui/button-class'
import { Card } from '@/components/ui/card'
import { cx } from '@/components/ui/cx'
import { EmptyState } from '@/components/ui/empty-state'
import { LiveRegion } from '@/components/ui/live-region'
import { TextInput } from '@/components/ui/text-input'
import { useHydrated } from '@/components/ui/use-hydrated'
import { useShowMore } from '@/components/ui/use-show-more'
import { foldName } from '@/lib/contract/fold-name'
import type { SandboxMessage } from '@/lib/contract/sandbox'
import { useTranslations } from '@/lib/i18n/translations'
import { Message } from './message'
import { useSandboxTime } from './queries'

const shownFirst = 8

/** What phone holders and mailbox owners would have received, newest first. */
export function Inbox({
  messages,
  total,
  now,
  live,
  narrow = false,
}: {
  messages: SandboxMessage[]
  total: number
  now: string
  live: boolean
  /** Shown beside a page, with room for the messages only. */
  narrow?: boolean
}) {
  const t = useTranslations('sandbox.inbox')
  const time = useSandboxTime(now)
  const hydrated = useHydrated()
  const [filter, setFilter] = useState('')
  const { list, all, showAll } = useShowMore(shownFirst)
  const [newestAtFirst] = useState(messages[0]?.id)
  const wanted = foldName(filter)
  const found = messages.filter(({ to }) => foldName(to).includes(wanted))
  const shown = all ? found : found.slice(0, shownFirst)
  const [newest] = messages
  return (
    <Card aria-labelledby="inbox">
      <div className="flex min-h-14 flex-wrap items-center gap-x-3 gap-y-2 border-b border-line px-4 py-2.5">
        <h2 id="inbox" className="text-h2">
          {t('title')}
        </h2>
        <span className="flex items-center gap-1.5 text-small text-text2">
          <span
            aria-hidden
            className={cx('size-2 rounded-full forced-color-adjust-none', live ? 'bg-ok' : 'bg-idle')}
          />
          {live ? t('live') : t('notLive')}
        </span>
        {!narrow && (
          <TextInput
            type="search"
            aria-label={t('filter')}
            placeholder={t('filter')}
            autoComplete="off"
            disabled={!hydrated}
            value={filter}
            onChange={(event) => setFilter(event.target.value)}
            start={<Search />}
            className="w-full sm:ml-auto sm:w-56"
          />
        )}
      </div>
      <LiveRegion>{newest && newest.id !== newestAtFirst && t('arrived', { to: newest.to })}</LiveRegion>
      {shown.length > 0 ? (
        <ul ref={list}>
          {shown.map((message) => (
            <Message key={message.id} message={message} time={time} />
          ))}
        </ul>
      ) : messages.length === 0 ? (
        <EmptyState
          icon={<InboxIcon />}
          title={t('empty')}
          action={
            !narrow && (
              <Link href="/members" className={buttonClass()}>
                {t('toMembers')}
              </Link>
            )
          }
        >
          {t('emptyBody')}
        </EmptyState>
      ) : (
        <EmptyState
          icon={<SearchX />}
          title={t('noMatch', { filter: filter.trim() })}
          action={<Button onClick={() => setFilter('')}>{t('clear')}</Button>}
        />
      )}
      {found.length > shown.length && (
        <div className="border-t border-line p-2">
          <Button variant="quiet" className="w-full" onClick={showAll}>
            {t('older', { count: found.length - shown.length })}
          </Button>
        </div>
      )}
      {all && total > messages.length && (
        <p className="border-t border-line px-4 py-2.5 text-small text-text3">
          {t('newest', { shown: messages.length, total })}
        </p>
      )}
    </Card>
  )
}
