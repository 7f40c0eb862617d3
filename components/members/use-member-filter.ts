import { useSearchParams } from 'next/navigation'
import { goTo } from '@/components/table/list-url'
import { type MemberFilter, readMemberFilter } from '@/lib/contract/member-filter'
import { membersHref } from './members-href'

/** The filters in the URL, and the URLs and functions that change one of them. */
export function useMemberFilter() {
  const filter = readMemberFilter(Object.fromEntries(useSearchParams()))
  return {
    filter,
    /** Changing a filter always returns to the first page. */
    hrefWith: (change: Partial<MemberFilter>) => membersHref({ ...filter, page: 1, ...change }),
    /** Reads the URL again: by the end of a typing pause, something else may have been chosen. */
    change(change: Partial<MemberFilter>, how?: 'push' | 'replace') {
      const now = readMemberFilter(Object.fromEntries(new URLSearchParams(window.location.search)))
      goTo(membersHref({ ...now, page: 1, ...change }), how)
    },
  }
}
