'use client'

import { useSyncExternalStore } from 'react'

let missing = false
const listeners = new Set<() => void>()

/** Code that a press needs could not be loaded. The frame of the page says so: the press itself has no place for words. */
export function reportMissingPart(): void {
  missing = true
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void) {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}

export function useMissingPart(): boolean {
  return useSyncExternalStore(
    subscribe,
    () => missing,
    () => false,
  )
}
