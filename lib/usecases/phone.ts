import { CloudError } from '@/lib/alicloud'
import { AppError } from '@/lib/contract/errors'
import type { BindBlockedReason } from '@/lib/contract/members'
import * as contract from '@/lib/contract/phone'
import { storageBlock } from '@/lib/db'
import { closesStep, type LedgerView, type ReconcileResult, type Subject } from '@/lib/ledger'
import {
  countMembers,
  fetchMember,
  findMember,
  type MirrorMember,
  nextWithoutPhone,
  type PhoneAnswer,
  storePhone,
} from '@/lib/mirror'
import type { Operator } from './actor'
import { applyOnce, sendOnce } from './code-flow/acts'
import { discardRequest } from './code-flow/discard'
import { codeFlowOf, reconcileDue } from './code-flow/view'
import { mutation, query } from './define'
import { blockedReasonOf, fitStatuses, memberOf, memberRow, openRequests } from './members'

const operation = 'bind_phone'

/** A phone status requested longer ago is requested again before a send is offered. */
const freshForSeconds = 60

/**
 * The state of binding a phone; reads the member again if its phone status is old or a bind is of unknown outcome.
 * @throws AppError `member.not_found`
 * @throws CloudError if the member is not in the mirror and GetAccount fails; otherwise if GetAccount is refused, unless a
 *   bind of unknown outcome is shown
 */
export const getBindFlow = query(contract.getBindFlow, {
  access: 'directory',
  refreshes: ['mirror', 'ledger'],
  async run(actor, { memberId }) {
    const member = await memberOf(actor, memberId)
    const { current } = await actor.services.ledger.view(subjectOf(actor, memberId))
    if (current?.state === 'apply_unknown') {
      // An operator who may not read the member can still see that the outcome is unknown, and conclude it.
      if (reconcileDue(current)) await reconcile(actor, memberId).catch(ignoreUnlessSessionEnds)
    } else if (!current || current.state === 'applied') {
      const asked = member.secondsSincePhoneAsked ?? Number.POSITIVE_INFINITY
      // An old status, shown with its age, is better than none.
      if (asked > freshForSeconds) await reconcile(actor, memberId).catch(ignoreOutage)
    }
    return flow(actor, memberId)
  },
})

/**
 * Other members that use this number, as far as this console knows.
 * @throws AppError `member.not_found`
 * @throws CloudError if the member is not in the mirror and GetAccount fails
 */
export const checkNumber = query(contract.checkNumber, {
  access: 'directory',
  refreshes: ['mirror'],
  async run(actor, { memberId, phone }) {
    const { db, ledger } = actor.services
    await memberOf(actor, memberId)
    const others = await ledger.otherTargets(subjectOf(actor, memberId), phone)
    const usedBy = await Promise.all(
      others.map(async ({ target, bound }) => {
        const member = await findMember(db, actor.accountId, target)
        return { id: target, displayName: member?.displayName ?? target, bound }
      }),
    )
    return { usedBy }
  },
})

/**
 * Sends a code to a phone number.
 * @throws AppError `member.not_found`; `member.is_cloud_account`; `member.type_or_status_unfit`; `member.being_deleted`;
 *   `phone.already_bound`; the codes of `sendOnce`
 * @throws CloudError if the member is not in the mirror and GetAccount fails, or the send is refused
 */
export const sendCode = mutation(contract.sendCode, {
  access: 'directory',
  action: 'phone.send_code',
  target: ({ memberId }) => memberId,
  async run(actor, { memberId, phone, ...shown }, note) {
    const member = await memberOf(actor, memberId)
    refuseBlocked(member)
    await sendOnce(
      actor,
      note,
      subjectOf(actor, memberId),
      { wanted: phone ? { phone, intent: {} } : null, ...shown },
      ({ number }) => actor.cloud.sendBindCode({ memberId, phone: numberOf(number) }),
    )
    return flow(actor, memberId)
  },
})

/**
 * Discards the open code or, with `unresolved`, concludes a bind of unknown outcome.
 * @throws AppError `member.not_found`; the codes of `discardRequest`
 * @throws CloudError if the member is not in the mirror and GetAccount fails
 */
export const discardCode = mutation(contract.discardCode, {
  access: 'directory',
  action: 'phone.discard_code',
  target: ({ memberId }) => memberId,
  async run(actor, { memberId, requestId, unresolved }) {
    await memberOf(actor, memberId)
    const request = { subject: subjectOf(actor, memberId), requestId, unresolved }
    await discardRequest(actor, request, unresolved ? concluding : discarding)
    if (unresolved) await forgetPhone(actor, memberId)
    return flow(actor, memberId)
  },
})

/**
 * Binds the phone with the code.
 * @throws AppError `member.not_found`; the codes of `applyOnce`
 * @throws CloudError if the member is not in the mirror and GetAccount fails, or the bind is refused for another reason than
 *   the code
 */
