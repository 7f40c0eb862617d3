'use client'

import { useFormatter } from 'next-intl'
import { useEffect, useRef } from 'react'
import { ListLink } from '@/components/table/list-link'
import { TabCount, TabRow, tabClass } from '@/components/ui/tabs'
import type { MemberPage } from '@/lib/contract/members'
import { useTranslations } from '@/lib/i18n/translations'
import { useMemberFilter } from './use-member-filter'

const tabs = [undefined, 'missing', 'unread', 'bound', 'not_applicable'] as const

/** The list by phone status, with the counts under the current filters. */
export function PhoneTabs({ counts }: { counts: MemberPage['counts'] }) {
  const t = useTranslations('members')
  const status = useTranslations('status.phone')
  const format = useFormatter()
  const { filter, hrefWith } = useMemberFilter()
  const row = useRef<HTMLDivElement>(null)

  // On narrow screens the selected tab may be outside the visible part of the row.
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs when another tab is chosen
  useEffect(() => {
    const chosen = row.current?.querySelector('[aria-current=page]')
    if (chosen) bringIntoRow(chosen)
  }, [filter.phone])

  return (
    <div ref={row}>
      <TabRow label={t('tabs')} className="max-md:-mx-4 max-md:px-4">
        {tabs.map((phone) => (
          <ListLink
            key={phone ?? 'all'}
            href={hrefWith({ phone })}
            aria-current={filter.phone === phone ? 'page' : undefined}
            className={tabClass}
          >
            {phone ? status(phone) : t('all')}
            <TabCount>{format.number(counts[phone ?? 'all'])}</TabCount>
          </ListLink>
        ))}
      </TabRow>
    </div>
  )
}

/** Not with `scrollIntoView`: after it, some versions of Chromium continue from there on the next Tab. */
function bringIntoRow(chosen: Element) {
  const row = chosen.parentElement
  if (!row) return
  const tab = chosen.getBoundingClientRect()
  const frame = row.getBoundingClientRect()
  if (tab.left < frame.left) row.scrollLeft -= frame.left - tab.left
  else if (tab.right > frame.right) row.scrollLeft += tab.right - frame.right
}
