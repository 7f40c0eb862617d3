'use client'

import NextLink, { useLinkStatus } from 'next/link'
import { useRouter } from 'next/navigation'
import type { ComponentProps } from 'react'
import { isTyped } from '@/components/form/typed'
import { confirmLeave } from './leave'
import { useLoading } from './loading'

export type LinkProps = Omit<ComponentProps<typeof NextLink>, 'href'> & { href: string }

/** The router's link; it also shows that the next page is loading, and asks before what was typed is lost. */
export function Link({ href, onNavigate, children, ...rest }: LinkProps) {
  const router = useRouter()
  return (
    <NextLink
      {...rest}
      href={href}
      onNavigate={(event) => {
        onNavigate?.(event)
        // Another URL of the same page keeps what is typed.
        if (!isTyped() || new URL(href, window.location.href).pathname === window.location.pathname) return
        event.preventDefault()
        confirmLeave(() => router.push(href))
      }}
    >
      {children}
      <Progress />
    </NextLink>
  )
}

function Progress() {
  useLoading(useLinkStatus().pending)
  return null
}
