'use client'

import { Hourglass } from 'lucide-react'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { useTranslations } from '@/lib/i18n/translations'

const links = new Set<symbol>()
const listeners = new Set<() => void>()

/** For a control that leads to another page, while that page is loading. */
export function useLoading(pending: boolean): void {
  useEffect(() => {
    if (!pending) return
    const link = Symbol()
    links.add(link)
    notify()
    return () => {
      links.delete(link)
      notify()
    }
  }, [pending])
}

/** Most pages load faster; only a longer wait is shown. */
const delayMs = 400

/** Shows that another page is loading, without moving anything. */
export function Loading() {
  const t = useTranslations('shell')
  const pending = useSyncExternalStore(
    subscribe,
    () => links.size > 0,
    () => false,
  )
  const [late, setLate] = useState(false)
  useEffect(() => {
    if (!pending) return
    const timer = setTimeout(() => setLate(true), delayMs)
    return () => {
      clearTimeout(timer)
      setLate(false)
    }
  }, [pending])
  return (
    <div
      role="status"
      className="pointer-events-none fixed inset-x-0 top-(--sticky-top) z-40 flex justify-center"
    >
      {pending && late && (
        <span className="mt-2 flex items-center gap-2 rounded-panel border border-line bg-surface px-3 py-1.5 text-small shadow-popup">
          <Hourglass />
          {t('loading')}
        </span>
      )}
    </div>
  )
}

function notify(): void {
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void) {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}
