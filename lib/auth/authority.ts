import { and, eq, gt, inArray, lte, not, or, sql } from 'drizzle-orm'
import { acceptedCall, type Db, isAhead } from '@/lib/db'

interface Operator {
  accountId: string
  operatorId: string
}

const hoursSeen = 24

/** Records that Alibaba Cloud accepted these operations, called with the operator's own credentials. */
export async function rememberAccepted(
  db: Db,
  { accountId, operatorId }: Operator,
  operations: readonly string[],
): Promise<void> {
  if (operations.length === 0) return
  await db
    .insert(acceptedCall)
    .values(operations.map((operation) => ({ accountId, operatorId, operation })))
    .onConflictDoUpdate({
      target: [acceptedCall.accountId, acceptedCall.operatorId, acceptedCall.operation],
      set: { at: sql`now()` },
    })
}

/** Whether Alibaba Cloud accepted one of these operations from the operator within the last 24 hours. */
export async function seenAccepted(
  db: Db,
  { accountId, operatorId }: Operator,
  operations: readonly string[],
): Promise<boolean> {
  const rows = await db
    .select({ operation: acceptedCall.operation })
    .from(acceptedCall)
    .where(
      and(
        eq(acceptedCall.accountId, accountId),
        eq(acceptedCall.operatorId, operatorId),
        inArray(acceptedCall.operation, [...operations]),
        gt(acceptedCall.at, seenSince),
        not(isAhead(acceptedCall.at)),
      ),
    )
    .limit(1)
  return rows.length > 0
}

/** Removes records that are too old to prove anything. */
export async function sweepAcceptedCalls(db: Db): Promise<void> {
  await db.delete(acceptedCall).where(or(lte(acceptedCall.at, seenSince), isAhead(acceptedCall.at)))
}

const seenSince = sql`now() - make_interval(hours => ${hoursSeen})`
