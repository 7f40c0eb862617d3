'use client'

import { X } from 'lucide-react'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { createContext, type ReactNode, Suspense, useContext, useEffect, useRef, useState } from 'react'
import { IconButton } from '@/components/ui/button'
import { lazyPart } from '@/components/ui/lazy-part'
import { useHydrated } from '@/components/ui/use-hydrated'
import { useInbox } from './queries'

const Inbox = lazyPart(() => import('./inbox').then((part) => part.Inbox))

/** The page where the inbox stands anyway. */
const sandboxPath = '/sandbox'
/** Of what came before the page did, this is still news. */
const newForMs = 60_000

interface InboxState {
  open: boolean
  setOpen(open: boolean): void
  inbox: ReturnType<typeof useInbox>
  /** Codes that arrived since the inbox was last looked into, and are of use. */
  unread: number
}

const InboxContext = createContext<InboxState | null>(null)

function useInboxState(): InboxState {
  const state = useContext(InboxContext)
  if (!state) throw new Error('outside of the inbox')
  return state
}

/** Around the console's frame: the button in its strip and the inbox beside its pages know of each other. */
export function InboxProvider({ children }: { children: ReactNode }) {
  const [wanted, setOpen] = useState(false)
  const elsewhere = usePathname() !== sandboxPath
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
  return <InboxContext value={{ open, setOpen, inbox, unread: open ? 0 : unread }}>{children}</InboxContext>
}

/** In the strip: how many codes are new, and the way to them without leaving the page. */
export function InboxButton() {
  const t = useTranslations('shell')
  const { open, setOpen, unread } = useInboxState()
  const hydrated = useHydrated()
  if (usePathname() === sandboxPath) return null
  return (
    <button
      type="button"
      disabled={!hydrated}
      aria-expanded={open}
      onClick={() => setOpen(!open)}
      className="flex shrink-0 items-center gap-1.5 rounded-tag font-medium hover:underline"
    >
      {t(open ? 'closeInbox' : 'openInbox')}
      {unread > 0 && (
        <span className="rounded-full bg-sandText px-1.5 text-caption text-sandSoft tabular-nums">
          {t('newCodes', { count: unread })}
        </span>
      )}
    </button>
  )
}

/** Beside the page on wide screens, over its lower part on others; the page goes on meanwhile. */
export function InboxAside() {
  const { open } = useInboxState()
  return open ? <OpenInbox /> : null
}

function OpenInbox() {
  const t = useTranslations('shell')
  const { setOpen, inbox } = useInboxState()
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
      onKeyDown={(event) => event.key === 'Escape' && setOpen(false)}
      className="z-30 flex flex-col gap-2 overflow-y-auto border-line bg-canvas p-3 outline-none max-xl:fixed max-xl:inset-x-0 max-xl:bottom-0 max-xl:h-[50dvh] max-xl:border-t max-xl:shadow-popup xl:sticky xl:top-(--strip) xl:h-[calc(100dvh-var(--strip))] xl:w-96 xl:shrink-0 xl:border-l"
    >
      <div className="flex items-center justify-between gap-2">
        <Link href={sandboxPath} className="link-alone text-small">
          {t('toSandbox')}
        </Link>
        <IconButton label={t('closeInbox')} onClick={() => setOpen(false)}>
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
