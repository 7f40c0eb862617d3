import { randomUUID } from 'node:crypto'
import {
  and,
  asc,
  count,
  desc,
  eq,
  gt,
  inArray,
  isNotNull,
  isNull,
  lt,
  ne,
  notInArray,
  or,
  type SQL,
  sql,
} from 'drizzle-orm'
import { AppError } from '@/lib/contract/errors'
import { codeRequest, type Db, type Vault } from '@/lib/db'
import { type ApplyOutcome, applied, type SendOutcome, sent } from './outcomes'
import {
  type CodeRequest,
  isSubject,
  lockSubject,
  type Operator,
  type Subject,
  toCodeRequest,
} from './requests'
import { giveTryBack, settleStale, supersede } from './stale'
import { type CooldownLimits, distances, type LedgerView, readView } from './view'

export interface LedgerLimits extends CooldownLimits {
  /** How long an unanswered call counts as still running. */
  settleSeconds: number
}

export const wrongTriesMax = 10

const openStates = ['sending', 'sent', 'unknown', 'applying', 'apply_unknown'] as const

/** One look-up of a use of unknown outcome. */
export interface LookUp {
  id: string
  attempt: number
  conclusive: boolean
}

export type Ledger = ReturnType<typeof createLedger>

/**
 * All code requests of this console and the rules between them: one send and one use at a time per subject,
 * cool-down, newest code only, ten wrong tries. Each change is written before its call and settled after it.
 * Times are the database's plus the sandbox's clock offset, so that every replica and browser sees the same ones.
 */
