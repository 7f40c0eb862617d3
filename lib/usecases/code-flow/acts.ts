import { AppError } from '@/lib/contract/errors'
import { maskNumber } from '@/lib/contract/phone-number'
import {
  type ApplyOutcome,
  type Intent,
  policyOf,
  type Refusal,
  type Reverses,
  type Subject,
} from '@/lib/ledger'
import type { Operator } from '../actor'
import type { AuditNote } from '../define'
import {
  answerOf,
  applyOutcomeOf,
  isWrongCode,
  noteAnswer,
  refusalOf,
  refusalShown,
  restoring,
  type Sent,
  sendOutcomeOf,
  settled,
} from './answers'

// Shared by binding a phone, enabling a directory and joining a network. Each call to Alibaba Cloud is recorded in the ledger
// before it is made and settled by its answer. Without a clear answer, the outcome is recorded as unknown.
//
// While another request of the same subject is in flight or of unknown outcome, all of these throw an `AppError` that names
// it: `send.in_progress`, `check.in_progress`, `apply.in_progress`, `apply.outcome_unknown` or `request.newer_version`.
// A send also waits for the sends of other subjects that share its code (see `scopeOf` in lib/ledger), and for their
// cool-down.

/** The facts for a call: the number the code was sent to (null if Alibaba Cloud chose it), and the intended change. */
interface Facts<I extends Intent> {
  number: string | null
  intent: I
}

interface OpenRequest {
  subject: Subject
  requestId: string
  /** Changes to the intent since the code was sent. */
  changed?: Intent | undefined
}

/**
 * Sends one code. An unknown outcome is not an error but a state of the flow.
 * @param wanted null = repeat the open request. `phone` null = Alibaba Cloud chooses the recipient.
 * @throws AppError `phone.country_not_allowed`; `send.cooling_down`; `send.outcome_unknown` without `confirmResend`;
 *   `send.other_first` if a code that the operator has not `seen` was sent to another recipient first; `code.request_closed`
 *   if there is no request to repeat; `phone.already_bound`, `directory.exists` or `network.attached` once that is done
 * @throws CloudError if Alibaba Cloud refused the send or the call was not made
 */
export async function sendOnce<I extends Intent>(
  actor: Operator,
  note: AuditNote,
  subject: Subject,
  {
    wanted,
    confirmResend = false,
    seen,
  }: {
    wanted: { phone: string | null; intent: I } | null
    confirmResend?: boolean | undefined
    seen?: string | null | undefined
  },
  call: (facts: Facts<I>) => Promise<Sent>,
): Promise<void> {
  const { ledger } = actor.services
  if (wanted?.phone) refuseNumberOfOtherSite(actor, wanted.phone)
  const { id, number, intent } = await ledger.beginSend(subject, {
    sending: wanted && {
      number: wanted.phone === null ? null : { full: wanted.phone, masked: maskNumber(wanted.phone) },
      intent: wanted.intent,
    },
    operator: actor,
    confirmResend,
    ...(seen !== undefined && { seen }),
  })
  const answer = await answerOf(call({ number, intent: intent as I }))
  // The answer decides what the audit says, whether or not our database can record it.
  noteAnswer(note, answer)
  await settled(actor, note, { kind: 'send', subject, id, outcome: sendOutcomeOf(answer) })
  if (answer.failure?.executed === 'no') throw answer.failure
}

/**
 * Uses the code of an open request to make its change.
 * @returns the facts used and the answer, which is null if the outcome is unknown
 * @throws AppError `code.request_closed`; `code.no_attempts_left`; for a rejected code `code.incorrect`, `code.expired` or,
 *   without a known expiry, `code.wrong_or_expired`, with the attempts left
 * @throws CloudError if Alibaba Cloud refused the change for another reason, or the call was not made
 */
