import { listAudit } from '@/lib/audit'
import { AppError } from '@/lib/contract/errors'
import type { CodeRequest, Subject } from '@/lib/ledger'
import type { Operator } from '../actor'
import { type Claim, requireAuthority } from '../authority'

/** What authorizes discarding the open request of a flow: see `Claim`. */
export interface Discarding extends Omit<Claim, 'startedBy'> {
  /** Audit action of a change of unknown outcome that may be concluded: the operator who started it may do so as well. */
  begunBy?: string
}

/** Who started the request to discard. If the outcome of its change is unknown, names the operator who started that. */
export async function claimOf(
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

/** The request stores only the name of the operator who used its code, which a role session can choose: ask the audit. */
async function didBegin(
  { accountId, operatorId, services }: Operator,
  { id, target }: CodeRequest,
  action: string,
) {
  const filter = { accountId, operatorId, target, actions: [action], outcomes: ['started'] } as const
  const latest = await listAudit(services.db, filter, { limit: 9 })
  return latest.some(({ detail }) => detail.requestId === id)
}

/**
 * Ends the open request for all operators, if this one may do so.
 * @param overdue, unresolved see `Ledger.discard`
 * @throws AppError `code.request_closed` if the request is no longer open; `authority.missing`; while a call is in flight or
 *   its outcome is unknown, `send.in_progress`, `check.in_progress`, `apply.in_progress` or `apply.outcome_unknown`;
 *   `request.newer_version`
 */
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
  await ledger.discard(subject, requestId, actor, { overdue, unresolved })
}
