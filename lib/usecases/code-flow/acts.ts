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

// What binding a phone, enabling a directory and joining a network have in common: each call to Alibaba Cloud is noted in
// the ledger before it is made and settled by its answer, and an answer that does not tell is kept as unknown.

/** What a call is made with: the number a code went to (null where Alibaba Cloud chose it), and what it is to bring about. */
interface Facts<I extends Intent> {
  number: string | null
  intent: I
}

interface OpenRequest {
  subject: Subject
  requestId: string
  /** What is to be brought about otherwise than when the code was sent. */
  changed?: Intent | undefined
}

/**
 * Sends one code.
 * @param wanted null = once more as the open request. `phone` null = Alibaba Cloud chooses the recipient.
 * @throws the refusal; an unknown outcome is no error, but a state of the flow
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
  if (wanted?.phone) refuseForeignNumber(actor, wanted.phone)
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
  // What the audit says is decided by the answer, not by whether our own database takes note of it.
  noteAnswer(note, answer)
  await settled(actor, note, { kind: 'send', subject, id, outcome: sendOutcomeOf(answer) })
  if (answer.failure?.executed === 'no') throw answer.failure
}

/**
 * Uses the code of an open request for its act.
 * @returns what the act was done with, and its answer; null when the outcome is unknown
 * @throws the refusal, with the tries that are left
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
 * Does an act that needs no code.
 * @param reverses whether it takes back what was done before
 * @returns its answer; null when the outcome is unknown
 * @throws the refusal
 */
export async function actOnce<T extends { requestId: string }>(
  actor: Operator,
  note: AuditNote,
  { subject, intent, reverses }: { subject: Subject; intent: Intent; reverses?: Reverses },
  call: () => Promise<T>,
): Promise<T | null> {
  const { ledger } = actor.services
  const { id, attempt } = await ledger.beginWithoutCode(subject, { intent, operator: actor, reverses })
  const answer = await answerOf(call())
  noteAnswer(note, answer)
  // There is no code to try again with: whatever refuses the act ends its request.
  const outcome = applyOutcomeOf(answer, () => true)
  await settled(actor, note, { kind: 'use', subject, id, attempt, outcome })
  if (answer.failure?.executed === 'no') throw answer.failure
  return answer.value
}

/**
 * Asks with the code of an open request whether its act would succeed. Nothing changes, but a wrong code costs a try as it
 * does in the act: otherwise asking would be a way to guess.
 * @param wrongCodeIn reads it from an answer that is no refusal
 */
export async function tryOnce<T extends { requestId: string }, I extends Intent>(
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

function refuseForeignNumber(actor: Operator, phone: string): void {
  const china = phone.startsWith('86-')
  if (china !== (actor.site === 'china')) {
    throw new AppError('phone.country_not_allowed', {
      params: { site: actor.site },
      fields: { phone: 'phone.country_not_allowed' },
    })
  }
}
