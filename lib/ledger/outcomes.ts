import { type Column, type SQL, sql } from 'drizzle-orm'
import type { Db } from '@/lib/db'
import type { Intent, Refusal } from './requests'

export type SendOutcome =
  | { kind: 'accepted'; requestId: string; expiresAt: Date | null }
  | { kind: 'refused'; error: Refusal }
  | { kind: 'unknown'; error: Refusal }

/** `restores`: what was to be brought about before, where whoever changed it was not allowed to. */
export type ApplyOutcome =
  /** `use`: by whom and for what, since another use of the same code may have begun before the answer came. */
  | { kind: 'accepted'; requestId: string; use?: { operatorName: string; intent: Intent } }
  /** The code was wrong or has run out: the only answer that costs a try. */
  | { kind: 'wrong_code'; error: Refusal }
  /** `closes`: no other code could succeed either, so the request ends. */
  | { kind: 'refused'; error: Refusal; closes: boolean; restores?: Intent }
  | { kind: 'unknown'; error: Refusal }
  /** It was only asked whether the act would succeed: the code stays open, whatever was answered. */
  | { kind: 'unchanged'; restores?: Intent }

/** What was written of an answer. */
export interface Noted {
  numberMasked: string | null
}

/** How an answer is written that came a while ago. */
export interface Noting {
  /** How long ago the answer came. */
  secondsAgo: number
  /** Last in the same transaction; null where the answer changed nothing, as when it was written before. */
  also(tx: Db, noted: Noted | null): Promise<void>
}

export const atOnce: Noting = { secondsAgo: 0, also: async () => {} }

/** When an answer came, in ledger time; never before its call began. */
export function answeredAt(now: SQL, began: Column, { secondsAgo }: Noting): SQL {
  return sql`greatest(${began}, ${now} - make_interval(secs => ${secondsAgo}))`
}

/** What an answer makes of a send's row. */
export function sent(outcome: SendOutcome) {
  switch (outcome.kind) {
    case 'accepted':
      return { state: 'sent', sendRequestId: outcome.requestId, expiresAt: outcome.expiresAt } as const
    case 'unknown':
      return { state: 'unknown', sendError: outcome.error } as const
    case 'refused':
      return { state: 'refused', sendError: outcome.error, numberSealed: null } as const
  }
}

/** What an answer makes of a row whose code was used. */
export function applied(outcome: ApplyOutcome) {
  switch (outcome.kind) {
    case 'accepted':
      return {
        state: 'applied',
        applyRequestId: outcome.requestId,
        applyOperatorName: outcome.use?.operatorName,
        intent: outcome.use?.intent,
        applyError: null,
        numberSealed: null,
      } as const
    case 'unknown':
      return { state: 'apply_unknown', applyError: outcome.error } as const
    case 'wrong_code':
      return { state: 'sent', applyError: outcome.error } as const
    case 'unchanged':
      return { state: 'sent', applyError: null, intent: outcome.restores } as const
    case 'refused':
      return outcome.closes
        ? ({ state: 'void', voidReason: 'refused', applyError: outcome.error, numberSealed: null } as const)
        : ({ state: 'sent', applyError: outcome.error, intent: outcome.restores } as const)
  }
}
