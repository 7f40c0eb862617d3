import type { CodeFlow } from '@/lib/contract/code-flow'

/** A flow as every piece of this folder knows it. */
export type AnyFlow = CodeFlow & { step: string }

/** What the pieces use of a mutation. Its answer is the matter of whoever made it. */
export interface Act<V> {
  mutate(input: V, on?: { onError?: (error: Error) => void }): void
  error: Error | null
  isPending: boolean
  isIdle: boolean
}

/** Whom a code went to, in words that fit into a sentence: a masked number, or whose phone or mailbox it is. */
export interface Recipient {
  now: string
  /** Of the code before the open one, where that went to somebody else. */
  before: string | null
}

/** Where the steps lead out of the flow: the page that it stands on knows. */
export interface Exits {
  /** Cancel and Later: the server keeps the flow where it stands. */
  leave: string
  /** From a step that can go no further. */
  back?: Exit
  /** From the result. */
  done?: Exit
}

interface Exit {
  href: string
  text: string
}
