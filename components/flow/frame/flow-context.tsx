'use client'

import type { CountryCode } from 'libphonenumber-js/min'
import {
  createContext,
  type ReactNode,
  type RefObject,
  use,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import type { Part } from '@/components/shell/lazy-part'
import { beforeAct, failureOf } from '@/lib/browser/call'
import type { ShownError } from '@/lib/contract/errors'
import type { Act } from '../flow'
import type { Change } from './use-change'

/** What this tab did since the page opened, for focus, announcements and first values. None of it is drawn. */
interface Notes {
  /** The step whose heading was on the page last; null before the first. */
  shown: string | null
  /** This tab sent a code: its field takes the focus when it appears. */
  codeFieldNext: boolean
  /** This tab went back to the first step: so does the field with what was wrong. */
  firstFieldNext: boolean
  /** The code that is announced next was sent from this tab. */
  sentHere: boolean
  /** The country or region chosen last; null before any was. */
  country: CountryCode | null
  /** The number that is to be changed, masked: the next one is most likely of the same country or region. */
  numberBefore: string | null
}

interface FlowMemory {
  step: string
  /** How many steps the flow has. */
  total: number
  /** Before an act: whichever step tells its outcome can be shown. Rejects, in words for a banner, where one cannot. */
  ready(): Promise<void>
  /** The way back to the first step: see `useChange`. */
  change: Change
  notes: RefObject<Notes>
  /** Why the step before this one ended, where it was refused. */
  refusal: ShownError | null
  setRefusal(refusal: ShownError | null): void
}

const Memory = createContext<FlowMemory | null>(null)

/** What outlives a step, while the page stays open. */
export function FlowMemoryProvider({
  step,
  total,
  parts,
  change,
  children,
}: {
  step: string
  total: number
  parts: readonly Part[]
  change: Change
  children: ReactNode
}) {
  const notes = useRef<Notes>({
    shown: null,
    codeFieldNext: false,
    firstFieldNext: false,
    sentHere: false,
    country: null,
    numberBefore: null,
  })
  const [refusal, setRefusal] = useState<ShownError | null>(null)
  const ready = useReady(parts)
  const memory = useMemo(
    () => ({ step, total, ready, change, notes, refusal, setRefusal }),
    [step, total, ready, change, refusal],
  )
  return <Memory value={memory}>{children}</Memory>
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

export function useFlowMemory(): FlowMemory {
  const memory = use(Memory)
  if (!memory) throw new Error('outside of a flow')
  return memory
}

/** Sends a code: its field takes the focus when it comes, and nobody is told that somebody else sent it. */
export function useSend<V>(act: Act<V>): (input: V, onError?: (error: Error) => void) => void {
  const { notes, setRefusal } = useFlowMemory()
  return (input, onError) => {
    Object.assign(notes.current, { codeFieldNext: true, sentHere: true })
    setRefusal(null)
    act.mutate(input, {
      onError(error) {
        Object.assign(notes.current, { codeFieldNext: false, sentHere: false })
        // The step of the code that counts takes the place of the one that this was asked on.
        const failure = failureOf(error)
        if (failure?.code === 'send.other_first') setRefusal(failure)
        onError?.(error)
      },
    })
  }
}
