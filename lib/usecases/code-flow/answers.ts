import { CloudError } from '@/lib/alicloud'
import { wrongAttemptsMax } from '@/lib/contract/code-attempts'
import { AppError, type ErrorCode } from '@/lib/contract/errors'
import type { ApplyOutcome, Intent, Refusal, SendOutcome, Subject } from '@/lib/ledger'
import type { Operator } from '../actor'
import type { AuditNote } from '../define'
import type { Outcome, Settled } from '../outcomes'

export type Sent = { requestId: string; expiresAt?: Date | null }

export type Answer<T> = { value: T; failure: null } | { value: null; failure: CloudError }

/** Captures a failure of the call. Any other error is a bug of ours and is rethrown. */
export async function answerOf<T>(call: Promise<T>): Promise<Answer<T>> {
  try {
    return { value: await call, failure: null }
  } catch (error) {
    if (error instanceof CloudError) return { value: null, failure: error }
    throw error
  }
}

/** Records an answer together with its closing audit row. @throws Kept if that has to wait until the database is back */
export async function settled(
  actor: Operator,
  note: AuditNote,
  settle: NonNullable<Outcome['settle']>,
): Promise<Settled> {
  const record = { answeredAt: Date.now(), settle, audit: note.closing() }
  note.closed = true
  return (await actor.services.outcomes.put(record, { ahead: true })) ?? { attemptsLeft: 0 }
}

export function sendOutcomeOf({ value, failure }: Answer<Sent>): SendOutcome {
  if (!failure) return { kind: 'accepted', requestId: value.requestId, expiresAt: value.expiresAt ?? null }
  const error = refusalOf(failure)
  return failure.executed === 'maybe' ? { kind: 'unknown', error } : { kind: 'refused', error }
}

/** @param closes whether a refusal with this code ends the request */
export function applyOutcomeOf(
  { value, failure }: Answer<{ requestId: string }>,
  closes: (code: ErrorCode) => boolean,
  use?: { operatorName: string; intent: Intent },
): ApplyOutcome {
  if (!failure) return { kind: 'accepted', requestId: value.requestId, ...(use && { use }) }
  const error = refusalOf(failure)
  if (failure.executed === 'maybe') return { kind: 'unknown', error }
  const ends = closes(failure.code)
  return isWrongCode(failure) && !ends
    ? { kind: 'wrong_code', error }
    : { kind: 'refused', error, closes: ends }
}

/** An operator without permission for the call must not change the intent of the request either. */
export function restoring({ failure }: Answer<unknown>, before: Intent): { restores?: Intent } {
  return failure?.code === 'cloud.permission' ? { restores: before } : {}
}

export function isWrongCode({ code }: CloudError): boolean {
  return code === 'code.wrong_or_expired' || code === 'code.attempts_used_upstream'
}

/** Alibaba Cloud answers the same for an incorrect and an expired code: only a known expiry distinguishes them. */
export function wrongCodeAt(expiresAt: Date | null, at: Date): ErrorCode {
  if (expiresAt === null) return 'code.wrong_or_expired'
  return expiresAt <= at ? 'code.expired' : 'code.incorrect'
}

/** The error to show for a refusal: for a rejected code, whether it was incorrect or expired; any other is unchanged. */
export async function refusalShown(
  actor: Operator,
  subject: Subject,
  failure: CloudError,
  attemptsLeft: number,
): Promise<Error> {
  if (failure.code !== 'code.wrong_or_expired') return failure
  const { current } = await actor.services.ledger.view(subject)
  const { expiresAt = null, secondsLeft = null } = current ?? {}
  // In ledger time, in which `secondsLeft` is measured.
  const at = new Date((expiresAt?.getTime() ?? 0) - (secondsLeft ?? 0) * 1000)
  const wrong = wrongCodeAt(expiresAt, at)
  const code = wrong !== 'code.expired' && attemptsLeft === 0 ? 'code.no_attempts_left' : wrong
  const { upstream } = failure
  return new AppError(
    code,
    { params: { attemptsLeft, limit: wrongAttemptsMax }, fields: { code }, upstream },
    { cause: failure },
  )
}

export function noteAnswer(note: AuditNote, { value, failure }: Answer<{ requestId: string }>): void {
  note.outcome = failure ? outcomeOfFailure(failure) : 'accepted'
  note.code = failure ? (failure.upstream?.code ?? failure.code) : undefined
  note.upstreamRequestId = failure ? failure.upstream?.requestId : value.requestId
}

function outcomeOfFailure({ code, executed }: CloudError): NonNullable<AuditNote['outcome']> {
  // The call never reached Alibaba Cloud.
  if (code === 'cloud.not_sent') return 'failed'
  return executed === 'maybe' ? 'unknown' : 'refused'
}

export function refusalOf(failure: CloudError): Refusal {
  const { code, params, upstream } = failure
  // Only the operator who made the call may see the vendor's text: store the codes only.
  return { code, params, upstream: upstream && { ...upstream, message: undefined } }
}
