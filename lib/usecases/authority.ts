import type { OperationName } from '@/lib/alicloud'
import { seenAccepted } from '@/lib/auth'
import { AppError } from '@/lib/contract/errors'
import type { CodeOperation } from '@/lib/db'
import type { Operator } from './actor'

// Alibaba Cloud decides every call. What needs none of its own is decided here: whoever started a thing may end it, and so
// may whoever was seen to be allowed what it stands for, and the administrators of this console.

/** Something that was started by somebody, and may be ended by others. */
export interface Claim {
  startedBy: { operatorId: string; operatorName: string }
  /** What ending it stands for; accepted for one of these within 24 hours, an operator may. */
  operations: readonly OperationName[]
  /** For the words of a refusal: a code, a binding of unknown outcome or an accepted act, and of which flow. */
  what: 'code' | 'bind' | 'attach' | 'detach'
  of: CodeOperation
}

/** Why this operator may not; null = they may. */
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

/** The administrators that are named of the signed-in account; of others nobody here is told. */
export function adminsOf({ accountId, services }: Operator): string[] {
  return services.config.admins.filter((arn) => arn.startsWith(`acs:ram::${accountId}:`))
}
