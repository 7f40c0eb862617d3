'use client'

import { ChevronLeft, ChevronRight } from 'lucide-react'
import { buttonClass } from '@/components/ui/button-class'
import { PageFoot } from '@/components/ui/pagination'
import { ListLink } from './list-link'

/** "51–100 of 126" and links to the previous and next page; a page that does not exist has no link. */
export function ListFoot({
  label,
  range,
  previous,
  next,
  onGo,
}: {
  label: string
  range: string
  previous: { href: string; text: string } | null
  next: { href: string; text: string } | null
  onGo: () => void
}) {
  const look = buttonClass({ className: 'max-md:h-10' })
  return (
    <PageFoot label={label} range={range}>
      {previous && (
        <ListLink href={previous.href} rel="prev" onGo={onGo} className={look}>
          <ChevronLeft />
          {previous.text}
        </ListLink>
      )}
      {next && (
        <ListLink href={next.href} rel="next" onGo={onGo} className={look}>
          {next.text}
          <ChevronRight />
        </ListLink>
      )}
    </PageFoot>
  )
}
