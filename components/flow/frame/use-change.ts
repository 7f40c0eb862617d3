'use client'

import { useState } from 'react'
import type { AnyFlow } from '../flow'

/** The way back from an open code to the first step, to send to somebody else. It asks nothing of the server. */
export interface Change {
  on: boolean
  begin(): void
  end(): void
}

/** Lasts in this tab until another request is the open one: a send from the first step makes it so. */
export function useChange(flow: AnyFlow | undefined): Change {
  const [changed, setChanged] = useState<string | null>(null)
  const open = flow?.step === 'code' ? (flow.request?.id ?? null) : null
  return {
    on: open !== null && open === changed,
    begin: () => setChanged(open),
    end: () => setChanged(null),
  }
}
