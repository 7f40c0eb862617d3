import { CloudError } from '@/lib/alicloud'
import { AppError } from '@/lib/contract/errors'
import type { BindObstacle } from '@/lib/contract/members'
import * as contract from '@/lib/contract/phone'
import { maskNumber } from '@/lib/contract/phone-number'
import {
  type ApplyOutcome,
  type CodeRequest,
  type LedgerView,
  type Refusal,
  type SendOutcome,
  type Subject,
  wrongTriesMax,
} from '@/lib/ledger'
import {
  countPhones,
  findMember,
  lookUpMember,
  type MirrorMember,
  nextWithoutPhone,
  storePhone,
} from '@/lib/mirror'
import type { Context } from './context'
import { type AuditNote, mutation, query } from './define'
import { fitStatuses, memberOf, memberRow, obstacleOf, openRequests } from './members'

/** A phone status read longer ago is read again before a send is offered. */
const freshForMs = 60_000

/** Between two look-ups that polling causes; a person may look at once. */
const lookUpEverySeconds = 5

export const getBindFlow = query(contract.getBindFlow, {
  access: 'directory',
  async run(ctx, { memberId }) {
    const member = await memberOf(ctx, memberId)
    const { current } = await ctx.services.ledger.view(subjectOf(ctx, memberId))
    const unknown = current?.state === 'apply_unknown'
    const due = unknown
      ? (current.secondsSinceLookUp ?? Number.POSITIVE_INFINITY) > lookUpEverySeconds
      : (!current || current.state === 'applied') && age(member.phoneReadAt) > freshForMs
    // An older status with its age is better than none.
    if (due) await lookUp(ctx, memberId).catch(ignoreOutage)
    return flow(ctx, memberId)
  },
})

export const checkNumber = query(contract.checkNumber, {
  access: 'directory',
  async run(ctx, { memberId, phone }) {
    const { db, ledger } = ctx.services
    await memberOf(ctx, memberId)
    const others = await ledger.otherTargets(subjectOf(ctx, memberId), phone)
    const usedBy = await Promise.all(
      others.map(async ({ target, bound }) => {
        const member = await findMember(db, ctx.session.accountId, target)
        return { id: target, displayName: member?.displayName ?? target, bound }
      }),
    )
    return { usedBy }
  },
})

export const sendCode = mutation(contract.sendCode, {
  access: 'directory',
  action: 'phone.send_code',
  target: ({ memberId }) => memberId,
  async run(ctx, { memberId, phone, knowingly }, note) {
    const member = await memberOf(ctx, memberId)
    refuseObstacle(member)
    if (phone) refuseForeignNumber(ctx, phone)
    const { ledger } = ctx.services
    const subject = subjectOf(ctx, memberId)
    const { id, number } = await ledger.beginSend(subject, {
      number: phone ? { full: phone, masked: maskNumber(phone) } : null,
      operator: operatorOf(ctx),
      knowingly: knowingly ?? false,
    })
    const answer = await answerOf(ctx.cloud.sendBindCode({ memberId, phone: number }))
    // What the audit says is decided by the answer, not by whether our own database takes note of it.
    noteAnswer(note, answer)
    await settled(() => ledger.settleSend(subject, id, sendOutcomeOf(answer)))
    if (answer.failure?.executed === 'no') throw answer.failure
    return flow(ctx, memberId)
  },
})

export const changeNumber = mutation(contract.changeNumber, {
  access: 'directory',
  action: 'phone.change_number',
  target: ({ memberId }) => memberId,
  async run(ctx, { memberId, requestId }) {
    await memberOf(ctx, memberId)
    await ctx.services.ledger.changeNumber(subjectOf(ctx, memberId), requestId)
    return flow(ctx, memberId)
  },
})

export const bindPhone = mutation(contract.bindPhone, {
  access: 'directory',
  action: 'phone.bind',
  target: ({ memberId }) => memberId,
  async run(ctx, { memberId, requestId, code }, note) {
    await memberOf(ctx, memberId)
    const { db, ledger } = ctx.services
    const subject = subjectOf(ctx, memberId)
    const { number, attempt } = await ledger.beginApply(subject, requestId, operatorOf(ctx))
    const answer = await answerOf(ctx.cloud.bindPhone({ memberId, phone: number, code }))
    noteAnswer(note, answer)
    const { triesLeft } = await settled(() =>
      ledger.settleApply(subject, requestId, attempt, applyOutcomeOf(answer)),
    )
    if (!answer.failure) await storePhone(db, ctx.session.accountId, memberId, 'bound', maskNumber(number))
    else if (answer.failure.executed === 'no') await throwRefusal(ctx, subject, answer.failure, triesLeft)
    return flow(ctx, memberId)
  },
})

