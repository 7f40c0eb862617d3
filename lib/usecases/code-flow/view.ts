import { wrongAttemptsMax } from '@/lib/contract/code-attempts'
import type { CodeFlow, CodeRequestView, Refused, Replaced } from '@/lib/contract/code-flow'
import { type ErrorCode, laterCodes } from '@/lib/contract/errors'
import type { CodeRequest, LedgerView, Refusal } from '@/lib/ledger'
import type { Operator } from '../actor'
import { missingAuthority } from '../authority'
import { claimOf, type Discarding } from './discard'

/** Between two look-ups that polling causes; a person may look at once. */
const reconcileEverySeconds = 5

/** An act of unknown outcome that is to be looked up by now, although nobody asks for it. */
export function reconcileDue(request: CodeRequest): boolean {
  return (request.secondsSinceAsked ?? Number.POSITIVE_INFINITY) > reconcileEverySeconds
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
