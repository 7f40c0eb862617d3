'use client'

import { useRef, useState } from 'react'
import { call, failureOf } from '@/lib/browser/call'
import type { InputOf } from '@/lib/contract/endpoints'
import type { ShownError } from '@/lib/contract/errors'

/** What was pressed: the form's button, or a persona by its id. */
type Source = string

/** One sign-in for all buttons of the page, so that it shows one outcome at a time. */
export interface SignInAttempt {
  /** Where it runs. */
  busy: Source | null
  /** Where it failed, and how. */
  failure: { source: Source; body: ShownError } | null
  withKey(input: InputOf<'signIn'>): void
  asPersona(persona: string): void
}

/** Signs in once at a time, then loads the console afresh, so that nothing of the page before it stays. */
export function useSignIn(from: string): SignInAttempt {
  const [busy, setBusy] = useState<Source | null>(null)
  const [failure, setFailure] = useState<SignInAttempt['failure']>(null)
  const running = useRef(false)

  async function signIn<N extends 'signIn' | 'signInAsPersona'>(source: Source, name: N, input: InputOf<N>) {
    if (running.current) return
    running.current = true
    setBusy(source)
    setFailure(null)
    try {
      await call(name, input)
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
