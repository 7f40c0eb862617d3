import { CloudError } from '@/lib/alicloud'
import { AppError } from '@/lib/contract/errors'
import type { BindObstacle } from '@/lib/contract/members'
import * as contract from '@/lib/contract/phone'
import { maskNumber } from '@/lib/contract/phone-number'
import { type CodeRequest, type LedgerView, type Refusal, type Subject, wrongTriesMax } from '@/lib/ledger'
import {
  countPhones,
  findMember,
  type MirrorMember,
  nextWithoutPhone,
  readMember,
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
    let member = await memberOf(ctx, memberId)
    const view = await ctx.services.ledger.view(subjectOf(ctx, memberId))
    const { current } = view
    if (current?.state === 'apply_unknown' && (current.secondsSinceLookUp ?? Infinity) > lookUpEverySeconds) {
      await lookUp(ctx, memberId, current).catch(ignoreOutage)
    } else if (!current && age(member.phoneReadAt) > freshForMs) {
      // An older status with its age is better than none.
      member =
        (await readMember(ctx.services.db, ctx.cloud, ctx.session.accountId, memberId).catch(ignoreOutage)) ??
        member
    }
    return flow(ctx, memberId)
  },
})

export const checkNumber = query(contract.checkNumber, {
  access: 'directory',
  async run(ctx, { memberId, phone }) {
    const { db, ledger } = ctx.services
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
    try {
      const { requestId, expiresAt } = await ctx.cloud.sendBindCode({ memberId, phone: number })
      await ledger.settleSend(subject, id, { kind: 'accepted', requestId, expiresAt })
      note.upstreamRequestId = requestId
    } catch (error) {
      const failure = upstreamFailure(error)
      if (failure.executed === 'maybe') {
        await ledger.settleSend(subject, id, { kind: 'unknown', error: refusalOf(failure) })
        noteFailure(note, failure, 'unknown')
      } else {
        await ledger.settleSend(subject, id, { kind: 'refused', error: refusalOf(failure) })
        throw failure
      }
    }
    return flow(ctx, memberId)
  },
})

export const changeNumber = mutation(contract.changeNumber, {
  access: 'directory',
  action: 'phone.change_number',
  target: ({ memberId }) => memberId,
  async run(ctx, { memberId, requestId }) {
    await ctx.services.ledger.changeNumber(subjectOf(ctx, memberId), requestId)
    return flow(ctx, memberId)
  },
})

export const bindPhone = mutation(contract.bindPhone, {
  access: 'directory',
  action: 'phone.bind',
  target: ({ memberId }) => memberId,
  async run(ctx, { memberId, requestId, code }, note) {
    const { db, ledger } = ctx.services
    const subject = subjectOf(ctx, memberId)
    const { number } = await ledger.beginApply(subject, requestId, operatorOf(ctx))
    try {
      const answer = await ctx.cloud.bindPhone({ memberId, phone: number, code })
      await ledger.settleApply(subject, requestId, { kind: 'accepted', requestId: answer.requestId })
      await storePhone(db, ctx.session.accountId, memberId, 'bound', maskNumber(number))
      note.upstreamRequestId = answer.requestId
    } catch (error) {
      await settleFailedBind(ctx, subject, requestId, upstreamFailure(error), note)
    }
    return flow(ctx, memberId)
  },
})

export const lookUpPhone = mutation(contract.lookUpPhone, {
  access: 'directory',
  action: 'phone.look_up',
  target: ({ memberId }) => memberId,
  async run(ctx, { memberId }) {
    const { current } = await ctx.services.ledger.view(subjectOf(ctx, memberId))
    if (current?.state === 'apply_unknown') await lookUp(ctx, memberId, current)
    else await readMember(ctx.services.db, ctx.cloud, ctx.session.accountId, memberId)
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

async function settleFailedBind(
  ctx: Context,
  subject: Subject,
  id: string,
  failure: CloudError,
  note: AuditNote,
): Promise<void> {
  const { ledger, db } = ctx.services
  const error = refusalOf(failure)
  if (failure.executed === 'maybe') {
    await ledger.settleApply(subject, id, { kind: 'unknown', error })
    noteFailure(note, failure, 'unknown')
    return
  }
  if (failure.code === 'code.wrong_or_expired') {
    const { triesLeft } = await ledger.settleApply(subject, id, { kind: 'wrong_code', error })
    const { current } = await ledger.view(subject)
    // Upstream gives a wrong and an expired code the same answer: only a known expiry tells them apart.
    const expired =
      current?.secondsLeft !== null && current?.secondsLeft !== undefined && current.secondsLeft <= 0
    const code = expired ? 'code.expired' : triesLeft === 0 ? 'code.no_tries_left' : 'code.wrong_or_expired'
    const { upstream } = failure
    throw new AppError(
      code,
      { params: { triesLeft, limit: wrongTriesMax }, fields: { code }, upstream },
      { cause: failure },
    )
  }
  await ledger.settleApply(subject, id, { kind: 'refused', error, closes: closing.has(failure.code) })
  if (failure.code === 'phone.already_bound') await storePhone(db, subject.accountId, subject.target, 'bound')
  throw failure
}

async function lookUp(ctx: Context, memberId: string, request: CodeRequest): Promise<void> {
  const { db, ledger } = ctx.services
  const member = await readMember(db, ctx.cloud, ctx.session.accountId, memberId)
  if (!member || member.phone === 'unread') return
  await ledger.recordLookup(
    subjectOf(ctx, memberId),
    request.id,
    member.phone === 'bound' ? 'has_phone' : 'no_phone',
  )
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
  const [member, view, open, next, counts] = await Promise.all([
    memberOf(ctx, memberId),
    ledger.view(subjectOf(ctx, memberId)),
    openRequests(ctx, [memberId]),
    nextWithoutPhone(db, accountId, { exceptId: memberId, statuses: fitStatuses, limit: 4 }),
    countPhones(db, accountId),
  ])
  const obstacle = obstacleOf(member)
  return {
    step: stepOf(view, obstacle),
    obstacle,
    member: memberRow(member, open.get(memberId) ?? null),
    site: ctx.session.site,
    operatorName: ctx.session.operatorName,
    request: view.current ? requestView(ctx, view.current) : null,
    cooldownSeconds: view.cooldownSeconds,
    sentToday: view.sentToday,
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

function subjectOf(ctx: Context, memberId: string): Subject {
  return { accountId: ctx.session.accountId, operation: 'bind_phone', target: memberId }
}

function operatorOf(ctx: Context) {
  return { operatorId: ctx.session.operatorId, operatorName: ctx.session.operatorName }
}

/** Anything but a failure of the call itself is a defect of ours, and goes on as it is. */
function upstreamFailure(error: unknown): CloudError {
  if (error instanceof CloudError) return error
  throw error
}

function refusalOf(failure: CloudError): Refusal {
  return {
    code: failure.upstream?.code ?? failure.code,
    ours: failure.code,
    requestId: failure.upstream?.requestId,
  }
}

function noteFailure(note: AuditNote, failure: CloudError, outcome: 'unknown'): void {
  note.outcome = outcome
  note.code = failure.upstream?.code ?? failure.code
  note.upstreamRequestId = failure.upstream?.requestId
}

function ignoreOutage(error: unknown): null {
  if (error instanceof CloudError && error.kind !== 'refused') return null
  throw error
}

function age(at: Date | null): number {
  return at ? Date.now() - at.getTime() : Number.POSITIVE_INFINITY
}
