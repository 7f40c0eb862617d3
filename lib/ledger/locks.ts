import { and, gt, inArray, ne, or, sql } from 'drizzle-orm'
import { codeRequest, type Db } from '@/lib/db'
import { policyOf } from './policy'
import { type Intent, type Subject, scopeOf, whereSubject } from './requests'
import { openStates } from './states'

/**
 * Makes changes of one subject, and of what shares a code with it, wait for each other across tabs, operators and replicas
 * until the transaction ends. Taken in one order (subject, then scopes by name), before any row is: two never wait for
 * each other. The partial unique indexes of `code_request` hold even where somebody forgets this lock.
 * @param intent of the request that is about to be written
 * @returns the scopes that are shared with other subjects
 */
export async function lockSubject(tx: Db, subject: Subject, intent?: Intent): Promise<string[]> {
  await lock(tx, subject, subject.target)
  if (!policyOf(subject.operation).sharesCodes) return []
  const rows = await tx
    .selectDistinct({ scope: codeRequest.codeScope })
    .from(codeRequest)
    .where(
      and(
        whereSubject(subject),
        ne(codeRequest.codeScope, subject.target),
        // What is over may be answered late.
        or(inArray(codeRequest.state, openStates), gt(codeRequest.startedAt, sql`now() - interval '1 day'`)),
      ),
    )
  const scopes = new Set(rows.map(({ scope }) => scope))
  if (intent?.ownerId !== undefined) scopes.add(scopeOf(subject, intent))
  const sorted = [...scopes].sort()
  for (const scope of sorted) await lock(tx, subject, scope)
  return sorted
}

async function lock(tx: Db, { accountId, operation }: Subject, what: string): Promise<void> {
  const key = `${accountId}/${operation}/${what}`
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${key}, 0))`)
}

/** Held by the replica that sweeps, until the transaction ends. @returns false when another one does */
export async function trySweepLock(tx: Db): Promise<boolean> {
  const { rows } = await tx.execute<{ held: boolean }>(
    sql`select pg_try_advisory_xact_lock(hashtextextended('ledger/sweep', 0)) as held`,
  )
  return rows[0]?.held ?? false
}
