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

/** What a flow takes from the surrounding page. */
export interface FlowHost {
  /** The page itself shows that the session has ended: no more calls are made. */
  endShownHere: boolean
  /** Corrects the site of the account; null if this page cannot do that. */
  changeSite: UseMutationOptions<Me, Error, Site> | null
}

/** The context of every part of a flow. */
interface FlowFrame {
  flow: AnyFlow
  /** When this state of the flow arrived, for countdowns: see `arrivalOf`. */
  asOf: number
  recipient: Recipient
  host: FlowHost
  exits: Exits
  /** The step on screen, its number, and the number of steps. */
  step: string
  number: number
  total: number
  /** Going back to the first step: see `useChange`. */
  change: Change
  memory: Memory
  /** The refusal that ended the previous step, if any. */
  refusal: ShownError | null
  setRefusal(refusal: ShownError | null): void
  /**
   * Before an operation: loads every step that may show its outcome. Rejects, with an error for a banner, if
   * one cannot be loaded.
   */
  ready(): Promise<void>
}

const Context = createContext<FlowFrame | null>(null)

/** @param position the number of finished steps; the current step is one more */
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

/** Loaded on the first input, so that no operation waits for it. */
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
  if (!frame) throw new Error('useFlowFrame outside of a FlowFrame')
  return frame
}

/** The open request, for the parts of the step that uses its code. */
export function useOpenRequest(): CodeRequestView {
  const { request } = useFlowFrame().flow
  if (!request) throw new Error('no request is open')
  return request
}
