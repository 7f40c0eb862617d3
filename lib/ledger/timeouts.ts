import { and, type Column, eq, inArray, type SQL, sql } from 'drizzle-orm'
import type { PgUpdateSetSource } from 'drizzle-orm/pg-core'
import { codeRequest, type Db } from '@/lib/db'
import type { Subject } from './requests'
import { among, inFlightStates, supersedingStates, waitingStates } from './states'

/**
 * Ends calls that were not answered within the in-flight timeout. Requires no lock: every update repeats its
 * condition.
 * @param now ledger time
 * @param where limits the rows; undefined = all
 */
export async function endTimedOut(
  tx: Db,
  inFlightTimeoutSeconds: number,
  now: SQL,
  where: SQL | undefined,
): Promise<void> {
  const timeout = sql`make_interval(secs => ${inFlightTimeoutSeconds})`
  // Usually there is nothing to end, and a read without writes works even while nothing can be stored.
  const [open] = await tx
    .select({ id: codeRequest.id })
    .from(codeRequest)
    .where(
      and(
        where,
        inArray(codeRequest.state, [...inFlightStates]),
        sql`case when ${codeRequest.state} = 'sending' then ${codeRequest.startedAt} else ${codeRequest.applyStartedAt} end < ${now} - ${timeout}`,
      ),
    )
    .limit(1)
  if (!open) return
  await endUnanswered(tx, where, {
    since: (began) => sql`${began} + ${timeout}`,
    over: (began) => sql`${began} < ${now} - ${timeout}`,
  })
}

/** Ends every call in flight. Only if none can be running any more. */
export async function settleInterrupted(db: Db, now: SQL): Promise<void> {
  await db.transaction((tx) => endUnanswered(tx, undefined, { since: () => now, over: () => undefined }))
}

/**
 * A single statement over all calls that a large console had in flight could exceed the statement timeout.
 */
const batchSize = 2000

/**
 * A send or an attempt without an answer becomes unknown. A check changes nothing, whatever its answer would
 * have been: its code is open again, and the missing `applySettledAt` shows that it was not answered.
 * @param over whether a call has timed out, by the column of its start
 * @param since when it did, by the same column
 */
async function endUnanswered(
  tx: Db,
  where: SQL | undefined,
  { over, since }: { over: (began: Column) => SQL | undefined; since: (began: Column) => SQL },
): Promise<void> {
  const { startedAt, applyStartedAt } = codeRequest
  const giveAttemptBack = { wrongAttempts: sql`greatest(0, ${codeRequest.wrongAttempts} - 1)` }

  /** Ends up to a batch of the calls in one state. @returns their ids */
  async function end(
    state: (typeof inFlightStates)[number],
    began: Column,
    change: PgUpdateSetSource<typeof codeRequest>,
  ): Promise<string[]> {
    const unanswered = and(where, eq(codeRequest.state, state), over(began))
    const batch = tx.select({ id: codeRequest.id }).from(codeRequest).where(unanswered).limit(batchSize)
    const ended = await tx
      .update(codeRequest)
      .set(change)
      // Repeated for rows that changed since the batch was picked.
      .where(and(unanswered, sql`${codeRequest.id} = any(array(${batch}))`))
      .returning({ id: codeRequest.id })
    return ended.map((row) => row.id)
  }

  for (let more = true; more; ) {
    const sends = await end('sending', startedAt, { state: 'unknown', settledAt: since(startedAt) })
    const acts = await end('applying', applyStartedAt, {
      state: 'apply_unknown',
      applySettledAt: since(applyStartedAt),
      ...giveAttemptBack,
    })
    const checks = await end('trying', applyStartedAt, { state: 'sent', ...giveAttemptBack })
    await supersede(tx, [...sends, ...checks])
    more = [sends, acts, checks].some((ids) => ids.length === batchSize)
  }
}

/**
 * Ends every send that a newer accepted or unknown one of its subject or scope (see `scopeOf`) has
 * superseded. An operation without a code supersedes only once it has taken effect, and only within its
 * subject. Reads only the subjects and scopes of the given requests, and each of their rows once: the
 * statement gives the planner no reason to scan the index of waiting requests, which it may believe to be
 * empty, once for each subject.
 */
export async function supersede(tx: Db, ids: string[]): Promise<void> {
  if (ids.length > 0) await tx.execute(superseding(ids))
}

function superseding(ids: string[]): SQL {
  return sql`
    with changed as (
      select account_id, operation, target, code_scope from code_request
      where id = any(array(select jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb)::uuid))
    ), of_target as (
      select id, state, started_at, max(started_at) filter (where coded or state = 'applied')
        over (partition by account_id, operation, target) as newest
      from (select distinct account_id, operation, target from changed) as subject
      join code_request using (account_id, operation, target)
      where state in ${among(supersedingStates)}
    ), of_scope as (
      select id, state, started_at, max(started_at) filter (where coded)
        over (partition by account_id, operation, code_scope) as newest
      from (select distinct account_id, operation, code_scope from changed) as scope
      join code_request using (account_id, operation, code_scope)
      where state in ${among(supersedingStates)}
    ), replaced as (
      select id from (select * from of_target union all select * from of_scope) as either
      where state in ${among(waitingStates)} and started_at < newest
    )
    update code_request set state = 'void', void_reason = 'superseded', number_sealed = null
    where id = any(array(select id from replaced)) and state in ${among(waitingStates)}`
}

/**
 * The database's clock may have been set back. Times written before that are in the future: every pause and
 * timeout would last until the clock has caught up, and anything started now would look older. Such times
 * become the present, in their order, so that nothing lasts longer than its own length. The caller holds the
 * locks of the subject and of `scopes`.
 * @param scopes those the subject shares with others
 * @param now ledger time
 */
export async function bringBack(tx: Db, subject: Subject, scopes: string[], now: SQL): Promise<void> {
  const { accountId, operation, target } = subject
  const shared = sql`or (code_scope = any(array(select jsonb_array_elements_text(${JSON.stringify(scopes)}::jsonb)))
    and started_at > ${now} - interval '1 day')`
  const ahead = sql`account_id = ${accountId} and operation = ${operation}
    and (target = ${target} ${scopes.length > 0 ? shared : sql``})
    and greatest(started_at, settled_at, apply_started_at, apply_settled_at, lookup_asked_at, looked_up_at) > ${now}`
  // As in `endTimedOut`: usually there are none, and reads must work while nothing can be stored.
  const { rows } = await tx.execute(sql`select 1 from code_request where ${ahead} limit 1`)
  if (rows.length === 0) return
  const past = (column: string) =>
    sql`case when ${sql.raw(column)} > ${now} then ${now} else ${sql.raw(column)} end`
  await tx.execute(sql`
    with ahead as (
      select id, started_at from code_request where ${ahead} order by id for update
    ), ranked as (
      select id, row_number() over (order by started_at desc, id desc) as rank from ahead
    )
    update code_request as request set
      started_at = case when request.started_at > ${now} then ${now} - rank * interval '1 millisecond' else request.started_at end,
      settled_at = ${past('request.settled_at')},
      apply_started_at = ${past('request.apply_started_at')},
      apply_settled_at = ${past('request.apply_settled_at')},
      lookup_asked_at = ${past('request.lookup_asked_at')},
      looked_up_at = ${past('request.looked_up_at')}
    from ranked where request.id = ranked.id`)
}
