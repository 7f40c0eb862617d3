'use client'

import { SearchX } from 'lucide-react'
import { buttonClass } from '@/components/ui/button-class'
import { EmptyState } from '@/components/ui/empty-state'
import { Link } from './link'
import { type Crumb, Page } from './page'

/** @param list where it would be listed if it existed; `back` leads there */
export function MissingPage({
  title,
  body,
  list,
  back,
}: {
  title: string
  body: string
  list: Crumb
  back: string
}) {
  return (
    <Page title={title} crumbs={[list]} ground="surface">
      <EmptyState
        icon={<SearchX />}
        title={title}
        heading="h1"
        action={
          <Link href={list.href} className={buttonClass()}>
            {back}
          </Link>
        }
      >
        {body}
      </EmptyState>
    </Page>
  )
}
