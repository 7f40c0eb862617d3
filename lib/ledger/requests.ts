import { and, eq } from 'drizzle-orm'
import type { ErrorBody } from '@/lib/contract/errors'
import { StoredError } from '@/lib/contract/stored-error'
import { CODE_REQUEST_STATES, type CodeOperation, type CodeRequestState, codeRequest } from '@/lib/db'
import { policyOf } from './policy'

/**
 * What a request is about. Different subjects are kept apart, except that some share a code (see `scopeOf`).
 */
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

/**
 * Why a call was not carried out or got no answer, in the form a route returns it but without the vendor's
 * own text.
 */
export type Refusal = Pick<ErrorBody, 'code' | 'params' | 'upstream'>

/**
 * What the operation is to achieve, besides its target and number: plain facts, never a phone number, a code
 * or a key.
 */
export type Intent = Record<string, string>

/**
 * What Alibaba Cloud's answer says about an operation of unknown outcome. `not_reported`: nothing. `gone`:
 * the target no longer exists, so nothing ever will.
 */
export type ReconcileResult = 'done' | 'not_done' | 'not_reported' | 'gone'

/**
 * One send and what became of its code, or one operation without a code. Times are ledger time (see
 * `createLedger`), except `expiresAt`.
 */
export interface CodeRequest {
  id: string
  target: string
  /** `newer`: a state that only a newer version of this console knows. */
  state: CodeRequestState | 'newer'
  /** false = an operation without a code: nothing was sent for it. */
  requiresCode: boolean
  intent: Intent
  /**
   * Whether Alibaba Cloud accepted the send or its outcome is unknown; null if it is in flight, was refused,
   * or there was none.
   */
  sendOutcome: 'accepted' | 'unknown' | null
  /** Null if Alibaba Cloud chooses the recipient. */
  numberMasked: string | null
  /**
   * Index, from 1, among the numbers of its subject that look the same when masked (see `lookalikesOf`); null
   * if no other does.
   */
  alike: number | null
  operatorId: string
  operatorName: string
  startedAt: Date
  settledAt: Date | null
  /** As Alibaba Cloud returned it; never computed. */
  expiresAt: Date | null
  /** Seconds until `expiresAt`, ≤ 0 once it has passed; null if no expiry is known. */
  secondsLeft: number | null
  sendRequestId: string | null
  sendError: Refusal | null
  wrongAttempts: number
  /** Number of the latest attempt, from 1; 0 = none yet. */
  attempt: number
  applyStartedAt: Date | null
  applySettledAt: Date | null
  applyOperatorName: string | null
  applyRequestId: string | null
  applyError: Refusal | null
  reconciledAt: Date | null
  /** Null if it was never reconciled. */
  secondsSinceReconciled: number | null
  /** Since Alibaba Cloud was last asked about the latest attempt, whatever it answered; null if never. */
  secondsSinceAsked: number | null
  /** Since the latest attempt began; null before. */
  secondsSinceApplyBegan: number | null
  /** Since the latest attempt was answered or became unknown; null before. */
  secondsSinceApplied: number | null
  /** Result of the latest reconciliation. */
  reconcileResult: ReconcileResult | null
  voidReason: VoidReason | null
  /** Who discarded it, for all operators; null if nobody did. */
  discardedBy: string | null
  discardedAt: Date | null
}

/**
 * Why a request has ended. An applied request has a reason only if its effect is gone from Alibaba Cloud or
 * never appeared there.
 */
const voidReasons = [
  'given_up',
  'superseded',
  'too_old',
  'refused',
  'not_done',
  'undone',
  // The target no longer exists: the outcome stays unknown.
  'gone',
  // An operator ended it, knowing that its outcome is unknown.
  'unresolved',
] as const
/** `newer`: a reason that only a newer version of this console knows; the request has ended anyway. */
export type VoidReason = (typeof voidReasons)[number] | 'newer'

export function whereSubject(subject: Subject) {
  return and(
    eq(codeRequest.accountId, subject.accountId),
    eq(codeRequest.operation, subject.operation),
    eq(codeRequest.target, subject.target),
  )
}

/**
 * What a code is valid for: its target, or a cross-account CEN, since such a code names the CEN and its owner
 * but not the office network. The database computes `code_scope` the same way.
 */
