'use client'

import { type ReactNode, useEffect, useState, useSyncExternalStore } from 'react'
import { takePart } from './missing-part.ts'

type Waiting = readonly { key: number; text: ReactNode }[]

const none: Waiting = []
let waiting = none
let lastKey = 0
const listeners = new Set<() => void>()

function set(next: Waiting) {
  waiting = next
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void) {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}

/** Confirms something small for 5 seconds ("RequestId copied"). Never the only place of an error. */
export function toast(text: ReactNode) {
  lastKey += 1
  set([...waiting, { key: lastKey, text }])
}

type ToastList = typeof import('./toast-list.tsx').ToastList

/** Where toasts appear; once, in the page frame. `label` names the region. */
export function Toaster({ label, closeLabel }: { label: string; closeLabel: string }) {
  const toasts = useSyncExternalStore(
    subscribe,
    () => waiting,
    () => none,
  )
  const [List, setList] = useState<ToastList>()
  const wanted = toasts.length > 0
  useEffect(() => {
    if (wanted && !List) takePart(import('./toast-list.tsx'), (list) => setList(() => list.ToastList))
  }, [wanted, List])
  if (!List) return null
  return <List waiting={toasts} onTaken={() => set(none)} label={label} closeLabel={closeLabel} />
}
