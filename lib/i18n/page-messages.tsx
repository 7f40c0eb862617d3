import { getLocale } from 'next-intl/server'
import type { ReactNode } from 'react'
import { clientMessages, type Namespace } from './client-messages'
import { MoreMessages } from './more-messages'

/** A page's own namespaces, beside those that its layouts give: `page-messages.test.ts` holds which they must be. */
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
