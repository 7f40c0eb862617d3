'use client'

import { X } from 'lucide-react'
import { usePathname } from 'next/navigation'
import { Suspense, useEffect, useRef, useState } from 'react'
import { createPortal } from 'react-dom'
import { besideId } from '@/components/shell/beside'
import { lazyPart } from '@/components/shell/lazy-part'
import { Link } from '@/components/shell/link'
import { IconButton } from '@/components/ui/button'
import { useHydrated } from '@/components/ui/use-hydrated'
import { useTranslations } from '@/lib/i18n/translations'
import { useInbox } from './queries'

const Inbox = lazyPart(() => import('./inbox').then((part) => part.Inbox))

/** The page that shows the inbox anyway. */
const sandboxPath = '/sandbox'
/** Messages no older than this when the page opens still count as new. */
const newForMs = 60_000

/**
 * In the strip: the number of new codes, and a sheet that shows them over the page. The sheet is a portal,
 * not a part of the layout: state around the pages would render them again while they stream in.
 */
export function InboxBeside() {
  const t = useTranslations('shell')
  const hydrated = useHydrated()
  const elsewhere = usePathname() !== sandboxPath
  const [wanted, setOpen] = useState(false)
  const open = wanted && elsewhere
  const inbox = useInbox()
  const { data } = inbox
  const [seen, setSeen] = useState<ReadonlySet<string> | null>(null)
  const now = Date.parse(data?.now ?? '')
  const messages = data?.messages ?? []
  if (data && (seen === null || open || !elsewhere)) {
    const read =
      seen === null ? messages.filter(({ sentAt }) => Date.parse(sentAt) < now - newForMs) : messages
    if (seen === null || read.some(({ id }) => !seen.has(id))) setSeen(new Set(read.map(({ id }) => id)))
  }
  const unread = messages.filter(
    ({ id, voidBecause, expiresAt }) => !seen?.has(id) && voidBecause === null && Date.parse(expiresAt) > now,
  ).length
  const beside = open ? document.getElementById(besideId) : null
  if (!elsewhere) return null
  return (
    <>
      <button
        type="button"
        disabled={!hydrated}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="flex shrink-0 items-center gap-1.5 rounded-tag font-medium hover:underline"
      >
        {t(open ? 'closeInbox' : 'openInbox')}
        {unread > 0 && !open && (
          <span className="rounded-full bg-sandText px-1.5 text-caption text-sandSoft tabular-nums">
            {t('newCodes', { count: unread })}
          </span>
        )}
      </button>
      {beside && createPortal(<OpenInbox inbox={inbox} onClose={() => setOpen(false)} />, beside)}
    </>
  )
}

/** At the side on wide screens, over the lower part on others; the page can still be used. */
function OpenInbox({ inbox, onClose }: { inbox: ReturnType<typeof useInbox>; onClose: () => void }) {
  const t = useTranslations('shell')
  const frame = useRef<HTMLElement>(null)
  useEffect(() => {
    const before = document.activeElement
    frame.current?.focus({ preventScroll: true })
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true })
    }
  }, [])
  const { data, error } = inbox
  return (
    <aside
      ref={frame}
      data-sheet
      tabIndex={-1}
      aria-label={t('inbox')}
      onKeyDown={(event) => event.key === 'Escape' && onClose()}
      className="z-30 flex flex-col gap-2 overflow-y-auto border-line bg-canvas p-3 outline-none max-xl:fixed max-xl:inset-x-0 max-xl:bottom-0 max-xl:h-[50dvh] max-xl:border-t max-xl:shadow-popup xl:sticky xl:top-(--strip) xl:h-[calc(100dvh-var(--strip))] xl:w-96 xl:shrink-0 xl:border-l"
    >
      <div className="flex items-center justify-between gap-2">
        <Link href={sandboxPath} className="link-alone text-small">
          {t('toSandbox')}
        </Link>
        <IconButton label={t('closeInbox')} onClick={onClose}>
          <X />
        </IconButton>
      </div>
      {data && (
        <Suspense>
          <Inbox
            messages={data.messages}
            total={data.messageTotal}
            now={data.now}
            live={error === null}
            narrow
          />
        </Suspense>
      )}
    </aside>
  )
}
