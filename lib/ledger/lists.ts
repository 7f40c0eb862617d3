import { and, asc, count, desc, eq, gt, inArray, isNull, ne, notInArray, or, sql } from 'drizzle-orm'
import { codeRequest, ignoringFullStorage, storageBlock } from '@/lib/db'
import type { Core } from './core'
import { type CodeRequest, isSubject, type Subject, toCodeRequest } from './requests'
import { settleStale } from './stale'
import { distances, type LedgerView, readView } from './view'

const openStates = ['sending', 'sent', 'unknown', 'trying', 'applying', 'apply_unknown'] as const

/** What the ledger tells. */
export function lists({ db, vault, limits, now, change }: Core) {
  return {
    async view(subject: Subject): Promise<LedgerView> {
      try {
        return await change(subject, async (_, view) => view)
      } catch (error) {
        if (!storageBlock(error)) throw error
        // What is to be settled cannot be while nothing can be stored: it is shown as it is.
        return readView(db, subject, limits, await now())
      }
    },

    /** Every request of a target, newest first, for its page. */
    async list(subject: Subject, limit: number): Promise<CodeRequest[]> {
      const at = await now()
      await ignoringFullStorage(settleStale(db, limits.settleSeconds, at, isSubject(subject)))
      const rows = await db
        .select({ row: codeRequest, ...distances(at) })
        .from(codeRequest)
        .where(isSubject(subject))
        .orderBy(desc(codeRequest.startedAt), desc(codeRequest.id))
        .limit(limit)
      return rows.map((one) => toCodeRequest(one.row, one))
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
            codeRequest.coded,
            gt(codeRequest.startedAt, sql`${at} - interval '24 hours'`),
            notInArray(codeRequest.state, ['sending', 'refused']),
          ),
        )
      return row?.total ?? 0
    },

    /** Which of these targets have a code on its way, or an outcome nobody knows. */
    async openTargets(
      { accountId, operation }: Omit<Subject, 'target'>,
      targets: string[],
    ): Promise<Map<string, 'code_sent' | 'outcome_unknown'>> {
      if (targets.length === 0) return new Map()
      const at = await now()
      const of = and(
        eq(codeRequest.accountId, accountId),
        eq(codeRequest.operation, operation),
        inArray(codeRequest.target, targets),
      )
      await ignoringFullStorage(settleStale(db, limits.settleSeconds, at, of))
      // A code that ran out is on its way no more; a use of unknown outcome stays open whatever its code's life.
      const alive = sql`coalesce(${codeRequest.expiresAt} > ${at}, true)`
      const rows = await db
        .select({
          target: codeRequest.target,
          state: codeRequest.state,
          // A code that was used since may still be one that nobody knows to have gone out.
          sendUnknown: sql<boolean>`${codeRequest.coded} and ${codeRequest.state} = 'sent' and ${codeRequest.sendRequestId} is null`,
        })
        .from(codeRequest)
        .where(
          and(
            of,
            inArray(codeRequest.state, openStates),
            or(notInArray(codeRequest.state, ['sent', 'unknown']), alive),
          ),
        )
        .orderBy(asc(codeRequest.startedAt))
      return new Map(
        rows.map(({ target, state, sendUnknown }) => [
          target,
          sendUnknown || state.endsWith('unknown') ? 'outcome_unknown' : 'code_sent',
        ]),
      )
    },

    /** Other targets this number was bound to, or is waiting on a code for. */
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
