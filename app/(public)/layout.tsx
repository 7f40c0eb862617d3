import { NextIntlClientProvider } from 'next-intl'
import type { ReactNode } from 'react'
import { TimeZoneNote } from '@/components/shell/time-zone-note'
import { clientMessages } from '@/lib/i18n/client-messages'

export default async function PublicLayout({ children }: { children: ReactNode }) {
  const messages = await clientMessages(['app', 'common', 'errors', 'shell'])
  return (
    <NextIntlClientProvider messages={messages}>
      {children}
      <TimeZoneNote />
    </NextIntlClientProvider>
  )
}
