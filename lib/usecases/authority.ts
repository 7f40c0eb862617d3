import type { OperationName } from '@/lib/alicloud'
import { seenAccepted } from '@/lib/auth'
import { AppError } from '@/lib/contract/errors'
import type { CodeOperation } from '@/lib/db'
import type { Operator } from './actor'

// Alibaba Cloud authorizes every call. Actions that make no call are authorized here. Allowed are: the operator who started
// the request, operators with a recently accepted call of a related operation, and the administrators of this console.

/** A request that one operator started and others may be allowed to end. */
export interface Claim {
  startedBy: { operatorId: string; operatorName: string }
  /** An operator with an accepted call of one of these within the last 24 hours may end it. */
  operations: readonly OperationName[]
  /** For the error message: a code, a bind of unknown outcome, or an accepted attach or detach. */
  what: 'code' | 'bind' | 'attach' | 'detach'
  /** For the error message: the flow. */
  of: CodeOperation
}

/** Why this operator may not end the request; null = they may. */
export async function missingAuthority(actor: Operator, claim: Claim): Promise<AppError | null> {
  const { startedBy, operations, what, of } = claim
  if (startedBy.operatorId === actor.operatorId || isAdmin(actor)) return null
  if (operations.some((name) => actor.accepted.has(name))) return null
  if (await seenAccepted(actor.services.db, actor, operations)) return null
  const admins = adminsOf(actor).length > 0 ? 'named' : 'none'
  return new AppError('authority.missing', {
    params: { name: startedBy.operatorName, what, operation: of, admins },
  })
}

/** @throws AppError `authority.missing` */
export async function requireAuthority(actor: Operator, claim: Claim): Promise<void> {
  const missing = await missingAuthority(actor, claim)
  if (missing) throw missing
}

/** Whether the signed-in RAM user is named in `MUSTER_ADMINS`. */
export function isAdmin({ userArn, services }: Operator): boolean {
  return userArn !== null && services.config.admins.includes(userArn)
}

/** The administrators named for the signed-in account. Those of other accounts are never shown. */
export function adminsOf({ accountId, services }: Operator): string[] {
  return services.config.admins.filter((arn) => arn.startsWith(`acs:ram::${accountId}:`))
}
