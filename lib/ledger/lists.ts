import { and, asc, count, desc, eq, gt, inArray, isNull, ne, notInArray, type SQL, sql } from 'drizzle-orm'
import {
  CODE_REQUEST_STATES,
  type CodeOperation,
  codeRequest,
  ignoringFullStorage,
  storageBlock,
} from '@/lib/db'
import type { Core } from './core'
import { lookalikesOf } from './lookalikes'
import { type CodeRequest, type Subject, toCodeRequest, whereSubject } from './requests'
import { among, openStates } from './states'
import { endTimedOut } from './timeouts'
import { distances, type LedgerView, readView } from './view'

/** What a list shows of an open request. `newer_version`: its state is known only to a newer version. */
type OpenKind = 'code_sent' | 'outcome_unknown' | 'newer_version'

/**
 * As literals: the planner uses the index of open requests only if the statement itself contains the
 * condition.
 */
function isOpenOf(accountId: string, operation: CodeOperation) {
  return and(
    eq(codeRequest.accountId, accountId),
    eq(codeRequest.operation, operation),
    sql`${codeRequest.state} not in ${among(['refused', 'applied', 'void'])}`,
    isNull(codeRequest.voidReason),
  )
}

function openKind(at: SQL, inFlightTimeoutSeconds: number) {
  const { state, requiresCode, startedAt, applyStartedAt, expiresAt, sendRequestId } = codeRequest
  const cut = sql`${at} - make_interval(secs => ${inFlightTimeoutSeconds})`
  // The state it will have once timeouts are applied (see timeouts.ts).
  const settled = sql<string>`case
    when ${state} = 'sending' and ${startedAt} < ${cut} then 'unknown'
    when ${state} = 'applying' and ${applyStartedAt} < ${cut} then 'apply_unknown'
    when ${state} = 'trying' and ${applyStartedAt} < ${cut} then 'sent'
    else ${state} end`
  return sql<OpenKind | null>`case
    when ${state} not in ${among(CODE_REQUEST_STATES)} then 'newer_version'
    when ${settled} = 'apply_unknown' then 'outcome_unknown'
    -- An expired code is no longer open; an unknown outcome is, whether or not the code has expired.
    when ${settled} in ('sent', 'unknown') and ${expiresAt} <= ${at} then null
    -- A code that was used since may still have a send of unknown outcome.
    when ${settled} = 'unknown' or (${settled} = 'sent' and ${requiresCode} and ${sendRequestId} is null) then 'outcome_unknown'
    else 'code_sent' end`
}

/** Reads from the ledger. */
export function lists({ db, vault, limits, now, change }: Core) {
  return {
    /** The state of a subject, with timeouts applied. Waits for the subject's lock. */
    async view(subject: Subject): Promise<LedgerView> {
      try {
        return await change(subject, async (_, view) => view)
      } catch (error) {
        if (!storageBlock(error)) throw error
        // While nothing can be stored, timeouts cannot be applied: rows are shown as they are.
        return readView(db, subject, limits, await now())
      }
    },

    /** Requests of a target, ended ones included, newest first. */
    async list(subject: Subject, limit: number): Promise<CodeRequest[]> {
      const at = await now()
      await ignoringFullStorage(endTimedOut(db, limits.inFlightTimeoutSeconds, at, whereSubject(subject)))
      const rows = await db
        .select({ row: codeRequest, ...distances(at) })
        .from(codeRequest)
        .where(whereSubject(subject))
        .orderBy(desc(codeRequest.startedAt), desc(codeRequest.id))
        .limit(limit)
      const lookalikes = await lookalikesOf(db, subject)
      return rows.map((one) => toCodeRequest(one.row, one, lookalikes))
    },

    /** Accepted or unknown sends of the last 24 hours to all targets of an operation, by this console. */
    async sentTodayInAll({ accountId, operation }: Omit<Subject, 'target'>): Promise<number> {
      const at = await now()
      const [row] = await db
        .select({ total: count() })
        .from(codeRequest)
        .where(
          and(
            eq(codeRequest.accountId, accountId),
            eq(codeRequest.operation, operation),
            codeRequest.requiresCode,
            gt(codeRequest.startedAt, sql`${at} - interval '24 hours'`),
            notInArray(codeRequest.state, ['sending', 'refused']),
          ),
        )
      return row?.total ?? 0
    },

    /**
     * Which of these targets have an open code or an unknown outcome. Writes nothing, however many there are.
     */
    async openTargets(
      { accountId, operation }: Omit<Subject, 'target'>,
      targets: string[],
    ): Promise<Map<string, OpenKind>> {
      if (targets.length === 0) return new Map()
      const { target, startedAt } = codeRequest
      const rows = await db
        .select({ target, kind: openKind(await now(), limits.inFlightTimeoutSeconds) })
        .from(codeRequest)
        .where(and(isOpenOf(accountId, operation), inArray(target, targets)))
        .orderBy(asc(startedAt))
      return new Map(rows.flatMap((row) => (row.kind ? [[row.target, row.kind]] : [])))
    },

    /** The reverse: a subquery of all targets that are open in this way, to filter a list by. */
    async targetsOpenAs(
      { accountId, operation }: Omit<Subject, 'target'>,
      wanted: Exclude<OpenKind, 'newer_version'>,
    ): Promise<SQL> {
      const { target, startedAt } = codeRequest
      return sql`select latest.target from (
        select distinct on (one.target) one.target, one.kind from (
          select ${target} as target, ${startedAt} as started_at, ${openKind(await now(), limits.inFlightTimeoutSeconds)} as kind
          from ${codeRequest} where ${isOpenOf(accountId, operation)}
        ) as one where one.kind is not null order by one.target, one.started_at desc
      ) as latest where latest.kind = ${wanted}`
    },

    /** Other targets, at most 20, that this number was bound to or has an open request for. */
    async otherTargets(subject: Subject, number: string): Promise<{ target: string; bound: boolean }[]> {
      const rows = await db
        .selectDistinct({ target: codeRequest.target, bound: sql<boolean>`${codeRequest.state} = 'applied'` })
        .from(codeRequest)
        .where(
          and(
            eq(codeRequest.accountId, subject.accountId),
            eq(codeRequest.operation, subject.operation),
            ne(codeRequest.target, subject.target),
            eq(codeRequest.numberFingerprint, vault.fingerprint(number, 'number')),
            inArray(codeRequest.state, [...openStates, 'applied']),
            isNull(codeRequest.voidReason),
          ),
        )
        .limit(20)
      return rows
    },
  }
}