export const lookUpPhone = mutation(contract.lookUpPhone, {
  access: 'directory',
  action: 'phone.look_up',
  target: ({ memberId }) => memberId,
  async run(ctx, { memberId }) {
    await lookUp(ctx, memberId)
    return flow(ctx, memberId)
  },
})

/** After these, no other code could succeed either. */
const closing = new Set([
  'phone.already_bound',
  'member.is_cloud_account',
  'member.type_or_status_unfit',
  'member.not_in_directory',
  'member.has_own_directory',
  'site.not_offered',
])

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

/** An answer that is not noted would read as unknown later: a database that stumbles once gets a second chance. */
async function settled<T>(settle: () => Promise<T>): Promise<T> {
  try {
    return await settle()
  } catch {
    return settle()
  }
}

function sendOutcomeOf(answer: Answer<{ requestId: string; expiresAt: Date | null }>): SendOutcome {
  if (!answer.failure) return { kind: 'accepted', ...answer.value }
  const error = refusalOf(answer.failure)
  return answer.failure.executed === 'maybe' ? { kind: 'unknown', error } : { kind: 'refused', error }
}

function applyOutcomeOf(answer: Answer<{ requestId: string }>): ApplyOutcome {
  if (!answer.failure) return { kind: 'accepted', requestId: answer.value.requestId }
  const { executed, code } = answer.failure
  const error = refusalOf(answer.failure)
  if (executed === 'maybe') return { kind: 'unknown', error }
  if (code === 'code.wrong_or_expired') return { kind: 'wrong_code', error }
  return { kind: 'refused', error, closes: closing.has(code) }
}

/** Says why a code was not taken: upstream gives a wrong and an expired one the same answer. */
async function throwRefusal(
  ctx: Context,
  subject: Subject,
  failure: CloudError,
  triesLeft: number,
): Promise<never> {
  if (failure.code === 'phone.already_bound')
    await storePhone(ctx.services.db, subject.accountId, subject.target, 'bound')
  if (failure.code !== 'code.wrong_or_expired') throw failure
  const { current } = await ctx.services.ledger.view(subject)
  // Only a known expiry tells them apart.
  const expired = typeof current?.secondsLeft === 'number' && current.secondsLeft <= 0
  const code = expired ? 'code.expired' : triesLeft === 0 ? 'code.no_tries_left' : 'code.wrong_or_expired'
  const { upstream } = failure
  throw new AppError(
    code,
    { params: { triesLeft, limit: wrongTriesMax }, fields: { code }, upstream },
    { cause: failure },
  )
}

/** Reads the member, and settles a bind of unknown outcome by what this answer says, never by what was known before. */
async function lookUp(ctx: Context, memberId: string): Promise<void> {
  const { db, ledger } = ctx.services
  const subject = subjectOf(ctx, memberId)
  const pending = await ledger.beginLookUp(subject)
  const { phone } = await lookUpMember(db, ctx.cloud, ctx.session.accountId, memberId)
  if (pending && (phone === 'bound' || phone === 'missing')) {
    await ledger.recordLookup(subject, pending, phone === 'bound' ? 'has_phone' : 'no_phone')
  }
  if (!pending && phone === 'missing') await ledger.phoneRemoved(subject)
}

function refuseObstacle(member: MirrorMember): void {
  const obstacle = obstacleOf(member)
  if (!obstacle) return
  const codes = {
    gone: 'member.not_found',
    cloud_account: 'member.is_cloud_account',
    already_bound: 'phone.already_bound',
    status_unfit: 'member.type_or_status_unfit',
  } as const
  throw new AppError(codes[obstacle])
}

function refuseForeignNumber(ctx: Context, phone: string): void {
  const china = phone.startsWith('86-')
  if (china !== (ctx.session.site === 'china')) {
    throw new AppError('phone.country_not_allowed', {
      params: { site: ctx.session.site },
      fields: { phone: 'phone.country_not_allowed' },
    })
  }
}

