'use client'

import { useEffect, useSyncExternalStore } from 'react'
import { holdReload } from '@/lib/browser/reload-once'

/** The forms of this document that hold what is kept nowhere else. */
const forms = new Set<symbol>()
const listeners = new Set<() => void>()

/** Leaving the page would lose what was typed. */
export function isTyped(): boolean {
  return forms.size > 0
}

export function useIsTyped(): boolean {
  return useSyncExternalStore(subscribe, isTyped, () => false)
}

/** Whoever leaves was asked: nothing asks again. */
export function forgetTyped(): void {
  forms.clear()
  tell()
}

/** For a form, while `typed`: whoever leaves the page is asked first. */
export function useTyped(typed: boolean): void {
  useEffect(() => {
    if (!typed) return
    const form = Symbol()
    const release = holdReload()
    forms.add(form)
    window.addEventListener('beforeunload', ask)
    tell()
    return () => {
      release()
      forms.delete(form)
      if (!isTyped()) window.removeEventListener('beforeunload', ask)
      tell()
    }
  }, [typed])
}

/** What the browser does before it loads another document; the words are its own. */
function ask(event: BeforeUnloadEvent): void {
  if (isTyped()) event.preventDefault()
}

function tell(): void {
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void) {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}
