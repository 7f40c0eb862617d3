import { and, eq } from 'drizzle-orm'
import type { ErrorBody } from '@/lib/contract/errors'
import { StoredError } from '@/lib/contract/stored-error'
import { CODE_REQUEST_STATES, type CodeOperation, type CodeRequestState, codeRequest } from '@/lib/db'
import { policyOf } from './policy'

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

/**
 * What an answer says of an act of unknown outcome: `not_reported` = it says nothing about it; `gone` = what was acted on
 * is there no more, so that nothing will.
 */
export type ReconcileResult = 'done' | 'not_done' | 'not_reported' | 'gone'

/** One send and what became of its code, or one act that needs none. Times are ledger time (see `Ledger`). */
export interface CodeRequest {
  id: string
  target: string
  /** `newer`: a state that only a newer version of this console knows. */
  state: CodeRequestState | 'newer'
  /** false = an act without a code: nothing was sent for it. */
  requiresCode: boolean
  intent: Intent
  /** Whether Alibaba Cloud accepted the send or its outcome is not known; null while under way, refused or without one. */
  sendOutcome: 'accepted' | 'unknown' | null
  /** Null where Alibaba Cloud chooses the recipient. */
  numberMasked: string | null
  /** Which of several numbers of its subject that look the same when masked (see `lookalikesOf`); null where none does. */
  alike: number | null
  operatorId: string
  operatorName: string
  startedAt: Date
  settledAt: Date | null
  expiresAt: Date | null
  /** Seconds until `expiresAt`, ≤ 0 when it has passed; null without a known expiry. */
  secondsLeft: number | null
  sendRequestId: string | null
  sendError: Refusal | null
  wrongAttempts: number
  /** Number of the latest use. */
  attempt: number
  applyStartedAt: Date | null
  applySettledAt: Date | null
  applyOperatorName: string | null
  applyRequestId: string | null
  applyError: Refusal | null
  reconciledAt: Date | null
  /** null when it was never looked up. */
  secondsSinceReconciled: number | null
  /** Since it was last asked what became of the latest use, whatever was answered; null when it never was. */
  secondsSinceAsked: number | null
  /** Since the latest use began; null before. */
  secondsSinceApplyBegan: number | null
  /** Since the answer of the latest use, or since it became unknown; null before. */
  secondsSinceApplied: number | null
  /** What the latest look-up said of the act. */
  reconcileResult: ReconcileResult | null
  voidReason: VoidReason | null
  /** Who ended it for everybody by discarding it; null where nobody did. */
  discardedBy: string | null
  discardedAt: Date | null
}

/**
 * Why a request is over. An applied one that has a reason took effect once; Alibaba Cloud does not have it any more, or
 * the sandbox forgot it.
 */
const voidReasons = [
  'given_up',
  'superseded',
  'too_old',
  'refused',
  'not_done',
  'undone',
  // What was acted on is there no more: what became of the act stays unknown.
  'gone',
  // Somebody ended it knowing that its outcome is unknown.
  'unresolved',
] as const
/** `newer`: a reason that only a newer version of this console knows; the request is over all the same. */
export type VoidReason = (typeof voidReasons)[number] | 'newer'

export function whereSubject(subject: Subject) {
  return and(
    eq(codeRequest.accountId, subject.accountId),
    eq(codeRequest.operation, subject.operation),
    eq(codeRequest.target, subject.target),
  )
}

/**
 * What a code is good for: its target, or a CEN of another account, since such a code names the CEN and its owner but not
 * the office network. The database computes the same for `code_scope`.
 */
export function scopeOf({ target }: Subject, { ownerId, cenId = '' }: Intent): string {
  return ownerId === undefined ? target : `${ownerId}/${cenId}`
}

/** Who a code goes to: a number, or the owner of a CEN for that CEN. All null: the account's own phone. */
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

/** Requests whose codes Alibaba Cloud does not tell apart. */
export function sharesCode(subject: Subject, intent: Intent) {
  return and(
    eq(codeRequest.accountId, subject.accountId),
    eq(codeRequest.operation, subject.operation),
    eq(codeRequest.codeScope, scopeOf(subject, intent)),
  )
}

/** By the fingerprint of a number: its place among the numbers that look the same when masked, the one used first is 1. */
export type Lookalikes = ReadonlyMap<string, number>

type Row = typeof codeRequest.$inferSelect

/** Distances to the ledger's time, which only the database knows: from the same query as the row. */
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

// A newer version of this console may have written what this one does not know: nothing of it may fail a page.

function known<T extends string>(words: readonly T[], word: string | null): T | null {
  return words.find((one) => one === word) ?? null
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
