'use client'

import { useRef, useState } from 'react'
import { ApiError, call } from '@/lib/browser/call'
import type { Endpoint } from '@/lib/contract/endpoint'
import type { ErrorBody } from '@/lib/contract/errors'
import type { z } from '@/lib/contract/zod'

/** A failed sign-in; `body` null = the console did not answer. */
export interface SignInFailure {
  body: ErrorBody | null
}

/** Signs in once at a time, then loads the console afresh, so that nothing of the page before it stays. */
export function useSignIn(from: string) {
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<SignInFailure | null>(null)
  const running = useRef(false)

  async function signIn<E extends Endpoint>(endpoint: E, input: z.input<E['input']>): Promise<void> {
    if (running.current) return
    running.current = true
    setBusy(true)
    setFailure(null)
    try {
      await call(endpoint, input)
      window.location.assign(from)
    } catch (error) {
      setFailure({ body: error instanceof ApiError ? error.body : null })
      running.current = false
      setBusy(false)
    }
  }

  return { busy, failure, signIn }
}
