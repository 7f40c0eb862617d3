'use client'

import { useState } from 'react'
import type { AnyFlow } from '../flow'

/** Going back from an open code to the first step, to send to someone else. It makes no call. */
export interface Change {
  on: boolean
  begin(): void
  end(): void
}

/** Lasts in this tab until another request is open, as after a send from the first step. */
export function useChange(flow: AnyFlow | undefined): Change {
  const [changed, setChanged] = useState<string | null>(null)
  const open = flow?.step === 'code' ? (flow.request?.id ?? null) : null
  return {
    on: open !== null && open === changed,
    begin: () => setChanged(open),
    end: () => setChanged(null),
  }
}
