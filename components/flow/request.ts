import type { CodeRequestView } from '@/lib/contract/code-flow'
import type { AnyFlow } from './flow'

/** What the page showed of the open code, for a send that may take its place. */
export interface Shown {
  /** null = none was open. */
  seen?: string | null
  /** The operator was told that the outcome of the last send is not known. */
  confirmResend?: true
}

/** Whether an accepted answer confirmed the act; a look-up says no more than it found. */
export function isConfirmed(request: CodeRequestView | null): boolean {
  return request !== null && request.applyRequestId !== null
}

/** Who uses the code right now, for the words that say so. */
export function userOf({ operatorName, request }: AnyFlow): { by: 'you' | 'other'; name: string } {
  const name = request?.applyOperatorName ?? ''
  return { by: name === operatorName ? 'you' : 'other', name }
}

/** For a send from the first step: that shows the open code, if there is one, and what is not known of it. */
export function shownOf({ request }: AnyFlow): Shown {
  return { seen: request?.id ?? null, ...(request?.sendOutcome === 'unknown' && { confirmResend: true }) }
}

/** A masked number never breaks; words that tell it from another may. */
export function recipientClass({ numberMasked, alike }: CodeRequestView): string {
  return numberMasked && alike === null ? 'whitespace-nowrap tabular-nums' : 'tabular-nums'
}

/** What a masked number shows of itself, which is not always four digits. */
export function shownDigits(numberMasked: string): string {
  return /\d*$/.exec(numberMasked)?.[0] ?? ''
}
