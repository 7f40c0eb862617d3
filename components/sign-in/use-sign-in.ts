'use client'

import { useRef, useState } from 'react'
import type * as z from 'zod/mini'
import { ApiError, call } from '@/lib/browser/call'
import type { Endpoint } from '@/lib/contract/endpoint'
import type { ErrorBody } from '@/lib/contract/errors'
import type * as contract from '@/lib/contract/session'

// Named here once more, so that the first page loads no schemas; their types are the contract's.
const byKey: Pick<typeof contract.signIn, 'method' | 'path'> = { method: 'POST', path: '/api/session' }
const byPersona: Pick<typeof contract.signInAsPersona, 'method' | 'path'> = {
  method: 'POST',
  path: '/api/session/persona',
}

/** What was pressed: the form's button, or a persona by its id. */
type Source = string

/** One sign-in for all buttons of the page, so that it shows one outcome at a time. */
export interface SignInAttempt {
  /** Where it runs. */
  busy: Source | null
  /** Where it failed; `body` null = the console did not answer. */
  failure: { source: Source; body: ErrorBody | null } | null
  withKey(input: z.input<typeof contract.SignIn>): void
  asPersona(persona: string): void
}

/** Signs in once at a time, then loads the console afresh, so that nothing of the page before it stays. */
export function useSignIn(from: string): SignInAttempt {
  const [busy, setBusy] = useState<Source | null>(null)
  const [failure, setFailure] = useState<SignInAttempt['failure']>(null)
  const running = useRef(false)

  async function signIn<E extends Endpoint>(
    source: Source,
    endpoint: Pick<E, 'method' | 'path'>,
    input: z.input<E['input']>,
  ) {
    if (running.current) return
    running.current = true
    setBusy(source)
    setFailure(null)
    try {
      await call<E>(endpoint, input)
      window.location.assign(from)
    } catch (error) {
      setFailure({ source, body: error instanceof ApiError ? error.body : null })
      running.current = false
      setBusy(null)
    }
  }

  return {
    busy,
    failure,
    withKey: (input) => void signIn<typeof contract.signIn>('form', byKey, input),
    asPersona: (persona) => void signIn<typeof contract.signInAsPersona>(persona, byPersona, { persona }),
  }
}
