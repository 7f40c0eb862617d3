'use client'

import { type AbstractIntlMessages, NextIntlClientProvider, useLocale, useMessages } from 'next-intl'
import type { ReactNode } from 'react'

/** Adds to the messages around it, which the browser has already: next-intl's own provider would take their place. */
export function MoreMessages({
  messages,
  children,
}: {
  messages: AbstractIntlMessages
  children: ReactNode
}) {
  const around = useMessages()
  return (
    <NextIntlClientProvider locale={useLocale()} messages={{ ...around, ...messages }}>
      {children}
    </NextIntlClientProvider>
  )
}
