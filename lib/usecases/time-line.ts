import type { MemberEvent } from '@/lib/contract/members'
import type { CodeRequest, Refusal } from '@/lib/ledger'
import type { MirrorMember } from '@/lib/mirror'
import { wrongCodeAt } from './code-flow/answers'

/** What this console knows about the history of a member, newest first. */
export function timeLine(member: MirrorMember, requests: CodeRequest[]): MemberEvent[] {
  const events = requests.flatMap((request, index) => eventsOf(request, requests.slice(0, index)))
  return [...events, ...joined(member)].sort((a, b) => b.at.localeCompare(a.at))
}

function joined(row: MirrorMember): MemberEvent[] {
  if (!row.joinedAt) return []
  return [event(row.joinedAt, 'joined', null, {})]
}

/** The events of a code request that its row still shows. @param newer the requests after it, newest first */
function eventsOf(request: CodeRequest, newer: CodeRequest[]): MemberEvent[] {
  const { startedAt, applyStartedAt } = request
  const number = { numberMasked: request.numberMasked, alike: request.alike }
  if (request.state === 'newer')
    return [event(applyStartedAt ?? startedAt, 'newer', request.operatorName, number)]
  const send = event(request.settledAt ?? startedAt, sendKind(request), request.operatorName, {
    ...number,
    wrongAttempts: request.wrongAttempts,
    ...factsOf(request.sendError, request.sendRequestId),
    expiresAt: request.expiresAt?.toISOString() ?? null,
    ended: sendEnd(request),
    endedBy: endedBy(request, newer),
  })
  if (!applyStartedAt) return [send]
  const kind = applyKind(request)
  // A reconciled result carries the time of the reconciliation, not of the in-flight timeout.
  const found = kind === 'bind_not_found' || kind === 'found_bound'
  const at = found ? request.reconciledAt : request.applySettledAt
  const bind = event(at ?? applyStartedAt, kind, request.applyOperatorName, {
    ...number,
    ...(kind === 'bind_not_found' ? {} : factsOfUse(request)),
    ended: bindEnd(request),
  })
  return [bind, send]
}

/** Who discarded the code, or requested the one that replaced it. */
function endedBy({ voidReason, discardedBy }: CodeRequest, newer: CodeRequest[]): string | null {
  if (voidReason !== 'superseded') return discardedBy
  return newer.findLast(({ state }) => state !== 'refused')?.operatorName ?? null
}

/** Why the code ended; null if it was the bind that ended. */
function sendEnd({ voidReason }: CodeRequest): MemberEvent['ended'] {
  // Only a request without a code can end as `not_done`, and binding always uses a code.
  return voidReason === 'not_done' || bindEnds.has(voidReason) ? null : (voidReason as MemberEvent['ended'])
}

function bindEnd({ voidReason }: CodeRequest): MemberEvent['ended'] {
  return bindEnds.has(voidReason) ? (voidReason as MemberEvent['ended']) : null
}

const bindEnds = new Set<CodeRequest['voidReason']>(['undone', 'gone', 'unresolved'])

/** What to quote to Alibaba Cloud support, from the refusal or from the accepted call. */
function factsOf(refusal: Refusal | null, acceptedId: string | null) {
  const upstream = refusal?.upstream
  return {
    code: upstream?.code ?? null,
    reason: refusal?.code ?? null,
    requestId: acceptedId ?? upstream?.requestId ?? null,
  }
}

/** The same for using the code. Whether a rejected code was incorrect or expired follows from its expiry. */
function factsOfUse({ applyError, applyRequestId, applySettledAt, expiresAt }: CodeRequest) {
  const facts = factsOf(applyError, applyRequestId)
  if (facts.reason !== 'code.wrong_or_expired' || !applySettledAt) return facts
  return { ...facts, reason: wrongCodeAt(expiresAt, applySettledAt) }
}

function sendKind(request: CodeRequest): MemberEvent['kind'] {
  if (request.state === 'sending') return 'sending'
  if (request.state === 'refused') return 'send_refused'
  return request.sendOutcome === 'accepted' ? 'sent' : 'send_unknown'
}

function applyKind(request: CodeRequest): MemberEvent['kind'] {
  if (request.state === 'applying') return 'applying'
  if (request.state === 'apply_unknown') return 'bind_unknown'
  if (request.voidReason === 'gone' || request.voidReason === 'unresolved') return 'bind_unresolved'
  if (request.state === 'applied') return request.applyRequestId ? 'bound' : 'found_bound'
  // A bind that got no answer and was reconciled as not done was not refused.
  return request.reconcileResult === 'not_done' ? 'bind_not_found' : 'bind_refused'
}

function event(
  at: Date,
  kind: MemberEvent['kind'],
  operatorName: string | null,
  facts: Partial<Omit<MemberEvent, 'at' | 'kind' | 'operatorName'>>,
): MemberEvent {
  return {
    at: at.toISOString(),
    kind,
    operatorName,
    numberMasked: null,
    alike: null,
    code: null,
    reason: null,
    requestId: null,
    expiresAt: null,
    ended: null,
    endedBy: null,
    wrongAttempts: 0,
    ...facts,
  }
}
