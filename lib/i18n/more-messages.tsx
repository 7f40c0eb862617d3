'use client'

import { useRouter } from 'next/navigation'
import {
  type AbstractIntlMessages,
  type Locale,
  NextIntlClientProvider,
  useLocale,
  useMessages,
} from 'next-intl'
import { type ReactNode, useEffect } from 'react'

/** Adds to the messages the browser already has; next-intl's own provider would replace them. */
export function MoreMessages({
  locale,
  messages,
  children,
}: {
  locale: Locale
  messages: AbstractIntlMessages
  children: ReactNode
}) {
  const around = useMessages()
  const aroundLocale = useLocale()
  const router = useRouter()
  // If the language was changed in another tab, also refresh the layout, which a link does not reload.
  useEffect(() => {
    if (locale !== aroundLocale) router.refresh()
  }, [locale, aroundLocale, router])
  return (
    <NextIntlClientProvider locale={aroundLocale} messages={{ ...around, ...messages }}>
      {children}
    </NextIntlClientProvider>
  )
}
