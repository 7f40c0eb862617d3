import type { CodeRequestView } from '@/lib/contract/code-flow'
import type { AnyFlow } from './flow'

/** What the page showed about the open code, for a send that may replace it. */
export interface Shown {
  /** null = none was open. */
  seen?: string | null
  /** The operator was shown that the outcome of the last send is unknown. */
  confirmResend?: true
}

/** Whether an accepted response confirmed the operation; a reconciliation shows only what it found. */
export function isConfirmed(request: CodeRequestView | null): boolean {
  return request !== null && request.applyRequestId !== null
}

/** Who is using the code right now, as message parameters. */
export function userOf({ operatorName, request }: AnyFlow): { by: 'you' | 'other'; name: string } {
  const name = request?.applyOperatorName ?? ''
  return { by: name === operatorName ? 'you' : 'other', name }
}

/**
 * For a send from the first step, which shows the open code, if there is one, and whether its outcome is
 * unknown.
 */
export function shownOf({ request }: AnyFlow): Shown {
  return { seen: request?.id ?? null, ...(request?.sendOutcome === 'unknown' && { confirmResend: true }) }
}

/** A masked number never wraps; the text that distinguishes it from another may. */
export function recipientClass({ numberMasked, alike }: CodeRequestView): string {
  return numberMasked && alike === null ? 'whitespace-nowrap tabular-nums' : 'tabular-nums'
}

/** The visible digits of a masked number, which are not always four. */
export function shownDigits(numberMasked: string): string {
  return /\d*$/.exec(numberMasked)?.[0] ?? ''
}
