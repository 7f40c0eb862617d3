'use client'

import type { ReactNode } from 'react'
import { Th } from '@/components/ui/table'
import { ListLink } from './list-link'

/**
 * A header cell that sorts the list. Small screens show no header, so there is no link that could take the
 * focus unseen.
 */
export function SortHead({
  sort,
  href,
  label,
  className,
  children,
}: {
  sort: 'ascending' | 'descending' | 'none'
  href: string
  /** What the link does, for users who hear it without the column. */
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
