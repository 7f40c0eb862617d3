import type { CodeFlow } from '@/lib/contract/code-flow'

/** A flow as all parts in this folder see it. */
export type AnyFlow = CodeFlow & { step: string }

/** What the parts use of a mutation. The code that creates it handles the response. */
export interface Act<V> {
  mutate(input: V, on?: { onError?: (error: Error) => void }): void
  error: Error | null
  isPending: boolean
  isIdle: boolean
}

/**
 * The recipient of a code, worded to fit into a sentence: a masked number, or whose phone or mailbox it is.
 */
export interface Recipient {
  now: string
  /** The recipient of the code before the open one, if that was someone else. */
  before: string | null
}

/** Where links lead out of the flow; the surrounding page decides. */
export interface Exits {
  /** Cancel and Later: the server keeps the flow in its current state. */
  leave: string
  /** From a step that cannot continue. */
  back?: Exit
  /** From the result. */
  done?: Exit
}

interface Exit {
  href: string
  text: string
}
