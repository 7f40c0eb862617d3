'use client'

import { useEffect } from 'react'
import { holdReload } from '@/lib/browser/reload-once'

/** The forms of this document that hold what nobody else knows. */
const forms = new Set<symbol>()

/** Leaving the page would lose what was typed. */
export function isTyped(): boolean {
  return forms.size > 0
}

/** Whoever leaves was asked: nothing asks again. */
export function forgetTyped(): void {
  forms.clear()
}

/** For a form, while `typed`: whoever leaves the page is asked first. */
export function useTyped(typed: boolean): void {
  useEffect(() => {
    if (!typed) return
    const form = Symbol()
    const release = holdReload()
    forms.add(form)
    window.addEventListener('beforeunload', ask)
    return () => {
      release()
      forms.delete(form)
      if (!isTyped()) window.removeEventListener('beforeunload', ask)
    }
  }, [typed])
}

/** What the browser does before it loads another document; the words are its own. */
function ask(event: BeforeUnloadEvent): void {
  if (isTyped()) event.preventDefault()
}
