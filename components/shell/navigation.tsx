'use client'

import { FlaskConical, GitBranch, Network, Settings, Users } from 'lucide-react'
import { usePathname } from 'next/navigation'
import type { ReactNode } from 'react'
import { Logo } from '@/components/ui/logo'
import { useTranslations } from '@/lib/i18n/translations'
import { Link } from './link'
import { useViewer } from './me'

interface Entry {
  href: string
  key: 'enable' | 'members' | 'networks' | 'settings' | 'sandbox'
  icon: ReactNode
}

const enable: Entry = { href: '/directory/enable', key: 'enable', icon: <GitBranch /> }

/** Only the pages that this account has. */
function useEntries(): { main: Entry[]; foot: Entry[] } {
  const { me } = useViewer()
  const sandbox: Entry[] =
    me.cloud === 'sandbox' ? [{ href: '/sandbox', key: 'sandbox', icon: <FlaskConical /> }] : []
  return {
    main: [
      ...(me.directory ? [] : [enable]),
      { href: '/members', key: 'members', icon: <Users /> },
      { href: '/networks', key: 'networks', icon: <Network /> },
    ],
    foot: [{ href: '/settings', key: 'settings', icon: <Settings /> }, ...sandbox],
  }
}

/**
 * 224 px from 1024 px up, a rail of icons from 768 px up; below that, the entries are in the drawer of
 * `MenuButton`.
 */
export function SideNavigation() {
  const t = useTranslations('shell')
  const { main, foot } = useEntries()
  return (
    <nav
      aria-label={t('nav')}
      className="sticky top-(--strip) hidden h-[calc(100dvh-var(--strip))] w-14 shrink-0 flex-col border-r border-line bg-canvas px-2 py-3 md:flex lg:w-56 lg:px-3"
    >
      <Brand />
      <OrganizationCard className="max-lg:hidden" />
      <Entries entries={main} rail />
      <div className="flex-1" />
      <Entries entries={foot} rail />
    </nav>
  )
}

/** The same entries with their names, for the drawer. */
export function DrawerNavigation({ onNavigate }: { onNavigate: () => void }) {
  const t = useTranslations('shell')
  const { main, foot } = useEntries()
  return (
    <nav aria-label={t('nav')} className="flex flex-1 flex-col gap-4">
      <OrganizationCard />
      <Entries entries={main} onNavigate={onNavigate} />
      <div className="flex-1" />
      <Entries entries={foot} onNavigate={onNavigate} />
    </nav>
  )
}

function Brand() {
  const t = useTranslations('app')
  return (
    <Link
      href="/members"
      className="mb-3 flex h-8 items-center gap-2.5 rounded-control px-2 text-h2 font-semibold max-lg:justify-center max-lg:px-0"
    >
      <Logo />
      <span className="max-lg:sr-only">{t('name')}</span>
    </Link>
  )
}

function OrganizationCard({ className = '' }: { className?: string }) {
  const t = useTranslations('shell')
  const common = useTranslations('common')
  const { me } = useViewer()
  return (
    <div className={`mb-3 rounded-panel border border-line bg-surface px-2.5 py-2 ${className}`}>
      <p className="truncate text-table font-medium" title={me.directory?.name ?? undefined}>
        {me.directory ? (me.directory.name ?? me.directory.id) : t('noDirectory')}
      </p>
      <p className="truncate text-caption text-text3" title={me.directory?.id}>
        {common(`site.${me.site}`)}
        {me.directory?.name && ` · ${me.directory.id}`}
      </p>
    </div>
  )
}

function Entries({
  entries,
  rail = false,
  onNavigate,
}: {
  entries: Entry[]
  rail?: boolean
  onNavigate?: () => void
}) {
  const t = useTranslations('shell')
  const path = usePathname()
  return (
    <ul className="grid gap-1">
      {entries.map(({ href, key, icon }) => {
        const current = path === href || path.startsWith(`${href}/`)
        return (
          <li key={key}>
            <Link
              href={href}
              onClick={onNavigate}
              aria-current={current ? 'page' : undefined}
              title={rail ? t(key) : undefined}
              className={`flex h-8 items-center gap-2.5 rounded-control border px-2 text-table max-md:h-10 ${
                rail ? 'max-lg:justify-center' : ''
              } ${current ? 'border-line bg-surface font-medium text-text [&_svg]:text-accentText' : 'border-transparent text-text2 hover:bg-hover'}`}
            >
              {icon}
              <span className={rail ? 'max-lg:sr-only' : ''}>{t(key)}</span>
            </Link>
          </li>
        )
      })}
    </ul>
  )
}
