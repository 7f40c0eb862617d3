import { wrongAttemptsMax } from '@/lib/contract/code-attempts'
import type { CodeFlow, CodeRequestView, Refused, Replaced } from '@/lib/contract/code-flow'
import { type ErrorCode, laterCodes } from '@/lib/contract/errors'
import type { CodeRequest, LedgerView, Refusal } from '@/lib/ledger'
import type { Operator } from '../actor'
import { missingAuthority } from '../authority'
import { claimOf, type Discarding } from './discard'

/** Minimum interval between reconciliations caused by polling. An operator may check at any time. */
const reconcileEverySeconds = 5

/** Whether polling should reconcile a change of unknown outcome by now. */
export function reconcileDue(request: CodeRequest): boolean {
  return (request.secondsSinceAsked ?? Number.POSITIVE_INFINITY) > reconcileEverySeconds
}

/** What every flow shows of its newest request. */
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
    attemptsLeft: Math.max(0, wrongAttemptsMax - request.wrongAttempts),
    applyStartedAt: request.applyStartedAt?.toISOString() ?? null,
    applySettledAt: request.applySettledAt?.toISOString() ?? null,
    reconciledAt: request.reconciledAt?.toISOString() ?? null,
    mayConclude:
      state === 'apply_unknown' &&
      (request.secondsSinceApplyBegan ?? 0) > actor.services.config.inFlightTimeoutSeconds,
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

const transientCodes = new Set<ErrorCode>([...laterCodes, 'cloud.not_sent'])
const silent: Refusal = { code: 'cloud.silent', params: { call: 'change' } }
const closed: Refusal = { code: 'code.request_closed' }

/**
 * Ways a request ends without a refusal: whether the send or the change ended, and which error to show if none was stored. A
 * process that was killed stored none, so its call counts as unanswered.
 */
const ownEnds = new Map<string | null, { what: Refused['what']; ofSend: boolean; fallback: Refusal }>([
  ['superseded', { what: 'superseded', ofSend: true, fallback: closed }],
  ['given_up', { what: 'given_up', ofSend: true, fallback: closed }],
  ['not_done', { what: 'not_done', ofSend: false, fallback: silent }],
  ['gone', { what: 'gone', ofSend: false, fallback: silent }],
  ['unresolved', { what: 'unresolved', ofSend: false, fallback: silent }],
])

function endOf({ state, voidReason, discardedBy }: CodeRequest) {
  if (state === 'refused') return { what: 'send', ofSend: true, fallback: null } as const
  if (voidReason === 'undone' && discardedBy !== null)
    return { what: 'act_given_up', ofSend: true, fallback: closed } as const
  return ownEnds.get(voidReason) ?? ({ what: 'apply', ofSend: false, fallback: null } as const)
}

/**
 * A refusal that is still relevant: not one about a session, storage or another transient cause, nor about another operator's
 * permissions.
 */
function refusedView(actor: Operator, request: CodeRequest | null): Refused | null {
  if (!request) return null
  const { what, ofSend, fallback } = endOf(request)
  const error = (ofSend ? request.sendError : request.applyError) ?? fallback
  if (!error) return null
  const user = ofSend ? null : request.applyOperatorName
  const operatorName = user ?? request.operatorName
  // Only the name of the operator who used a code is stored. It identifies one person within an account.
  const byYou = user ? user === actor.operatorName : request.operatorId === actor.operatorId
  const transient = /^(signin|storage)\./.test(error.code) || transientCodes.has(error.code)
  if (transient || (error.code === 'cloud.permission' && !byYou)) return null
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
