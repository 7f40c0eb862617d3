import { CloudError } from '@/lib/alicloud'
import { listAudit } from '@/lib/audit'
import type { CodeFlow, CodeRequestView, Refused, Replaced } from '@/lib/contract/code-flow'
import { wrongTriesMax } from '@/lib/contract/code-tries'
import { AppError, type ErrorCode, laterCodes } from '@/lib/contract/errors'
import { maskNumber } from '@/lib/contract/phone-number'
import type {
  ApplyOutcome,
  CodeRequest,
  Intent,
  LedgerView,
  Refusal,
  Reverses,
  SendOutcome,
  Subject,
} from '@/lib/ledger'
import type { Operator } from './actor'
import { type Claim, missingAuthority, requireAuthority } from './authority'
import type { AuditNote } from './define'
import type { Outcome, Settled } from './outcomes'

// What binding a phone, enabling a directory and joining a network have in common: each call to Alibaba Cloud is noted in
// the ledger before it is made and settled by its answer, and an answer that does not tell is kept as unknown.

/** Between two look-ups that polling causes; a person may look at once. */
const lookUpEverySeconds = 5

/** An act of unknown outcome that is to be looked up by now, although nobody asks for it. */
export function lookUpDue(request: CodeRequest): boolean {
  return (request.secondsSinceAsked ?? Number.POSITIVE_INFINITY) > lookUpEverySeconds
}

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

