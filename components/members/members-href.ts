import { listHref } from '@/components/table/list-url'
import type { MemberFilter } from '@/lib/contract/member-filter'

/** The address of the member list with these filters. */
export function membersHref(filter: Partial<MemberFilter>): string {
  return listHref('/members', { ...filter, page: filter.page === 1 ? undefined : filter.page })
}

/** Everything but the tab and the order, which are not filters to a reader. */
export const withoutFilters = {
  q: undefined,
  open: undefined,
  type: undefined,
  status: undefined,
  folder: undefined,
  page: 1,
}

export const withoutAnything = { ...withoutFilters, phone: undefined }
