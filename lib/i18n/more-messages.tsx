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

/** Adds to the messages around it, which the browser has already: next-intl's own provider would take their place. */
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
  // The language was changed in another tab: the frame, which a link does not load anew, follows.
  useEffect(() => {
    if (locale !== aroundLocale) router.refresh()
  }, [locale, aroundLocale, router])
  return (
    <NextIntlClientProvider locale={aroundLocale} messages={{ ...around, ...messages }}>
      {children}
    </NextIntlClientProvider>
  )
}
