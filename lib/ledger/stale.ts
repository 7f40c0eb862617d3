import { and, type Column, eq, exists, gt, inArray, or, type SQL, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import { codeRequest, type Db } from '@/lib/db'

/** Calls that never came back are over once the settle time is. */
export async function settleStale(
  tx: Db,
  settleSeconds: number,
  now: SQL,
  where: SQL | undefined,
): Promise<void> {
  const settle = sql`make_interval(secs => ${settleSeconds})`
  // Mostly there is nothing to settle, and a read that writes nothing works also while nothing can be stored.
  const [open] = await tx
    .select({ id: codeRequest.id })
    .from(codeRequest)
    .where(
      and(
        where,
        inArray(codeRequest.state, ['sending', 'trying', 'applying']),
        sql`case when ${codeRequest.state} = 'sending' then ${codeRequest.startedAt} else ${codeRequest.applyStartedAt} end < ${now} - ${settle}`,
      ),
    )
    .limit(1)
  if (!open) return
  await endUnanswered(tx, where, {
    since: (began) => sql`${began} + ${settle}`,
    over: (began) => sql`${began} < ${now} - ${settle}`,
  })
}

/** Nothing can be running any more. */
export async function settleInterrupted(db: Db, now: SQL): Promise<void> {
  await endUnanswered(db, undefined, { since: () => now, over: () => undefined })
}

/**
 * A send or an act without an answer reads as unknown from then on. A trial changes nothing, whatever its answer would have
 * been: its code is open again, and the lack of `applySettledAt` tells that nobody answered.
 * @param over by when a call began: whether it has had its time
 * @param since when it was over, by the same
 */
async function endUnanswered(
  tx: Db,
  where: SQL | undefined,
  { over, since }: { over: (began: Column) => SQL | undefined; since: (began: Column) => SQL },
): Promise<void> {
  const { state, startedAt, applyStartedAt } = codeRequest
  const giveTryBack = { wrongTries: sql`greatest(0, ${codeRequest.wrongTries} - 1)` }
  const sends = await tx
    .update(codeRequest)
    .set({ state: 'unknown', settledAt: since(startedAt) })
    .where(and(where, eq(state, 'sending'), over(startedAt)))
    .returning({ accountId: codeRequest.accountId })
  await tx
    .update(codeRequest)
    .set({ state: 'apply_unknown', applySettledAt: since(applyStartedAt), ...giveTryBack })
    .where(and(where, eq(state, 'applying'), over(applyStartedAt)))
  const trials = await tx
    .update(codeRequest)
    .set({ state: 'sent', ...giveTryBack })
    .where(and(where, eq(state, 'trying'), over(applyStartedAt)))
    .returning({ accountId: codeRequest.accountId })
  // What shares their codes may be of another subject.
  const accounts = [...sends, ...trials].map(({ accountId }) => accountId)
  if (accounts.length > 0) await supersede(tx, inArray(codeRequest.accountId, accounts))
}

/**
 * Ends every send that a newer accepted or unknown one has taken the place of: of its subject, or with the same code (see
 * `sharesCode`). An act without a code takes it only when it took effect, and of its subject alone.
 */
export async function supersede(tx: Db, where: SQL | undefined): Promise<void> {
  const newer = alias(codeRequest, 'newer')
  const replaced = tx
    .select({ one: sql`1` })
    .from(newer)
    .where(
      and(
        eq(newer.accountId, codeRequest.accountId),
        eq(newer.operation, codeRequest.operation),
        or(
          eq(newer.target, codeRequest.target),
          and(
            newer.coded,
            sql`${newer.intent} ? 'ownerId'`,
            sql`${newer.intent} @> jsonb_build_object('ownerId', ${codeRequest.intent}->'ownerId', 'cenId', ${codeRequest.intent}->'cenId')`,
          ),
        ),
        gt(newer.startedAt, codeRequest.startedAt),
        inArray(newer.state, ['sent', 'unknown', 'trying', 'applying', 'apply_unknown', 'applied']),
        or(newer.coded, eq(newer.state, 'applied')),
      ),
    )
  await tx
    .update(codeRequest)
    .set({ state: 'void', voidReason: 'superseded', numberSealed: null })
    .where(and(where, inArray(codeRequest.state, ['sent', 'unknown']), exists(replaced)))
}
