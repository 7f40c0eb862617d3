import { type SQL, sql } from 'drizzle-orm'
import { CODE_OPERATIONS, type CodeOperation } from '@/lib/db'
import type { Core } from './core'
import { trySweepLock } from './locks'
import type { Subject } from './requests'
import { among, inFlightStates, waitingStates } from './states'

const subjectsAtOnce = 200
const rowsAtOnce = 500

/** Ends requests that are due, whether or not anyone opens their page. */
export function sweeps({ db, now, limits, settle }: Core) {
  return {
    /**
     * Ends calls past the in-flight timeout, then erases every number 24 hours after its send and ends
     * requests whose code is still waiting by then. One replica at a time, in short transactions, so that
     * nobody waits for it.
     * @throws the first error that kept a subject from being settled, after everything else was done
     */
    async sweep(): Promise<void> {
      const at = await now()
      const failure = await settleAll(at)
      while (await eraseSome(at, sql`number_sealed is not null`));
      while (await eraseSome(at, sql`state in ${among(waitingStates)}`));
      if (failure) throw failure.cause
    },
  }

  async function settleAll(at: SQL): Promise<{ cause: unknown } | null> {
    const seen = new Set<string>()
    let failure: { cause: unknown } | null = null
    for (;;) {
      const subjects = (await subjectsDue(at)).filter((one) => !seen.has(JSON.stringify(one)))
      if (subjects.length === 0) return failure
      for (const subject of subjects) {
        seen.add(JSON.stringify(subject))
        try {
          const held = await db.transaction(async (tx) => {
            if (!(await trySweepLock(tx))) return false
            await settle(tx, subject, at)
            return true
          })
          if (!held) return failure
        } catch (cause) {
          failure ??= { cause }
        }
      }
    }
  }

  /**
   * Subjects with calls past the in-flight timeout, or with times in the future after a clock was set back.
   */
  async function subjectsDue(at: SQL): Promise<Subject[]> {
    const operations = sql.raw(`(${CODE_OPERATIONS.map((one) => `'${one}'`).join(', ')})`)
    const subject = sql`select account_id, operation, target from code_request where operation in ${operations}`
    const { rows } = await db.execute<{ account_id: string; operation: CodeOperation; target: string }>(sql`
      select distinct account_id, operation, target from (
        (${subject} and state in ${among(inFlightStates)}
          and greatest(started_at, apply_started_at) < ${at} - make_interval(secs => ${limits.inFlightTimeoutSeconds})
          limit ${subjectsAtOnce})
        union all
        (${subject} and state in ${among(inFlightStates)} and started_at > ${at} limit ${subjectsAtOnce})
        union all
        (${subject} and state in ${among(waitingStates)} and started_at > ${at} limit ${subjectsAtOnce})
        union all
        (${subject} and number_sealed is not null and started_at > ${at} limit ${subjectsAtOnce})
      ) as due limit ${subjectsAtOnce}`)
    return rows.map(({ account_id, operation, target }) => ({ accountId: account_id, operation, target }))
  }

  /**
   * A call in flight keeps its number until it ends: its code may be open again then, and waits for the next
   * sweep. Rows that someone is changing right now are left to the next sweep, too.
   * @returns whether there may be more
   */
  async function eraseSome(at: SQL, which: SQL): Promise<boolean> {
    return db.transaction(async (tx) => {
      if (!(await trySweepLock(tx))) return false
      const { rows } = await tx.execute(sql`
        with old as (
          select id from code_request
          where ${which} and started_at < ${at} - interval '24 hours'
            and not (state in ${among(inFlightStates)}
              and greatest(started_at, apply_started_at) >= ${at} - make_interval(secs => ${limits.inFlightTimeoutSeconds}))
          limit ${rowsAtOnce} for update skip locked
        )
        update code_request as request set
          number_sealed = null,
          void_reason = case when state in ${among(waitingStates)} then 'too_old' else void_reason end,
          state = case when state in ${among(waitingStates)} then 'void' else state end
        from old where request.id = old.id
        returning request.id`)
      return rows.length === rowsAtOnce
    })
  }
}