export function createLedger(
  db: Db,
  vault: Vault,
  limits: LedgerLimits,
  clockOffsetSeconds: () => Promise<number>,
) {
  async function ledgerNow(): Promise<SQL<Date>> {
    return sql<Date>`(now() + make_interval(secs => ${await clockOffsetSeconds()}))`
  }

  /** Runs a change of one subject alone, on its settled state. */
  async function change<T>(
    subject: Subject,
    work: (tx: Db, view: LedgerView, now: SQL) => Promise<T>,
  ): Promise<T> {
    const now = await ledgerNow()
    return db.transaction(async (tx) => {
      await lockSubject(tx, subject)
      await settleStale(tx, limits.settleSeconds, now, isSubject(subject))
      return work(tx, await readView(tx, subject, limits, now), now)
    })
  }

  return {
    async view(subject: Subject): Promise<LedgerView> {
      return change(subject, async (_, view) => view)
    },

    /** Every request of a target, newest first, for its page. */
    async list(subject: Subject, limit: number): Promise<CodeRequest[]> {
      const now = await ledgerNow()
      await settleStale(db, limits.settleSeconds, now, isSubject(subject))
      const rows = await db
        .select({ row: codeRequest, ...distances(now) })
        .from(codeRequest)
        .where(isSubject(subject))
        .orderBy(desc(codeRequest.startedAt), desc(codeRequest.id))
        .limit(limit)
      return rows.map((one) => toCodeRequest(one.row, one))
    },

    /** Accepted or unknown sends of the last 24 hours to all targets of an account, by this console. */
    async sentTodayInAll(accountId: string): Promise<number> {
      const now = await ledgerNow()
      const [row] = await db
        .select({ total: count() })
        .from(codeRequest)
        .where(
          and(
            eq(codeRequest.accountId, accountId),
            gt(codeRequest.startedAt, sql`${now} - interval '24 hours'`),
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
      const now = await ledgerNow()
      const of = and(
        eq(codeRequest.accountId, accountId),
        eq(codeRequest.operation, operation),
        inArray(codeRequest.target, targets),
      )
      await settleStale(db, limits.settleSeconds, now, of)
      // A code that ran out is on its way no more; a use of unknown outcome stays open whatever its code's life.
      const alive = sql`coalesce(${codeRequest.expiresAt} > ${now}, true)`
      const rows = await db
        .select({ target: codeRequest.target, state: codeRequest.state })
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
        rows.map(({ target, state }) => [
          target,
          state.endsWith('unknown') ? 'outcome_unknown' : 'code_sent',
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

    /**
     * Notes a send before its call. Throws what forbids one: another send or use under way, an outcome to be
     * looked up first, the cool-down.
     * @param number the full number as sent upstream; null = the current request's
     * @param knowingly the operator was told that the last send's outcome is unknown, and sends all the same
     */
    async beginSend(
      subject: Subject,
      input: { number: { full: string; masked: string } | null; operator: Operator; knowingly: boolean },
    ): Promise<{ id: string; number: string }> {
      return change(subject, async (tx, view, now) => {
        refuseWhileBusy(view)
        if (view.current?.state === 'applied') throw new AppError('phone.already_bound')
        if (view.cooldownSeconds > 0)
          throw new AppError('send.cooling_down', { params: { seconds: view.cooldownSeconds } })
        if (view.current?.state === 'unknown' && !input.knowingly) throw new AppError('send.outcome_unknown')
        const number = input.number ?? (await openNumber(tx, view.current))
        const id = randomUUID()
        await tx.insert(codeRequest).values({
          ...subject,
          ...input.operator,
          id,
          state: 'sending',
          numberSealed: vault.seal(number.full, id),
          numberMasked: number.masked,
          numberFingerprint: vault.fingerprint(number.full, 'number'),
          startedAt: now,
        })
        return { id, number: number.full }
      })
    },

    /** Notes the answer of a send. Only an accepted or unknown one takes the place of an older request. */
    async settleSend(subject: Subject, id: string, outcome: SendOutcome): Promise<void> {
      await change(subject, async (tx, _, now) => {
        const [settled] = await tx
          .update(codeRequest)
          .set({ ...sent(outcome), settledAt: now })
          .where(and(eq(codeRequest.id, id), inArray(codeRequest.state, ['sending', 'unknown'])))
          .returning({ id: codeRequest.id })
        if (settled && outcome.kind !== 'refused') await supersede(tx, isSubject(subject))
      })
    },

    /** Gives the current request up, because its number was wrong. */
    async changeNumber(subject: Subject, id: string): Promise<void> {
      await change(subject, async (tx, view) => {
        refuseWhileBusy(view)
        if (view.current?.id !== id || view.current.state === 'applied')
          throw new AppError('code.request_closed')
        await tx
          .update(codeRequest)
          .set({ state: 'void', voidReason: 'number_changed', numberSealed: null })
          .where(eq(codeRequest.id, id))
      })
    },

    /** Notes the use of a code before its call, and takes one of its ten tries. @returns the number to use it with */
    async beginApply(
      subject: Subject,
      id: string,
      operator: Operator,
    ): Promise<{ number: string; attempt: number }> {
      return change(subject, async (tx, view, now) => {
        refuseWhileBusy(view)
        const { current } = view
        if (current?.id !== id || current.state === 'applied') throw new AppError('code.request_closed')
        if (current.wrongTries >= wrongTriesMax)
          throw new AppError('code.no_tries_left', { params: { limit: wrongTriesMax } })
        const number = await openNumber(tx, current)
        await tx
          .update(codeRequest)
          .set({
            state: 'applying',
            wrongTries: sql`${codeRequest.wrongTries} + 1`,
            applyAttempt: current.attempt + 1,
            applyStartedAt: now,
            applySettledAt: null,
            applyOperatorName: operator.operatorName,
            applyRequestId: null,
            applyError: null,
            lookedUpAt: null,
            lookupResult: null,
          })
          .where(eq(codeRequest.id, id))
        return { number: number.full, attempt: current.attempt + 1 }
      })
    },

    /**
     * Notes the answer of a use. An answer of an older attempt changes nothing, nor does one that was noted already: its
     * commit may have got through although the news of it did not.
     * @returns the tries that are left for this code
     */
    async settleApply(
      subject: Subject,
      id: string,
      attempt: number,
      outcome: ApplyOutcome,
    ): Promise<{ triesLeft: number }> {
      return change(subject, async (tx, _, now) => {
        const mine = and(
          eq(codeRequest.id, id),
          eq(codeRequest.applyAttempt, attempt),
          inArray(codeRequest.state, ['applying', 'apply_unknown']),
        )
        // A use that became unknown by time has its try back already; a late "wrong code" takes it again.
        const taken = sql`(case when ${codeRequest.state} = 'applying' then 1 else 0 end)`
        const costs = outcome.kind === 'wrong_code' ? 1 : 0
        const tries = { wrongTries: codeRequest.wrongTries }
        const [noted] = await tx
          .update(codeRequest)
          .set({
            ...applied(outcome),
            wrongTries: sql`greatest(0, ${codeRequest.wrongTries} - ${taken} + ${costs})`,
            applySettledAt: now,
          })
          .where(mine)
          .returning(tries)
        const [row] = noted ? [noted] : await tx.select(tries).from(codeRequest).where(eq(codeRequest.id, id))
        return { triesLeft: wrongTriesMax - (row?.wrongTries ?? wrongTriesMax) }
      })
    },

    /**
     * What a look-up that begins now may prove of a use of unknown outcome. "No phone" proves nothing while the call may
     * still be running: `conclusive` is false until the settle time has passed. Null when nothing is to be looked up.
     */
    async beginLookUp(subject: Subject): Promise<LookUp | null> {
      return change(subject, async (tx, { current }, now) => {
        if (current?.state !== 'apply_unknown') return null
        const [row] = await tx
          .select({
            conclusive: sql<boolean>`${codeRequest.applyStartedAt} < ${now} - make_interval(secs => ${limits.settleSeconds})`,
          })
          .from(codeRequest)
          .where(eq(codeRequest.id, current.id))
        return { id: current.id, attempt: current.attempt, conclusive: row?.conclusive ?? false }
      })
    },

    /** Notes what that look-up found. A request whose number was erased meanwhile cannot be used again and ends. */
    async recordLookup(subject: Subject, lookUp: LookUp, result: 'has_phone' | 'no_phone'): Promise<void> {
      await change(subject, async (tx, _, now) => {
        const unknown = and(
          eq(codeRequest.id, lookUp.id),
          eq(codeRequest.applyAttempt, lookUp.attempt),
          eq(codeRequest.state, 'apply_unknown'),
        )
        const [row] = await tx
          .update(codeRequest)
          .set({ lookedUpAt: now, lookupResult: result })
          .where(unknown)
          .returning({ usable: sql<boolean>`${codeRequest.numberSealed} is not null` })
        if (!row || (result === 'no_phone' && !lookUp.conclusive)) return
        const ended =
          result === 'has_phone'
            ? ({ state: 'applied', numberSealed: null } as const)
            : row.usable
              ? ({ state: 'sent' } as const)
              : ({ state: 'void', voidReason: 'too_old' } as const)
        await tx.update(codeRequest).set(ended).where(unknown)
      })
    },

    /**
     * Notes that Alibaba Cloud has no phone of a member that was bound here: the next binding begins anew. Answers soon
     * after the bind are not believed: they may be older than it.
     */
    async phoneRemoved(subject: Subject): Promise<void> {
      await change(subject, async (tx, { current }, now) => {
        if (current?.state !== 'applied') return
        const old = sql`coalesce(${codeRequest.applySettledAt}, ${codeRequest.lookedUpAt}) < ${now} - make_interval(secs => ${limits.settleSeconds})`
        await tx
          .update(codeRequest)
          .set({ voidReason: 'phone_removed' })
          .where(and(eq(codeRequest.id, current.id), old))
      })
    },

    /** For a sandbox that was reset: nothing of what was sent there exists any more. */
    async forgetAll(): Promise<void> {
      await db.delete(codeRequest)
    },

    /** At the start of a sole opener nothing can still be running: what was under way is unknown at once. */
    async settleInterrupted(): Promise<void> {
      const now = await ledgerNow()
      await db
        .update(codeRequest)
        .set({ state: 'unknown', settledAt: now })
        .where(eq(codeRequest.state, 'sending'))
      await supersede(db, undefined)
      await db
        .update(codeRequest)
        .set({ state: 'apply_unknown', applySettledAt: now, ...giveTryBack })
        .where(eq(codeRequest.state, 'applying'))
    },

    /** Erases every number 24 hours after its send; a request without its number cannot be used and ends. */
    async eraseOldNumbers(): Promise<void> {
      const now = await ledgerNow()
      const old = and(
        isNotNull(codeRequest.numberSealed),
        lt(codeRequest.startedAt, sql`${now} - interval '24 hours'`),
      )
      await db
        .update(codeRequest)
        .set({ state: 'void', voidReason: 'too_old', numberSealed: null })
        .where(and(old, or(eq(codeRequest.state, 'sent'), eq(codeRequest.state, 'unknown'))))
      await db.update(codeRequest).set({ numberSealed: null }).where(old)
    },
  }

  async function openNumber(tx: Db, current: CodeRequest | null): Promise<{ full: string; masked: string }> {
    if (!current) throw new AppError('code.request_closed')
    const [row] = await tx
      .select({ sealed: codeRequest.numberSealed })
      .from(codeRequest)
      .where(eq(codeRequest.id, current.id))
    if (!row?.sealed) throw new AppError('code.request_closed')
    return { full: vault.open(row.sealed, current.id), masked: current.numberMasked }
  }
}

function refuseWhileBusy(view: LedgerView): void {
  if (view.current?.state === 'sending') throw new AppError('send.in_progress')
  if (view.current?.state === 'applying') throw new AppError('bind.in_progress')
  if (view.current?.state === 'apply_unknown') throw new AppError('bind.outcome_unknown')
}
