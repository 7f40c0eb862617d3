'use client'

import type { UseMutationOptions } from '@tanstack/react-query'
import { createContext, type ReactNode, use, useCallback, useEffect, useState } from 'react'
import type { Part } from '@/components/shell/lazy-part'
import { beforeAct } from '@/lib/browser/call'
import type { CodeRequestView } from '@/lib/contract/code-flow'
import type { ShownError } from '@/lib/contract/errors'
import type { Me } from '@/lib/contract/session'
import type { Site } from '@/lib/contract/site'
import type { AnyFlow, Exits, Recipient } from '../flow'
import { createMemory, type Memory } from './memory'
import type { Change } from './use-change'

/** What a flow takes from the page it stands on. */
export interface FlowHost {
  /** The page tells of the session's end itself: nothing is asked of the server any more. */
  endShownHere: boolean
  /** Corrects which site the account is of; null where that is not the page's to do. */
  changeSite: UseMutationOptions<Me, Error, Site> | null
}

/** What every piece of a flow finds around it. */
interface FlowFrame {
  flow: AnyFlow
  /** When this state of the flow arrived, for countdowns: see `arrivalOf`. */
  asOf: number
  recipient: Recipient
  host: FlowHost
  exits: Exits
  /** The step that is drawn, its number, and how many there are. */
  step: string
  number: number
  total: number
  /** The way back to the first step: see `useChange`. */
  change: Change
  memory: Memory
  /** Why the step before this one ended, where it was refused. */
  refusal: ShownError | null
  setRefusal(refusal: ShownError | null): void
  /** Before an act: whichever step tells its outcome can be shown. Rejects, in words for a banner, where one cannot. */
  ready(): Promise<void>
}

const Context = createContext<FlowFrame | null>(null)

/** @param position how many steps are over; one more is the number of this one */
export function FlowProvider({
  position,
  parts,
  children,
  ...given
}: Pick<FlowFrame, 'flow' | 'asOf' | 'recipient' | 'host' | 'exits' | 'step' | 'total' | 'change'> & {
  position: (refused: boolean) => number
  parts: readonly Part[]
  children: ReactNode
}) {
  const [memory] = useState(createMemory)
  const [refusal, setRefusal] = useState<ShownError | null>(null)
  const ready = useReady(parts)
  const number = position(refusal !== null) + 1
  return <Context value={{ ...given, number, memory, refusal, setRefusal, ready }}>{children}</Context>
}

/** Fetched while somebody types, so that no act waits for it. */
function useReady(parts: readonly Part[]): () => Promise<void> {
  const ready = useCallback(async () => {
    await beforeAct(() => Promise.all(parts.map((part) => part.fetch())))
  }, [parts])
  useEffect(() => {
    const early = () => void ready().catch(() => undefined)
    document.addEventListener('input', early, { once: true })
    return () => document.removeEventListener('input', early)
  }, [ready])
  return ready
}

export function useFlowFrame(): FlowFrame {
  const frame = use(Context)
  if (!frame) throw new Error('outside of a flow')
  return frame
}

/** The request that is open, for the pieces of the step that uses its code. */
export function useOpenRequest(): CodeRequestView {
  const { request } = useFlowFrame().flow
  if (!request) throw new Error('no request is open')
  return request
}
