import { type Column, type SQL, sql } from 'drizzle-orm'
import type { Db } from '@/lib/db'
import type { Intent, Refusal } from './requests'

export type SendOutcome =
  | { kind: 'accepted'; requestId: string; expiresAt: Date | null }
  | { kind: 'refused'; error: Refusal }
  | { kind: 'unknown'; error: Refusal }

/** `restores`: the previous intent, if the operator who changed it lacks permission for the call. */
export type ApplyOutcome =
  /**
   * `use`: the operator and intent of this attempt, since another attempt with the same code may have started
   * before the answer came.
   */
  | { kind: 'accepted'; requestId: string; use?: { operatorName: string; intent: Intent } }
  /** The code was wrong or expired: the only answer that costs an attempt. */
  | { kind: 'wrong_code'; error: Refusal }
  /** `closes`: no other code could succeed either, so the request ends. */
  | { kind: 'refused'; error: Refusal; closes: boolean; restores?: Intent }
  | { kind: 'unknown'; error: Refusal }
  /** Answer to a check: the code stays open, whatever the answer was. */
  | { kind: 'unchanged'; restores?: Intent }

/** The row that an answer settled, as far as callers need it. */
export interface Noted {
  numberMasked: string | null
}

/** How to record an answer that came a while ago. */
export interface Noting {
  /** How long ago the answer came, in seconds. */
  secondsAgo: number
  /**
   * Runs last in the same transaction. `noted` is null if the answer changed nothing, for example because it
   * was already recorded.
   */
  also(tx: Db, noted: Noted | null): Promise<void>
}

export const atOnce: Noting = { secondsAgo: 0, also: async () => {} }

/** When an answer came, in ledger time; never before its call began. */
export function answeredAt(now: SQL, began: Column, { secondsAgo }: Noting): SQL {
  return sql`greatest(${began}, ${now} - make_interval(secs => ${secondsAgo}))`
}

/** The columns that the answer to a send sets. */
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

/** The columns that the answer to an attempt, a check or an operation without a code sets. */
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
