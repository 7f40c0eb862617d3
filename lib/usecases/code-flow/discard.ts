import { listAudit } from '@/lib/audit'
import { AppError } from '@/lib/contract/errors'
import type { CodeRequest, Subject } from '@/lib/ledger'
import type { Operator } from '../actor'
import { type Claim, requireAuthority } from '../authority'

/** What discarding the open request of a flow stands for: see `Claim`. */
export interface Discarding extends Omit<Claim, 'startedBy'> {
  /** The audit's action of the act whose unknown outcome is concluded: whoever began it may, too. */
  begunBy?: string
}

/** Who started what is to be discarded; of an act of unknown outcome its starter is named. */
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
  await ledger.discard(subject, requestId, actor, { overdue, unresolved })
}