export async function applyOnce<T extends { requestId: string }, I extends Intent>(
  actor: Operator,
  note: AuditNote,
  { subject, requestId, changed }: OpenRequest,
  call: (facts: Facts<I>) => Promise<T>,
): Promise<Facts<I> & { answer: T | null }> {
  const { ledger } = actor.services
  const { number, intent, before, attempt } = await ledger.beginApply(subject, requestId, actor, changed)
  const facts = { number, intent: intent as I }
  const answer = await answerOf(call(facts))
  noteAnswer(note, answer)
  const { terminal } = policyOf(subject.operation)
  const use = { operatorName: actor.operatorName, intent }
  const outcome = {
    ...applyOutcomeOf(answer, (code) => terminal.has(code), use),
    ...restoring(answer, before),
  }
  const { attemptsLeft } = await settled(actor, note, {
    kind: 'use',
    subject,
    id: requestId,
    attempt,
    outcome,
  })
  if (answer.failure?.executed === 'no')
    throw await refusalShown(actor, subject, answer.failure, attemptsLeft)
  return { ...facts, answer: answer.value }
}

/**
 * Makes a change that requires no code.
 * @param reverses whether it reverses the change applied before; without it, nothing may have been applied
 * @returns the answer; null if the outcome is unknown
 * @throws AppError `directory.exists` or `network.attached` once that is done; with `reverses` instead `apply.in_progress` if
 *   the applied change is the same
 * @throws CloudError if Alibaba Cloud refused the change or the call was not made
 */
export async function applyWithoutCode<T extends { requestId: string }>(
  actor: Operator,
  note: AuditNote,
  { subject, intent, reverses }: { subject: Subject; intent: Intent; reverses?: Reverses },
  call: () => Promise<T>,
): Promise<T | null> {
  const { ledger } = actor.services
  const { id, attempt } = await ledger.beginWithoutCode(subject, { intent, operator: actor, reverses })
  const answer = await answerOf(call())
  noteAnswer(note, answer)
  // There is no code to use again, so any refusal ends the request.
  const outcome = applyOutcomeOf(answer, () => true)
  await settled(actor, note, { kind: 'use', subject, id, attempt, outcome })
  if (answer.failure?.executed === 'no') throw answer.failure
  return answer.value
}

/**
 * Checks with the code of an open request whether its change would succeed. Nothing changes, but an incorrect code costs an
 * attempt, since the check could be used to guess codes otherwise.
 * @param wrongCodeIn finds an incorrect code in an answer that is not a refusal
 * @throws AppError the same as `applyOnce`
 * @throws CloudError if the check fails in any other way, also without a clear answer
 */
export async function checkOnce<T extends { requestId: string }, I extends Intent>(
  actor: Operator,
  note: AuditNote,
  { subject, requestId, changed }: OpenRequest,
  call: (facts: Facts<I>) => Promise<T>,
  wrongCodeIn: (answer: T) => Refusal | null = () => null,
): Promise<T & { attemptsLeft: number }> {
  const { ledger } = actor.services
  const { number, intent, before, attempt } = await ledger.beginCheck(subject, requestId, actor, changed)
  const answer = await answerOf(call({ number, intent: intent as I }))
  noteAnswer(note, answer)
  const error = answer.failure
    ? isWrongCode(answer.failure)
      ? refusalOf(answer.failure)
      : null
    : wrongCodeIn(answer.value)
  if (error) Object.assign(note, { outcome: 'refused', code: error.upstream?.code ?? error.code })
  const outcome: ApplyOutcome = error
    ? { kind: 'wrong_code', error }
    : { kind: 'unchanged', ...restoring(answer, before) }
  const { attemptsLeft } = await settled(actor, note, {
    kind: 'use',
    subject,
    id: requestId,
    attempt,
    outcome,
  })
  if (answer.failure) throw await refusalShown(actor, subject, answer.failure, attemptsLeft)
  return { ...answer.value, attemptsLeft }
}

function refuseNumberOfOtherSite(actor: Operator, phone: string): void {
  const china = phone.startsWith('86-')
  if (china !== (actor.site === 'china')) {
    throw new AppError('phone.country_not_allowed', {
      params: { site: actor.site },
      fields: { phone: 'phone.country_not_allowed' },
    })
  }
}
