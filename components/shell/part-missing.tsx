'use client'

import { useEffect, useSyncExternalStore } from 'react'
import { ReloadButton } from '@/components/form/reload-button'
import { Banner } from '@/components/ui/banner'
import { reloadOnce } from '@/lib/browser/reload-once'
import { useErrorWords } from '@/lib/i18n/error-words'

/**
 * In place of a part of the page whose code could not be loaded. Without unsaved input or calls in flight,
 * the page reloads automatically.
 */
export function PartMissing({ className }: { className?: string }) {
  const offline = useSyncExternalStore(subscribe, isOffline, () => false)
  const { cause, next } = useErrorWords()({ code: offline ? 'console.offline' : 'console.part_missing' })
  useEffect(() => void reloadOnce(), [])
  return (
    <Banner tone="warn" role="alert" title={cause} className={className}>
      <p>{next}</p>
      {!offline && (
        <div className="mt-2">
          <ReloadButton />
        </div>
      )}
    </Banner>
  )
}

function isOffline(): boolean {
  return !navigator.onLine
}

function subscribe(listener: () => void) {
  for (const event of ['online', 'offline']) window.addEventListener(event, listener)
  return () => {
    for (const event of ['online', 'offline']) window.removeEventListener(event, listener)
  }
}
