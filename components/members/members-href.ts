import { listHref } from '@/components/table/list-url'
import type { MemberFilter } from '@/lib/contract/member-filter'

/** The URL of the member list with these filters. */
export function membersHref(filter: Partial<MemberFilter>): string {
  return listHref('/members', { ...filter, page: filter.page === 1 ? undefined : filter.page })
}

/** Everything except the tab and the sort order, which users do not see as filters. */
export const withoutFilters = {
  q: undefined,
  open: undefined,
  type: undefined,
  status: undefined,
  folder: undefined,
  page: 1,
}

export const withoutAnything = { ...withoutFilters, phone: undefined }