type Sent = { requestId: string; expiresAt?: Date | null }

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
    knowingly = false,
    seen,
  }: {
    wanted: { phone: string | null; intent: I } | null
    knowingly?: boolean | undefined
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
    operator: operatorOf(actor),
    knowingly,
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
 * @param closing after these refusals no other code could succeed either
 * @returns what the act was done with, and its answer; null when the outcome is unknown
 * @throws the refusal, with the tries that are left
 */
export async function applyOnce<T extends { requestId: string }, I extends Intent>(
  actor: Operator,
  note: AuditNote,
  { subject, requestId, changed, closing }: OpenRequest & { closing: ReadonlySet<ErrorCode> },
  call: (facts: Facts<I>) => Promise<T>,
): Promise<Facts<I> & { answer: T | null }> {
  const { ledger } = actor.services
  const { number, intent, before, attempt } = await ledger.beginApply(
    subject,
    requestId,
    operatorOf(actor),
    changed,
  )
  const facts = { number, intent: intent as I }
  const answer = await answerOf(call(facts))
  noteAnswer(note, answer)
  const use = { operatorName: actor.operatorName, intent }
  const outcome = { ...applyOutcomeOf(answer, { closing, use }), ...restoring(answer, before) }
  const { triesLeft } = await settled(actor, note, { kind: 'use', subject, id: requestId, attempt, outcome })
  if (answer.failure?.executed === 'no') throw await refusalTold(actor, subject, answer.failure, triesLeft)
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
  const operator = operatorOf(actor)
  const { id, attempt } = await ledger.beginUncoded(subject, { intent, operator, reverses })
  const answer = await answerOf(call())
  noteAnswer(note, answer)
  // There is no code to try again with: whatever refuses the act ends its request.
  const outcome =
    answer.failure?.executed === 'no' ? refusedFor(answer.failure, true) : applyOutcomeOf(answer)
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
): Promise<T & { triesLeft: number }> {
  const { ledger } = actor.services
  const { number, intent, before, attempt } = await ledger.beginTrial(
    subject,
    requestId,
    operatorOf(actor),
    changed,
  )
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
  const { triesLeft } = await settled(actor, note, { kind: 'use', subject, id: requestId, attempt, outcome })
  if (answer.failure) throw await refusalTold(actor, subject, answer.failure, triesLeft)
  return { ...answer.value, triesLeft }
}

/** What discarding the open request of a flow stands for: see `Claim`. */
interface Discarding extends Omit<Claim, 'startedBy'> {
  /** The audit's action of the act whose unknown outcome is concluded: whoever began it may, too. */
  begunBy?: string
}

/** Who started what is to be discarded; of an act of unknown outcome its starter is named. */
async function claimOf(
  actor: Operator,
  request: CodeRequest,
  { begunBy, ...rest }: Discarding,
): Promise<Claim> {
  const { applyOperatorName: user, operatorId, operatorName } = request
  if (!begunBy || user === null || request.state !== 'apply_unknown')
    return { ...rest, startedBy: { operatorId, operatorName } }
  const began = user === actor.operatorName && (await didBegin(actor, request, begunBy))
  const startedBy = { operatorId: began ? actor.operatorId : operatorId, operatorName: user }
  return { ...rest, startedBy }
}

/** The request keeps the name of whoever used its code, which a role's session may choose: the audit has the id. */
async function didBegin(
  { accountId, operatorId, services }: Operator,
  { id, target }: CodeRequest,
  action: string,
) {
  const filter = { accountId, operatorId, target, actions: [action], outcomes: ['started'] } as const
  const latest = await listAudit(services.db, filter, { limit: 9 })
  return latest.some(({ detail }) => detail.requestId === id)
}

/** Ends the open request for everybody, where this operator may. @param overdue, unresolved see `Ledger.discard` */
export async function discardRequest(
  actor: Operator,
  {
    subject,
    requestId,
    overdue,
    unresolved,
  }: { subject: Subject; requestId: string; overdue?: boolean; unresolved?: boolean | undefined },
  discarding: Discarding,
): Promise<void> {
  const { ledger } = actor.services
  const { current } = await ledger.view(subject)
  if (current?.id !== requestId) throw new AppError('code.request_closed')
  await requireAuthority(actor, await claimOf(actor, current, discarding))
  await ledger.discard(subject, requestId, operatorOf(actor), { overdue, unresolved })
}

/** What every flow tells of its newest request. */
export async function codeFlowOf(
  actor: Operator,
  view: LedgerView,
  discarding: Discarding,
): Promise<CodeFlow> {
  const { current, cooldownSeconds, sentToday, sendNumber } = view
  const refusal = current && (await missingAuthority(actor, await claimOf(actor, current, discarding)))
  return {
    site: actor.site,
    operatorName: actor.operatorName,
    request: current && requestView(actor, current),
    replaced: view.replaced && replacedView(actor, view.replaced),
    discardRefusal: refusal && { code: refusal.code, params: refusal.params },
    refused: refusedView(actor, view.refused),
    cooldownSeconds,
    sentToday,
    sendNumber,
  }
}

type Answer<T> = { value: T; failure: null } | { value: null; failure: CloudError }

/** Anything but a failure of the call itself is a defect of ours, and goes on as it is. */
async function answerOf<T>(call: Promise<T>): Promise<Answer<T>> {
  try {
    return { value: await call, failure: null }
  } catch (error) {
    if (error instanceof CloudError) return { value: null, failure: error }
    throw error
  }
}

/** Notes an answer and closes the audit with it, at the latest when the database is back. @throws Kept until then */
async function settled(
  actor: Operator,
  note: AuditNote,
  settle: NonNullable<Outcome['settle']>,
): Promise<Settled> {
  const record = { answeredAt: Date.now(), settle, audit: note.closing() }
  note.closed = true
  return (await actor.services.outcomes.put(record, { ahead: true })) ?? { triesLeft: 0 }
}

function sendOutcomeOf({ value, failure }: Answer<Sent>): SendOutcome {
  if (!failure) return { kind: 'accepted', requestId: value.requestId, expiresAt: value.expiresAt ?? null }
  const error = refusalOf(failure)
  return failure.executed === 'maybe' ? { kind: 'unknown', error } : { kind: 'refused', error }
}

function applyOutcomeOf(
  { value, failure }: Answer<{ requestId: string }>,
  { closing, use }: { closing?: ReadonlySet<ErrorCode>; use?: { operatorName: string; intent: Intent } } = {},
): ApplyOutcome {
  if (!failure) return { kind: 'accepted', requestId: value.requestId, ...(use && { use }) }
  const error = refusalOf(failure)
  if (failure.executed === 'maybe') return { kind: 'unknown', error }
  if (isWrongCode(failure)) return { kind: 'wrong_code', error }
  return refusedFor(failure, closing?.has(failure.code) ?? false)
}

/** Whoever is not allowed the call changes nothing of what it is to bring about. */
function restoring({ failure }: Answer<unknown>, before: Intent): { restores?: Intent } {
  return failure?.code === 'cloud.permission' ? { restores: before } : {}
}

function refusedFor(failure: CloudError, closes: boolean): ApplyOutcome {
  return { kind: 'refused', error: refusalOf(failure), closes }
}

function isWrongCode({ code }: CloudError): boolean {
  return code === 'code.wrong_or_expired' || code === 'code.tries_used_upstream'
}

/** Alibaba Cloud gives a wrong code and an expired one the same answer: only a known expiry tells them apart. */
export function wrongCodeAt(expiresAt: Date | null, at: Date): ErrorCode {
  if (expiresAt === null) return 'code.wrong_or_expired'
  return expiresAt <= at ? 'code.expired' : 'code.incorrect'
}

/** Says why a code was not taken. */
async function refusalTold(
  actor: Operator,
  subject: Subject,
  failure: CloudError,
  triesLeft: number,
): Promise<Error> {
  if (failure.code !== 'code.wrong_or_expired') return failure
  const { current } = await actor.services.ledger.view(subject)
  const { expiresAt = null, secondsLeft = null } = current ?? {}
  // By the ledger's clock, which the seconds left are counted by.
  const at = new Date((expiresAt?.getTime() ?? 0) - (secondsLeft ?? 0) * 1000)
  const wrong = wrongCodeAt(expiresAt, at)
  const code = wrong !== 'code.expired' && triesLeft === 0 ? 'code.no_tries_left' : wrong
  const { upstream } = failure
  return new AppError(
    code,
    { params: { triesLeft, limit: wrongTriesMax }, fields: { code }, upstream },
    { cause: failure },
  )
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

function requestView(actor: Operator, request: CodeRequest): CodeRequestView {
  const { state, expiresAt, settledAt } = request
  if (state === 'refused' || state === 'void') throw new Error('a closed request is never current')
  return {
    ...request,
    state,
    byYou: request.operatorId === actor.operatorId,
    startedAt: request.startedAt.toISOString(),
    settledAt: settledAt?.toISOString() ?? null,
    expiresAt: expiresAt?.toISOString() ?? null,
    secondsTotal:
      expiresAt && settledAt ? Math.round((expiresAt.getTime() - settledAt.getTime()) / 1000) : null,
    triesLeft: Math.max(0, wrongTriesMax - request.wrongTries),
    applyStartedAt: request.applyStartedAt?.toISOString() ?? null,
    applySettledAt: request.applySettledAt?.toISOString() ?? null,
    lookedUpAt: request.lookedUpAt?.toISOString() ?? null,
    mayConclude:
      state === 'apply_unknown' &&
      (request.secondsSinceApplyBegan ?? 0) > actor.services.config.settleSeconds,
  }
}

function replacedView(actor: Operator, request: CodeRequest): Replaced {
  const { numberMasked, alike, intent, operatorName, operatorId, startedAt, settledAt } = request
  return {
    numberMasked,
    alike,
    cenId: intent.cenId ?? null,
    ownerId: intent.ownerId ?? null,
    operatorName,
    byYou: operatorId === actor.operatorId,
    at: (settledAt ?? startedAt).toISOString(),
  }
}

const ofThatMoment = new Set<ErrorCode>([...laterCodes, 'cloud.not_sent'])
const silent: Refusal = { code: 'cloud.silent', params: { call: 'change' } }
const closed: Refusal = { code: 'code.request_closed' }

/**
 * Ways a request ends without a refusal: whether the send or the act ended, and which error to show if none was stored. A
 * killed process stored none, so its call counts as unanswered.
 */
const ownEnds = new Map<string | null, { what: Refused['what']; ofSend: boolean; unnoted: Refusal }>([
  ['superseded', { what: 'superseded', ofSend: true, unnoted: closed }],
  ['given_up', { what: 'given_up', ofSend: true, unnoted: closed }],
  ['not_done', { what: 'not_done', ofSend: false, unnoted: silent }],
  ['gone', { what: 'gone', ofSend: false, unnoted: silent }],
  ['unresolved', { what: 'unresolved', ofSend: false, unnoted: silent }],
])

function endOf({ state, voidReason, discardedBy }: CodeRequest) {
  if (state === 'refused') return { what: 'send', ofSend: true, unnoted: null } as const
  if (voidReason === 'undone' && discardedBy !== null)
    return { what: 'act_given_up', ofSend: true, unnoted: closed } as const
  return ownEnds.get(voidReason) ?? ({ what: 'apply', ofSend: false, unnoted: null } as const)
}

/** A refusal that is still worth telling: not one of that moment, nor of somebody else's session or permissions. */
function refusedView(actor: Operator, request: CodeRequest | null): Refused | null {
  if (!request) return null
  const { what, ofSend, unnoted } = endOf(request)
  const error = (ofSend ? request.sendError : request.applyError) ?? unnoted
  if (!error) return null
  const user = ofSend ? null : request.applyOperatorName
  const operatorName = user ?? request.operatorName
  // Of whoever used a code the name is kept, which is one person's within an account.
  const byYou = user ? user === actor.operatorName : request.operatorId === actor.operatorId
  const passed = /^(signin|storage)\./.test(error.code) || ofThatMoment.has(error.code)
  if (passed || (error.code === 'cloud.permission' && !byYou)) return null
  const at = (!ofSend && request.applySettledAt) || request.settledAt || request.startedAt
  return {
    what,
    error,
    at: at.toISOString(),
    operatorName,
    byYou,
    about: what === 'send' ? (request.numberMasked ?? request.intent.cenId ?? null) : null,
    alike: what === 'send' ? request.alike : null,
    discarded: discardedView(actor, request),
  }
}

function discardedView(actor: Operator, { discardedBy, discardedAt }: CodeRequest): Refused['discarded'] {
  if (discardedBy === null || discardedAt === null) return null
  const byYou = discardedBy === actor.operatorName
  return { at: discardedAt.toISOString(), operatorName: discardedBy, byYou }
}

function operatorOf(actor: Operator) {
  return { operatorId: actor.operatorId, operatorName: actor.operatorName }
}

function noteAnswer(note: AuditNote, { value, failure }: Answer<{ requestId: string }>): void {
  note.outcome = failure ? outcomeOfFailure(failure) : 'accepted'
  note.code = failure ? (failure.upstream?.code ?? failure.code) : undefined
  note.upstreamRequestId = failure ? failure.upstream?.requestId : value.requestId
}

function outcomeOfFailure({ code, executed }: CloudError): NonNullable<AuditNote['outcome']> {
  // Alibaba Cloud never heard of it.
  if (code === 'cloud.not_sent') return 'failed'
  return executed === 'maybe' ? 'unknown' : 'refused'
}

function refusalOf(failure: CloudError): Refusal {
  const { code, params, upstream } = failure
  // The vendor's own text is for the operator who called; what is kept are codes.
  return { code, params, upstream: upstream && { ...upstream, message: undefined } }
}
