'use client'

import { useSearchParams } from 'next/navigation'
import { Link, type LinkProps } from '@/components/shell/link'
import { goTo, rebased } from './list-url'

/** A link to the same list with other filters: it works in a new tab, and in place it loads no page. */
export function ListLink({ href, onGo, ...rest }: Omit<LinkProps, 'onNavigate'> & { onGo?: () => void }) {
  const shown = useSearchParams()
  return (
    <Link
      {...rest}
      href={href}
      prefetch={false}
      onNavigate={(event) => {
        event.preventDefault()
        goTo(rebased(href, shown, new URLSearchParams(window.location.search)))
        onGo?.()
      }}
    />
  )
}
