import { and, eq, or, sql } from 'drizzle-orm'
import type { ErrorBody } from '@/lib/contract/errors'
import { type CodeOperation, type CodeRequestState, codeRequest, type Db } from '@/lib/db'
import type { LookUpResult } from './look-ups'

/** What a code is for: codes of different subjects never mix. */
export interface Subject {
  accountId: string
  operation: CodeOperation
  /** A member for `bind_phone`, the account itself for `enable_directory`, an office network for `join_network`. */
  target: string
}

export interface Operator {
  operatorId: string
  operatorName: string
}

/** Why a call was not carried out or has no answer, as a route would tell it; without the vendor's own text. */
export type Refusal = Pick<ErrorBody, 'code' | 'params' | 'upstream'>

/** What an act is to bring about, beside its target and number: plain facts, never a phone, a code or a key. */
export type Intent = Record<string, string>

/** One send and what became of its code, or one act that needs none. Times are ledger time (see `Ledger`). */
export interface CodeRequest {
  id: string
  target: string
  state: CodeRequestState
  /** false = an act without a code: nothing was sent for it. */
  coded: boolean
  intent: Intent
  /** Whether Alibaba Cloud accepted the send or its outcome is not known; null while under way, refused or without one. */
  sendOutcome: 'accepted' | 'unknown' | null
  /** Null where Alibaba Cloud chooses the recipient. */
  numberMasked: string | null
  operatorId: string
  operatorName: string
  startedAt: Date
  settledAt: Date | null
  expiresAt: Date | null
  /** Seconds until `expiresAt`, ≤ 0 when it has passed; null without a known expiry. */
  secondsLeft: number | null
  sendRequestId: string | null
  sendError: Refusal | null
  wrongTries: number
  /** Number of the latest use. */
  attempt: number
  applyStartedAt: Date | null
  applySettledAt: Date | null
  applyOperatorName: string | null
  applyRequestId: string | null
  applyError: Refusal | null
  lookedUpAt: Date | null
  /** null when it was never looked up. */
  secondsSinceLookUp: number | null
  /** Since it was last asked what became of the latest use, whatever was answered; null when it never was. */
  secondsSinceAsked: number | null
  /** Since the latest use began; null before. */
  secondsSinceApplyBegan: number | null
  /** Since the answer of the latest use, or since it became unknown; null before. */
  secondsSinceApplied: number | null
  /** What the latest look-up said of the act. */
  lookupResult: LookUpResult | null
  voidReason: VoidReason | null
  /** Who ended it for everybody by discarding it; null where nobody did. */
  discardedBy: string | null
  discardedAt: Date | null
}

/**
 * Why a request is over. An applied one that has a reason took effect once; Alibaba Cloud does not have it any more, or
 * the sandbox forgot it.
 */
export type VoidReason =
  | 'given_up'
  | 'superseded'
  | 'too_old'
  | 'refused'
  | 'not_done'
  | 'undone'
  /** What was acted on is there no more: what became of the act stays unknown. */
  | 'gone'
  /** Somebody ended it knowing that its outcome is unknown. */
  | 'unresolved'

export function isSubject(subject: Subject) {
  return and(
    eq(codeRequest.accountId, subject.accountId),
    eq(codeRequest.operation, subject.operation),
    eq(codeRequest.target, subject.target),
  )
}

/**
 * Whose codes Alibaba Cloud does not tell apart: those of one subject, and of all office networks that are to join the same
 * CEN of another account, since its code names the CEN and its owner alone.
 */
export function sharesCode(subject: Subject, { ownerId, cenId }: Intent) {
  if (ownerId === undefined) return isSubject(subject)
  return and(
    eq(codeRequest.accountId, subject.accountId),
    eq(codeRequest.operation, subject.operation),
    sql`${codeRequest.intent} @> ${JSON.stringify({ ownerId, cenId })}::jsonb`,
  )
}

type Row = typeof codeRequest.$inferSelect

/** Distances to the ledger's time, which only the database knows: from the same query as the row. */
export interface Distances {
  secondsLeft: number | null
  secondsSinceLookUp: number | null
  secondsSinceAsked: number | null
  secondsSinceApplyBegan: number | null
  secondsSinceApplied: number | null
}

export function toCodeRequest(row: Row, distances: Distances): CodeRequest {
  const settled = row.coded && row.state !== 'sending' && row.state !== 'refused'
  return {
    id: row.id,
    target: row.target,
    state: row.state,
    coded: row.coded,
    intent: row.intent,
    sendOutcome: settled ? (row.sendRequestId === null ? 'unknown' : 'accepted') : null,
    numberMasked: row.numberMasked,
    operatorId: row.operatorId,
    operatorName: row.operatorName,
    startedAt: row.startedAt,
    settledAt: row.settledAt,
    expiresAt: row.expiresAt,
    secondsLeft: distances.secondsLeft,
    sendRequestId: row.sendRequestId,
    sendError: row.sendError as Refusal | null,
    wrongTries: row.wrongTries,
    attempt: row.applyAttempt,
    applyStartedAt: row.applyStartedAt,
    applySettledAt: row.applySettledAt,
    applyOperatorName: row.applyOperatorName,
    applyRequestId: row.applyRequestId,
    applyError: row.applyError as Refusal | null,
    lookedUpAt: row.lookedUpAt,
    secondsSinceLookUp: distances.secondsSinceLookUp,
    secondsSinceAsked: distances.secondsSinceAsked,
    secondsSinceApplyBegan: distances.secondsSinceApplyBegan,
    secondsSinceApplied: distances.secondsSinceApplied,
    lookupResult: row.lookupResult as CodeRequest['lookupResult'],
    voidReason: row.voidReason as VoidReason | null,
    discardedBy: row.discardedBy,
    discardedAt: row.discardedAt,
  }
}

/** What a send of this intent may take the place of: the older ones of its subject, and those that share its code. */
export function replacedBy(subject: Subject, intent: Intent) {
  return or(isSubject(subject), sharesCode(subject, intent))
}

/**
 * Makes changes of one subject wait for each other, across tabs, operators and replicas, until the transaction ends.
 * The partial unique indexes of `code_request` hold even where somebody forgets this lock.
 */
export async function lockSubject(tx: Db, subject: Subject): Promise<void> {
  await lock(tx, subject, subject.target)
}

/** The same for sends that share a code. Taken last, so that two never wait for each other. */
export async function lockCode(tx: Db, subject: Subject, { ownerId, cenId }: Intent): Promise<void> {
  if (ownerId !== undefined) await lock(tx, subject, `${ownerId}/${cenId}`)
}

async function lock(tx: Db, { accountId, operation }: Subject, what: string): Promise<void> {
  const key = `${accountId}/${operation}/${what}`
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${key}, 0))`)
}
