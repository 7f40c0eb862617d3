'use client'

import { useSyncExternalStore } from 'react'

let missing = false
const listeners = new Set<() => void>()

/**
 * Takes code that a click needs. If it cannot be loaded, the frame of the page says so until some code can be
 * loaded again: the clicked control has no room for a message.
 * @param pressed false: nobody waits for it yet, so nothing is shown
 */
export function takePart<M>(load: Promise<M>, take: (part: M) => void, pressed = true): void {
  load.then(
    (part) => {
      report(false)
      take(part)
    },
    () => {
      if (pressed) report(true)
    },
  )
}

function report(isMissing: boolean) {
  missing = isMissing
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
