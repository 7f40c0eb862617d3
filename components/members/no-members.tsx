'use client'

import { CircleCheck, SearchX, Users } from 'lucide-react'
import { useViewer } from '@/components/shell/me'
import { ListLink } from '@/components/table/list-link'
import { buttonClass } from '@/components/ui/button-class'
import { EmptyState } from '@/components/ui/empty-state'
import type { MemberFilter } from '@/lib/contract/member-filter'
import type { MemberPage } from '@/lib/contract/members'
import { vendorConsole } from '@/lib/contract/site'
import { useTranslations } from '@/lib/i18n/translations'
import { membersHref, withoutAnything } from './members-href'

/** Why the list is empty, and what to do next. */
export function NoMembers({ page, filter }: { page: MemberPage; filter: MemberFilter }) {
  const t = useTranslations('members.empty')
  const { me } = useViewer()
  const showAll = (
    <ListLink href={membersHref({ ...filter, ...withoutAnything })} className={buttonClass()}>
      {t('showAll')}
    </ListLink>
  )
  if (page.inDirectory === 0) {
    return (
      <EmptyState
        icon={<Users />}
        title={t('none')}
        action={
          <a href={vendorConsole[me.site]} target="_blank" rel="noreferrer" className={buttonClass()}>
            {t('openVendor')}
          </a>
        }
      >
        {t('noneBody')}
      </EmptyState>
    )
  }
  if (page.total > 0) {
    return (
      <EmptyState
        icon={<SearchX />}
        title={t('page')}
        action={
          <ListLink href={membersHref({ ...filter, page: 1 })} className={buttonClass()}>
            {t('firstPage')}
          </ListLink>
        }
      >
        {t('pageBody')}
      </EmptyState>
    )
  }
  const good = goodNews(page, filter)
  return (
    <EmptyState icon={good ? <CircleCheck /> : <SearchX />} title={t(good ?? 'match')} action={showAll}>
      {t(`${good ?? 'match'}Body`)}
    </EmptyState>
  )
}

/**
 * An empty tab means that the work is done, if only the tab filters the list and no status is left to read.
 */
function goodNews({ counts }: MemberPage, { q, type, status, folder, open, phone }: MemberFilter) {
  if (q || type || status || folder || open || counts.unread > 0) return null
  return phone === 'unread' || phone === 'missing' ? phone : null
}