async function flow(ctx: Context, memberId: string) {
  const { db, ledger } = ctx.services
  const { accountId } = ctx.session
  const [member, view, open, next, counts, sentTodayInAll] = await Promise.all([
    memberOf(ctx, memberId),
    ledger.view(subjectOf(ctx, memberId)),
    openRequests(ctx, [memberId]),
    nextWithoutPhone(db, accountId, { exceptId: memberId, statuses: fitStatuses, limit: 4 }),
    countPhones(db, accountId),
    ledger.sentTodayInAll(accountId),
  ])
  const obstacle = obstacleOf(member)
  return {
    step: stepOf(view, obstacle),
    obstacle,
    member: memberRow(member, open.get(memberId) ?? null),
    site: ctx.session.site,
    operatorName: ctx.session.operatorName,
    request: view.current ? requestView(ctx, view.current) : null,
    refused: refusedView(ctx, view.refused),
    cooldownSeconds: view.cooldownSeconds,
    sentToday: view.sentToday,
    sentTodayInAll,
    sendNumber: view.sendNumber,
    next: next.map((one) => ({ ...one, folder: one.folder ?? '' })),
    missingTotal: counts.missing,
  }
}

function stepOf({ current }: LedgerView, obstacle: BindObstacle | null): contract.BindFlow['step'] {
  if (current?.state === 'applied') return 'done'
  if (current?.state === 'apply_unknown') return 'checking'
  if (obstacle) return 'blocked'
  return current ? 'code' : 'number'
}

function requestView(ctx: Context, request: CodeRequest): contract.CodeRequestView {
  const { state, expiresAt, settledAt } = request
  if (state === 'refused' || state === 'void') throw new Error('a closed request is never current')
  return {
    ...request,
    state,
    byYou: request.operatorId === ctx.session.operatorId,
    startedAt: request.startedAt.toISOString(),
    settledAt: settledAt?.toISOString() ?? null,
    expiresAt: expiresAt?.toISOString() ?? null,
    secondsTotal:
      expiresAt && settledAt ? Math.round((expiresAt.getTime() - settledAt.getTime()) / 1000) : null,
    triesLeft: Math.max(0, wrongTriesMax - request.wrongTries),
    applyStartedAt: request.applyStartedAt?.toISOString() ?? null,
    applySettledAt: request.applySettledAt?.toISOString() ?? null,
    lookedUpAt: request.lookedUpAt?.toISOString() ?? null,
  }
}

/** A refusal that is still worth telling: not one of that moment, nor of somebody else's session or permissions. */
function refusedView(ctx: Context, request: CodeRequest | null): contract.RefusedSend | null {
  if (!request?.sendError) return null
  const { sendError: error, operatorName } = request
  const byYou = request.operatorId === ctx.session.operatorId
  const passed = error.code.startsWith('signin.') || error.code === 'cloud.busy'
  if (passed || (error.code === 'cloud.permission' && !byYou)) return null
  return { error, at: (request.settledAt ?? request.startedAt).toISOString(), operatorName, byYou }
}

function subjectOf(ctx: Context, memberId: string): Subject {
  return { accountId: ctx.session.accountId, operation: 'bind_phone', target: memberId }
}

function operatorOf(ctx: Context) {
  return { operatorId: ctx.session.operatorId, operatorName: ctx.session.operatorName }
}

function noteAnswer(note: AuditNote, { value, failure }: Answer<{ requestId: string }>): void {
  note.outcome = failure ? (failure.executed === 'maybe' ? 'unknown' : 'refused') : 'accepted'
  note.code = failure ? (failure.upstream?.code ?? failure.code) : undefined
  note.upstreamRequestId = failure ? failure.upstream?.requestId : value.requestId
}

function refusalOf(failure: CloudError): Refusal {
  const { code, params, upstream } = failure
  // The vendor's own text is for the operator who called; what is kept are codes.
  return { code, params, upstream: upstream && { ...upstream, message: undefined } }
}

function ignoreOutage(error: unknown): null {
  if (error instanceof CloudError && error.kind !== 'refused') return null
  throw error
}

function age(at: Date | null): number {
  return at ? Date.now() - at.getTime() : Number.POSITIVE_INFINITY
}
