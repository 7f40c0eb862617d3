'use client'

import { ChevronLeft, ChevronRight } from 'lucide-react'
import { Fragment, type ReactNode } from 'react'
import { useTranslations } from '@/lib/i18n/translations'
import { LanguageSwitch } from './language-switch'
import { Link } from './link'
import { useViewer } from './me'
import { MenuButton } from './menu-button'
import { OperatorMenu } from './operator-menu'
import { ThemeMenu } from './theme-menu'

export interface Crumb {
  href: string
  text: string
}

/**
 * Top bar and main column of one page.
 * @param ground `canvas` under cards, `surface` under one table or form
 * @param crumbs the pages above this one, outermost first
 */
export function Page({
  title,
  crumbs = [],
  ground,
  children,
}: {
  title: string
  crumbs?: Crumb[]
  ground: 'canvas' | 'surface'
  children: ReactNode
}) {
  const t = useTranslations('shell')
  const { endShownHere, signedOut } = useViewer()
  const parent = crumbs.at(-1)
  return (
    <>
      <header className="sticky top-(--strip) z-30 flex h-12 shrink-0 items-center gap-3 border-b border-line bg-surface px-4 md:px-6">
        {parent ? (
          <Link
            href={parent.href}
            aria-label={parent.text}
            className="grid size-8 place-items-center rounded-control hover:bg-hover md:hidden"
          >
            <ChevronLeft />
          </Link>
        ) : (
          <MenuButton />
        )}
        <nav aria-label={t('breadcrumb')} className="min-w-0 flex-1">
          <ol className="flex items-center gap-2 text-table text-text3">
            {crumbs.map(({ href, text }) => (
              <Fragment key={href}>
                <li className="max-w-48 truncate max-md:hidden">
                  <Link href={href} className="rounded-tag hover:text-text">
                    {text}
                  </Link>
                </li>
                <li aria-hidden className="max-md:hidden">
                  <ChevronRight className="size-3.5" />
                </li>
              </Fragment>
            ))}
            <li aria-current="page" className="truncate text-text">
              {title}
            </li>
          </ol>
        </nav>
        <div className="flex items-center gap-2 max-md:hidden">
          {/* Once the session has ended, another language cannot be loaded, and what is typed here would be lost. */}
          <span className={endShownHere || signedOut ? 'invisible' : ''}>
            <LanguageSwitch />
          </span>
          <ThemeMenu />
        </div>
        <OperatorMenu />
      </header>
      <main
        id="content"
        tabIndex={-1}
        className={`flex-1 outline-none ${ground === 'canvas' ? 'bg-canvas' : 'bg-surface'}`}
      >
        <div className="mx-auto w-full max-w-[90rem] px-4 pt-5 pb-12 md:px-6">{children}</div>
      </main>
    </>
  )
}

/** The page's h1, one gray line below it, and its actions on the right. */
export function PageHead({
  title,
  badge,
  note,
  actions,
}: {
  title: ReactNode
  badge?: ReactNode
  note?: ReactNode
  actions?: ReactNode
}) {
  return (
    <div className="mb-4 flex flex-wrap items-start justify-between gap-x-4 gap-y-3">
      <div className="min-w-0 flex-1 basis-52">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <h1 className="min-w-0 text-h1 font-semibold wrap-anywhere">{title}</h1>
          {badge}
        </div>
        {note && <div className="mt-0.5 text-small text-text3">{note}</div>}
      </div>
      {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
    </div>
  )
}