export const bindPhone = mutation(contract.bindPhone, {
  access: 'directory',
  action: 'phone.bind',
  target: ({ memberId }) => memberId,
  closes: (code) => closesStep(operation, code, true),
  async run(actor, { memberId, requestId, code }, note) {
    await memberOf(actor, memberId)
    try {
      await applyOnce(actor, note, { subject: subjectOf(actor, memberId), requestId }, ({ number }) =>
        actor.cloud.bindPhone({ memberId, phone: numberOf(number), code }),
      )
    } catch (error) {
      if (error instanceof CloudError && error.code === 'phone.already_bound') {
        await storePhone(actor.services.db, actor.accountId, memberId, { phone: 'bound' })
      }
      throw error
    }
    return flow(actor, memberId)
  },
})

/**
 * Reads the member from Alibaba Cloud and settles a bind of unknown outcome.
 * @throws AppError `member.not_found`
 * @throws CloudError if GetAccount fails
 */
export const reconcilePhone = mutation(contract.reconcilePhone, {
  access: 'directory',
  action: 'phone.look_up',
  target: ({ memberId }) => memberId,
  async run(actor, { memberId }) {
    await reconcile(actor, memberId)
    return flow(actor, memberId)
  },
})

const discarding = { operations: ['sendBindCode', 'bindPhone'], what: 'code', of: operation } as const
const concluding = { ...discarding, what: 'bind', begunBy: 'phone.bind' } as const

/** A code for a member is always sent to an entered number, never to one that Alibaba Cloud chooses. */
function numberOf(number: string | null): string {
  if (number === null) throw new AppError('code.request_closed')
  return number
}

/** Reads the member and settles a bind of unknown outcome from this answer, never from stored data. */
async function reconcile(actor: Operator, memberId: string): Promise<void> {
  const { db, ledger } = actor.services
  const subject = subjectOf(actor, memberId)
  const { current, reconcile } = await ledger.beginReconciliation(subject)
  const { phone } = await fetchMember(db, actor.cloud, actor.accountId, memberId)
  if (reconcile) {
    await ledger.recordReconciliation(subject, reconcile, reconcileResults[phone])
    if (phone === 'gone') await forgetPhone(actor, memberId)
  } else if (current && phone === 'missing') await ledger.undone(subject, current.id)
}

/** A phone status read before a bind of unknown outcome is no longer valid. */
function forgetPhone(actor: Operator, memberId: string): Promise<void> {
  return storePhone(actor.services.db, actor.accountId, memberId, { phone: 'unread' })
}

/** What the phone status of the member implies for a bind. */
const reconcileResults: Record<PhoneAnswer, ReconcileResult> = {
  bound: 'done',
  missing: 'not_done',
  unknown: 'not_reported',
  gone: 'gone',
}

function refuseBlocked(member: MirrorMember): void {
  const blockedReason = blockedReasonOf(member)
  if (!blockedReason) return
  const codes = {
    gone: 'member.not_found',
    cloud_account: 'member.is_cloud_account',
    already_bound: 'phone.already_bound',
    status_unfit: 'member.type_or_status_unfit',
    being_deleted: 'member.being_deleted',
    newer_version: 'request.newer_version',
  } as const
  throw new AppError(codes[blockedReason])
}

async function flow(actor: Operator, memberId: string) {
  const { db, ledger } = actor.services
  const { accountId } = actor
  const [member, view, open, next, { counts }, sentTodayInAll] = await Promise.all([
    memberOf(actor, memberId),
    ledger.view(subjectOf(actor, memberId)),
    openRequests(actor, [memberId]),
    nextWithoutPhone(db, accountId, {
      exceptId: memberId,
      statuses: fitStatuses,
      limit: 4,
      language: actor.language,
    }),
    countMembers(db, accountId),
    ledger.sentTodayInAll({ accountId, operation }),
  ])
  const blockedReason = view.current?.state === 'newer' ? 'newer_version' : blockedReasonOf(member)
  return {
    ...(await codeFlowOf(actor, view, view.current?.state === 'apply_unknown' ? concluding : discarding)),
    step: stepOf(view, blockedReason),
    blockedReason,
    member: memberRow(member, open.get(memberId) ?? null),
    sentTodayInAll,
    next: next.map((one) => ({ ...one, folder: one.folder ?? '' })),
    missingTotal: counts.missing,
  }
}

function stepOf({ current }: LedgerView, blockedReason: BindBlockedReason | null): contract.BindFlow['step'] {
  if (current?.state === 'applied') return 'done'
  if (current?.state === 'apply_unknown') return 'checking'
  // While a bind is in flight, its own effect on the member does not block the flow.
  if (current?.state === 'applying') return 'code'
  if (blockedReason) return 'blocked'
  return current ? 'code' : 'number'
}

function subjectOf(actor: Operator, memberId: string): Subject {
  return { accountId: actor.accountId, operation, target: memberId }
}

// While storage is blocked, stored data is shown without an update.

function ignoreUnlessSessionEnds(error: unknown): null {
  if (storageBlock(error) || (error instanceof CloudError && !error.endsSession)) return null
  throw error
}

function ignoreOutage(error: unknown): null {
  if (storageBlock(error) || (error instanceof CloudError && error.kind !== 'refused')) return null
  throw error
}
