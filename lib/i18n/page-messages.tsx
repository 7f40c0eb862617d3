import { getLocale } from 'next-intl/server'
import type { ReactNode } from 'react'
import { clientMessages, type Namespace } from './client-messages'
import { MoreMessages } from './more-messages'

/** Sends a page's own namespaces, in addition to its layouts'. `page-messages.test.ts` checks which ones it needs. */
export async function PageMessages({
  namespaces,
  children,
}: {
  namespaces: readonly Namespace[]
  children: ReactNode
}) {
  const [locale, messages] = await Promise.all([getLocale(), clientMessages(namespaces)])
  return (
    <MoreMessages locale={locale} messages={messages}>
      {children}
    </MoreMessages>
  )
}