export function scopeOf({ target }: Subject, { ownerId, cenId = '' }: Intent): string {
  return ownerId === undefined ? target : `${ownerId}/${cenId}`
}

/** Who a code goes to: a number, or the owner of a CEN for that CEN; if neither is set, the account's own phone. */
interface Recipient {
  fingerprint: string | null
  intent: Intent
}

export function isSameRecipient(one: Recipient, other: Recipient): boolean {
  const { ownerId, cenId } = one.intent
  return (
    one.fingerprint === other.fingerprint && ownerId === other.intent.ownerId && cenId === other.intent.cenId
  )
}

/** Requests whose codes Alibaba Cloud does not distinguish. */
export function sharesCode(subject: Subject, intent: Intent) {
  return and(
    eq(codeRequest.accountId, subject.accountId),
    eq(codeRequest.operation, subject.operation),
    eq(codeRequest.codeScope, scopeOf(subject, intent)),
  )
}

/** A number's fingerprint → its index among the numbers that look the same when masked; 1 = used first. */
export type Lookalikes = ReadonlyMap<string, number>

type Row = typeof codeRequest.$inferSelect

/**
 * Seconds between a row's times and ledger time. Only the database knows that, so they come from the same
 * query as the row.
 */
export interface Distances {
  secondsLeft: number | null
  secondsSinceReconciled: number | null
  secondsSinceAsked: number | null
  secondsSinceApplyBegan: number | null
  secondsSinceApplied: number | null
}

export function toCodeRequest(row: Row, distances: Distances, lookalikes: Lookalikes): CodeRequest {
  const settled = row.requiresCode && row.state !== 'sending' && row.state !== 'refused'
  return {
    id: row.id,
    target: row.target,
    state: (knowsIntent(row) && known(CODE_REQUEST_STATES, row.state)) || 'newer',
    requiresCode: row.requiresCode,
    intent: factsOf(row.intent),
    sendOutcome: settled ? (row.sendRequestId === null ? 'unknown' : 'accepted') : null,
    numberMasked: row.numberMasked,
    alike: lookalikes.get(row.numberFingerprint ?? '') ?? null,
    operatorId: row.operatorId,
    operatorName: row.operatorName,
    startedAt: row.startedAt,
    settledAt: row.settledAt,
    expiresAt: row.expiresAt,
    secondsLeft: distances.secondsLeft,
    sendRequestId: row.sendRequestId,
    sendError: refusalOf(row.sendError),
    wrongAttempts: row.wrongAttempts,
    attempt: row.applyAttempt,
    applyStartedAt: row.applyStartedAt,
    applySettledAt: row.applySettledAt,
    applyOperatorName: row.applyOperatorName,
    applyRequestId: row.applyRequestId,
    applyError: refusalOf(row.applyError),
    reconciledAt: row.reconciledAt,
    secondsSinceReconciled: distances.secondsSinceReconciled,
    secondsSinceAsked: distances.secondsSinceAsked,
    secondsSinceApplyBegan: distances.secondsSinceApplyBegan,
    secondsSinceApplied: distances.secondsSinceApplied,
    reconcileResult: known(['done', 'not_done', 'not_reported', 'gone'], row.reconcileResult),
    voidReason: row.voidReason === null ? null : (known(voidReasons, row.voidReason) ?? 'newer'),
    discardedBy: row.discardedBy,
    discardedAt: row.discardedAt,
  }
}

// A newer version of this console may have written values unknown to this one: they must not break a page.

function known<T extends string>(values: readonly T[], stored: string | null): T | null {
  return values.find((one) => one === stored) ?? null
}

function knowsIntent({ operation, intent }: Row): boolean {
  const { kinds } = policyOf(operation)
  const kind = kinds && factsOf(intent)[kinds.fact]
  return !kinds || kind === undefined || known(kinds.known, kind) !== null
}

function factsOf(intent: unknown): Intent {
  const facts = typeof intent === 'object' && intent !== null ? Object.entries(intent) : []
  return Object.fromEntries(facts.filter((fact) => typeof fact[1] === 'string'))
}

function refusalOf(stored: unknown): Refusal | null {
  return stored === null ? null : StoredError.parse(stored)
}
