'use client'

import { LogOut, MonitorSmartphone } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useFormatter, useLocale } from 'next-intl'
import { useEffect, useState } from 'react'
import { AccountId } from '@/components/ui/account-id'
import { Menu } from '@/components/ui/menu'
import type { MenuEntry } from '@/components/ui/menu-popup'
import { call } from '@/lib/browser/call'
import { rememberPreference } from '@/lib/i18n/client'
import { localeCookie } from '@/lib/i18n/locale'
import { useTranslations } from '@/lib/i18n/translations'
import { confirmLeave } from './leave'
import { Link } from './link'
import { useViewer } from './me'
import { useThemeEntries } from './theme-menu'

/** Who is signed in, until when, and signing out; on small screens also language and theme. */
export function OperatorMenu() {
  const t = useTranslations('shell')
  const format = useFormatter()
  const { me } = useViewer()
  const small = useSmallScreenEntries()
  const ends = new Date(Date.now() + me.secondsToEnd * 1000)
  const entries: MenuEntry[] = [
    ...small,
    { key: 'sessions', text: t('sessions'), icon: <MonitorSmartphone />, link: <Link href="/settings" /> },
    {
      key: 'sign-out',
      text: t('signOut'),
      icon: <LogOut />,
      onSelect: () => confirmLeave(() => void signOut()),
    },
  ]
  return (
    <Menu
      label={t('operatorMenu', { name: me.operatorName })}
      entries={entries}
      align="end"
      triggerClass="flex h-8 items-center gap-2 rounded-control px-1 text-table font-medium hover:bg-hover"
      head={
        <div className="px-2 py-1.5 text-small">
          <p className="font-medium wrap-anywhere text-text">{me.operatorName}</p>
          <p className="text-text3">
            <AccountId id={me.accountId} />
          </p>
          <p className="font-mono text-caption wrap-anywhere text-text3">{me.arn}</p>
          <p className="mt-1 text-text3" suppressHydrationWarning>
            {t('sessionEnds', {
              time: format.dateTime(ends, 'minute'),
            })}
          </p>
        </div>
      }
    >
      {/* Written by CSS: as text it would be part of the button's visible name, and voice control would expect it there. */}
      <span
        aria-hidden
        data-initials={initials(me.operatorName)}
        className="grid size-6.5 place-items-center before:content-[attr(data-initials)] rounded-full bg-text text-[0.6875rem] font-semibold text-surface"
      />
      <span className="max-w-40 truncate max-md:hidden">{me.operatorName}</span>
    </Menu>
  )
}

async function signOut(): Promise<void> {
  // If the session is already over, that is what was asked for.
  await call('signOut', {}).catch(() => undefined)
  window.location.assign('/sign-in')
}

function useSmallScreenEntries(): MenuEntry[] {
  const t = useTranslations('shell')
  const router = useRouter()
  const locale = useLocale()
  const { endShownHere, signedOut } = useViewer()
  const { entries } = useThemeEntries()
  const [small, setSmall] = useState(false)
  useEffect(() => {
    const query = window.matchMedia('(max-width: 767px)')
    const read = () => setSmall(query.matches)
    read()
    query.addEventListener('change', read)
    return () => query.removeEventListener('change', read)
  }, [])
  if (!small) return []
  const languages = [
    { value: 'en', text: t('englishName') },
    { value: 'zh-CN', text: t('chinese') },
  ]
  const language: MenuEntry[] = [
    { kind: 'heading', key: 'language', text: t('language') },
    ...languages.map(({ value, text }) => ({
      key: value,
      text,
      checked: locale === value,
      onSelect: () => {
        rememberPreference(localeCookie, value)
        router.refresh()
      },
    })),
  ]
  return [
    // See the switch in `Page`.
    ...(endShownHere || signedOut ? [] : language),
    { kind: 'heading', key: 'theme', text: t('theme') },
    ...entries,
    { kind: 'separator', key: 'line' },
  ]
}

function initials(name: string): string {
  const letters = name.split(/[._@\s-]+/).map((part) => part.charAt(0))
  return letters.slice(0, 2).join('').toUpperCase()
}
