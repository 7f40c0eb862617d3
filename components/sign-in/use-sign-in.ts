'use client'

import { useRef, useState } from 'react'
import { beforeAct, call, failed, failureOf } from '@/lib/browser/call'
import { holdReload } from '@/lib/browser/reload-once'
import type { InputOf } from '@/lib/contract/endpoints'
import type { ShownError } from '@/lib/contract/errors'
import { fetchFailureBanner } from './sign-in-failure'

/** What was clicked: the form's button, or a persona by its ID. */
type Source = string

/** One sign-in for all buttons of the page, so that it shows one outcome at a time. */
export interface SignInAttempt {
  /** The source of the sign-in in progress. */
  busy: Source | null
  /** The source of the last failure, and the error. */
  failure: { source: Source; body: ShownError } | null
  withKey(input: InputOf<'signIn'>): void
  asPersona(persona: string): void
}

/** Signs in once at a time, then reloads the console, so that nothing of the previous page remains. */
export function useSignIn(from: string): SignInAttempt {
  const [busy, setBusy] = useState<Source | null>(null)
  const [failure, setFailure] = useState<SignInAttempt['failure']>(null)
  const running = useRef(false)

  async function signIn<N extends 'signIn' | 'signInAsPersona'>(source: Source, name: N, input: InputOf<N>) {
    if (running.current) return
    running.current = true
    // What was typed stays, whatever fails.
    holdReload()
    setBusy(source)
    setFailure(null)
    try {
      await beforeAct(fetchFailureBanner)
      await call(name, input)
      await checkCookieKept()
      window.location.assign(from)
    } catch (error) {
      setFailure({ source, body: failureOf(error as Error) })
      running.current = false
      setBusy(null)
    }
  }

  return {
    busy,
    failure,
    withKey: (input) => void signIn('form', 'signIn', input),
    asPersona: (persona) => void signIn(persona, 'signInAsPersona', { persona }),
  }
}

/** A browser that stores no cookies would return to this page, empty and without an explanation. */
async function checkCookieKept(): Promise<void> {
  try {
    await call('getMe', {})
  } catch (error) {
    const { code } = failureOf(error as Error)
    if (code === 'signin.required' || code === 'signin.ended') throw failed('signin.cookies_refused')
  }
}
