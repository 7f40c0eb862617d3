import { and, eq, exists, gt, inArray, or, type SQL, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import { codeRequest, type Db } from '@/lib/db'

/** Calls that never came back read as unknown once the settle time is over. */
export async function settleStale(
  tx: Db,
  settleSeconds: number,
  now: SQL,
  where: SQL | undefined,
): Promise<void> {
  const settle = sql`make_interval(secs => ${settleSeconds})`
  const stale = await tx
    .update(codeRequest)
    .set({ state: 'unknown', settledAt: sql`${codeRequest.startedAt} + ${settle}` })
    .where(and(where, eq(codeRequest.state, 'sending'), sql`${codeRequest.startedAt} < ${now} - ${settle}`))
    .returning({ id: codeRequest.id })
  await tx
    .update(codeRequest)
    .set({
      state: 'apply_unknown',
      applySettledAt: sql`${codeRequest.applyStartedAt} + ${settle}`,
      ...giveTryBack,
    })
    .where(
      and(where, eq(codeRequest.state, 'applying'), sql`${codeRequest.applyStartedAt} < ${now} - ${settle}`),
    )
  if (stale.length > 0) await supersede(tx, where)
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
        inArray(newer.state, ['sent', 'unknown', 'applying', 'apply_unknown', 'applied']),
        or(newer.coded, eq(newer.state, 'applied')),
      ),
    )
  await tx
    .update(codeRequest)
    .set({ state: 'void', voidReason: 'superseded', numberSealed: null })
    .where(and(where, inArray(codeRequest.state, ['sent', 'unknown']), exists(replaced)))
}

export const giveTryBack = { wrongTries: sql`greatest(0, ${codeRequest.wrongTries} - 1)` }
