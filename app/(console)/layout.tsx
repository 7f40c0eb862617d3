import { CSPProvider } from '@base-ui/react/csp-provider'
import { cookies } from 'next/headers'
import { NextIntlClientProvider } from 'next-intl'
import { getNow, getTimeZone } from 'next-intl/server'
import type { ReactNode } from 'react'
import { InboxBeside } from '@/components/sandbox/inbox-beside'
import { ConsoleFrame } from '@/components/shell/console-frame'
import { QueryProvider } from '@/components/shell/query-provider'
import { TimeZoneNote } from '@/components/shell/time-zone-note'
import { pageActor, required } from '@/lib/http'
import { clientMessages } from '@/lib/i18n/client-messages'
import { chooseTheme, themeCookie, timeZoneCookie } from '@/lib/i18n/locale'
import { getMe } from '@/lib/usecases/session'

export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const actor = await pageActor()
  const [me, jar] = await Promise.all([required(actor, getMe, {}), cookies()])
  // The sandbox inbox can be opened next to every page.
  const messages = await clientMessages([
    'app',
    'common',
    'errors',
    'shell',
    ...(me.cloud === 'sandbox' ? (['sandbox'] as const) : []),
  ])
  return (
    <NextIntlClientProvider messages={messages} now={await getNow()} timeZone={await getTimeZone()}>
      <CSPProvider disableStyleElements>
        <QueryProvider>
          <ConsoleFrame me={me} theme={chooseTheme(jar.get(themeCookie)?.value)} strip={<InboxBeside />}>
            {children}
          </ConsoleFrame>
          <TimeZoneNote known={jar.get(timeZoneCookie)?.value ?? ''} />
        </QueryProvider>
      </CSPProvider>
    </NextIntlClientProvider>
  )
}
