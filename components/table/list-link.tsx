'use client'

import { Link, type LinkProps } from '@/components/shell/link'
import { goTo } from './list-url'

/** A link to the same list with other filters: it works in a new tab, and in place it loads no page. */
export function ListLink({ href, onGo, ...rest }: Omit<LinkProps, 'onNavigate'> & { onGo?: () => void }) {
  return (
    <Link
      {...rest}
      href={href}
      prefetch={false}
      onNavigate={(event) => {
        event.preventDefault()
        goTo(href)
        onGo?.()
      }}
    />
  )
}
