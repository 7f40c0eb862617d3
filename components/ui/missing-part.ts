'use client'

import { useSyncExternalStore } from 'react'

let missing = false
const listeners = new Set<() => void>()

/**
 * Takes code that a press needs. Where it cannot be loaded the frame of the page says so, until some can be again: the press
 * itself has no place for words.
 * @param pressed false: nobody waits for it yet, and nothing is said
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
