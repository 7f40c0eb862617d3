'use client'

import type { ReactNode } from 'react'
import { Toaster } from '@/components/ui/toast'
import type { Me } from '@/lib/contract/session'
import type { Theme } from '@/lib/i18n/locale'
import { useTranslations } from '@/lib/i18n/translations'
import { besideId } from './beside'
import { LeaveDialog } from './leave'
import { Loading } from './loading'
import { ViewerProvider } from './me'
import { SideNavigation } from './navigation'
import { Notices } from './notices'
import { SandboxStrip } from './sandbox-strip'
import { StorageBanner } from './storage-banner'

/**
 * Sandbox strip, side navigation, and the page with its own top bar.
 * @param strip at the end of the sandbox strip; what it opens is rendered into `besideId`
 */
export function ConsoleFrame({
  me,
  theme,
  strip,
  children,
}: {
  me: Me
  theme: Theme
  strip?: ReactNode
  children: ReactNode
}) {
  const t = useTranslations('shell')
  const common = useTranslations('common')
  return (
    <ViewerProvider me={me} theme={theme}>
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:m-2 focus:rounded-control focus:bg-surface focus:px-3 focus:py-2 focus:shadow-popup"
      >
        {t('skip')}
      </a>
      <div
        data-sandbox={me.cloud === 'sandbox' || undefined}
        className="flex min-h-dvh flex-col [--strip:0rem] [--sticky-top:calc(3rem+var(--strip))] data-sandbox:[--strip:2rem]"
      >
        {me.cloud === 'sandbox' && <SandboxStrip>{strip}</SandboxStrip>}
        {/* Content under a sheet can be scrolled out from under it. */}
        <div className="flex flex-1 has-[[data-sheet]]:max-xl:pb-[50dvh]">
          <SideNavigation />
          <div className="flex min-w-0 flex-1 flex-col">
            <StorageBanner />
            {children}
            <Notices />
            <Loading />
          </div>
          <div id={besideId} className="contents" />
        </div>
      </div>
      <LeaveDialog />
      <Toaster label={common('notifications')} closeLabel={common('close')} />
    </ViewerProvider>
  )
}
