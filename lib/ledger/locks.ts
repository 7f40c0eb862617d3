import { and, gt, inArray, ne, or, sql } from 'drizzle-orm'
import { codeRequest, type Db } from '@/lib/db'
import { policyOf } from './policy'
import { type Intent, type Subject, scopeOf, whereSubject } from './requests'
import { openStates } from './states'

/**
 * Serializes changes to one subject, and to whatever shares a code with it, across tabs, operators and
 * replicas until the transaction ends. The order is fixed (the subject, scopes by name, then rows), so that
 * two transactions cannot deadlock. If a caller forgets this lock, the partial unique indexes of
 * `code_request` still hold.
 * @param tx must not hold a lock on any row of the ledger yet
 * @param intent of the request about to be inserted
 * @returns the scopes shared with other subjects
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
        // An ended request may still be answered late.
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

/**
 * Takes the lock of the sweep until the transaction ends.
 * @returns false if another replica holds it
 */
export async function trySweepLock(tx: Db): Promise<boolean> {
  const { rows } = await tx.execute<{ held: boolean }>(
    sql`select pg_try_advisory_xact_lock(hashtextextended('ledger/sweep', 0)) as held`,
  )
  return rows[0]?.held ?? false
}
