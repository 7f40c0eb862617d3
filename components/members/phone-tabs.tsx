'use client'

import { useFormatter, useTranslations } from 'next-intl'
import { useEffect, useRef } from 'react'
import { ListLink } from '@/components/table/list-link'
import { TabCount, TabRow, tabClass } from '@/components/ui/tabs'
import type { MemberPage } from '@/lib/contract/members'
import { useMemberFilter } from './use-member-filter'

const tabs = [undefined, 'missing', 'unread', 'bound', 'not_applicable'] as const

/** The list by phone status, with the numbers of the whole directory. */
export function PhoneTabs({ counts }: { counts: MemberPage['counts'] }) {
  const t = useTranslations('members')
  const status = useTranslations('status.phone')
  const format = useFormatter()
  const { filter, hrefWith } = useMemberFilter()
  const row = useRef<HTMLDivElement>(null)

  // On narrow screens the chosen tab may lie outside of the row.
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs when another tab is chosen
  useEffect(() => {
    row.current?.querySelector('[aria-current=page]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
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
