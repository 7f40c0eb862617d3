'use client'

import type { ReactNode } from 'react'
import { Th } from '@/components/ui/table'
import { ListLink } from './list-link'

/** A head cell whose name sorts the list. On small screens heads are not seen, so there is no link to get lost on. */
export function SortHead({
  sort,
  href,
  label,
  className,
  children,
}: {
  sort: 'ascending' | 'descending' | 'none'
  href: string
  /** What the link does, for those who hear it without the column. */
  label: string
  className?: string
  children: ReactNode
}) {
  return (
    <Th sort={sort} className={className}>
      <ListLink href={href} title={label} className="rounded-tag py-1 hover:text-text max-md:hidden">
        {children}
      </ListLink>
      <span className="md:hidden">{children}</span>
    </Th>
  )
}
