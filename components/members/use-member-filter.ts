import { useSearchParams } from 'next/navigation'
import { goTo } from '@/components/table/list-url'
import { type MemberFilter, readMemberFilter } from '@/lib/contract/member-filter'
import { membersHref } from './members-href'

/** What the address asks for, and the addresses and acts that change one thing of it. */
export function useMemberFilter() {
  const filter = readMemberFilter(Object.fromEntries(useSearchParams()))
  return {
    filter,
    /** Any change of a filter begins at the first page again. */
    hrefWith: (change: Partial<MemberFilter>) => membersHref({ ...filter, page: 1, ...change }),
    /** Reads the address anew: a pause after typing may end when something else has been chosen already. */
    change(change: Partial<MemberFilter>, how?: 'push' | 'replace') {
      const now = readMemberFilter(Object.fromEntries(new URLSearchParams(window.location.search)))
      goTo(membersHref({ ...now, page: 1, ...change }), how)
    },
  }
}
