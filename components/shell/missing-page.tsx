'use client'

import { SearchX } from 'lucide-react'
import Link from 'next/link'
import { buttonClass } from '@/components/ui/button-class'
import { type Crumb, Page } from './page'

/** @param list where the thing would be found if it existed; `back` leads there */
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
      <div className="flex flex-col items-center px-4 py-12 text-center">
        <span className="mb-3 grid size-11 place-items-center rounded-card bg-sunken text-text2">
          <SearchX className="size-5" />
        </span>
        <h1 className="text-h2">{title}</h1>
        <p className="mt-1 max-w-100 text-text2">{body}</p>
        <Link href={list.href} className={buttonClass({ className: 'mt-4' })}>
          {back}
        </Link>
      </div>
    </Page>
  )
}
