import type { MemberEvent } from '@/lib/contract/members'
import type { CodeRequest, Refusal } from '@/lib/ledger'
import type { MirrorMember } from '@/lib/mirror'
import { wrongCodeAt } from './code-flow/answers'

/** What this console knows to have happened to a member, newest first. */
export function timeLine(member: MirrorMember, requests: CodeRequest[]): MemberEvent[] {
  const events = requests.flatMap((request, index) => eventsOf(request, requests.slice(0, index)))
  return [...events, ...joined(member)].sort((a, b) => b.at.localeCompare(a.at))
}

function joined(row: MirrorMember): MemberEvent[] {
  if (!row.joinedAt) return []
  return [event(row.joinedAt, 'joined', null, {})]
}

/** What a code request has been through, as far as its row still tells. @param newer the requests since, newest first */
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
  // What a look-up found has the time of that, not of when an answer was given up.
  const found = kind === 'bind_not_found' || kind === 'found_bound'
  const at = found ? request.reconciledAt : request.applySettledAt
  const bind = event(at ?? applyStartedAt, kind, request.applyOperatorName, {
    ...number,
    ...(kind === 'bind_not_found' ? {} : factsOfUse(request)),
    ended: bindEnd(request),
  })
  return [bind, send]
}

/** Who discarded a code, or asked for the one that took its place. */
function endedBy({ voidReason, discardedBy }: CodeRequest, newer: CodeRequest[]): string | null {
  if (voidReason !== 'superseded') return discardedBy
  return newer.findLast(({ state }) => state !== 'refused')?.operatorName ?? null
}

/** Why the code was given up; of some ends it is the bind that ended. */
function sendEnd({ voidReason }: CodeRequest): MemberEvent['ended'] {
  // An act without a code, which alone can end as not done, is in no member's time line.
  return voidReason === 'not_done' || bindEnds.has(voidReason) ? null : (voidReason as MemberEvent['ended'])
}

function bindEnd({ voidReason }: CodeRequest): MemberEvent['ended'] {
  return bindEnds.has(voidReason) ? (voidReason as MemberEvent['ended']) : null
}

const bindEnds = new Set<CodeRequest['voidReason']>(['undone', 'gone', 'unresolved'])

/** What a person quotes to Alibaba Cloud's support: of the refusal, or of the accepted call. */
function factsOf(refusal: Refusal | null, acceptedId: string | null) {
  const upstream = refusal?.upstream
  return {
    code: upstream?.code ?? null,
    reason: refusal?.code ?? null,
    requestId: acceptedId ?? upstream?.requestId ?? null,
  }
}

/** The same of a use; what was wrong with its code is told by when the code ran out. */
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
  // A use without an answer that a look-up settled was refused by nobody.
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
