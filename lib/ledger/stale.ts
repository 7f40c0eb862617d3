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
 * @param when by when a call began: whether it is over, and since when
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
    .returning({ id: codeRequest.id })
  await tx
    .update(codeRequest)
    .set({ state: 'apply_unknown', applySettledAt: since(applyStartedAt), ...giveTryBack })
    .where(and(where, eq(state, 'applying'), over(applyStartedAt)))
  await tx
    .update(codeRequest)
    .set({ state: 'sent', ...giveTryBack })
    .where(and(where, eq(state, 'trying'), over(applyStartedAt)))
  if (sends.length > 0) await supersede(tx, where)
}

/**
 * Ends every send that a newer accepted or unknown one of its subject has taken the place of. An act without a code takes
 * it only when it took effect.
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
        eq(newer.target, codeRequest.target),
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
