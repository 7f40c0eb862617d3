'use client'

import { useEffect, useSyncExternalStore } from 'react'
import { holdReload } from '@/lib/browser/reload-once'

/** The forms in this document with input that is stored nowhere else. */
const forms = new Set<symbol>()
const listeners = new Set<() => void>()

/** Whether leaving the page would lose what was typed. */
export function isTyped(): boolean {
  return forms.size > 0
}

export function useIsTyped(): boolean {
  return useSyncExternalStore(subscribe, isTyped, () => false)
}

/** The user confirmed leaving: nothing asks again. */
export function forgetTyped(): void {
  forms.clear()
  notify()
}

/** For a form: while `typed`, leaving the page asks for confirmation. */
export function useTyped(typed: boolean): void {
  useEffect(() => {
    if (!typed) return
    const form = Symbol()
    const release = holdReload()
    forms.add(form)
    window.addEventListener('beforeunload', ask)
    notify()
    return () => {
      release()
      forms.delete(form)
      if (!isTyped()) window.removeEventListener('beforeunload', ask)
      notify()
    }
  }, [typed])
}

/** The browser's own confirmation before it loads another document; the text is the browser's. */
function ask(event: BeforeUnloadEvent): void {
  if (isTyped()) event.preventDefault()
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
