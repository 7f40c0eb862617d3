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
import { AppError, type ErrorCode } from '@/lib/contract/errors'
import { type CodeOperation, codeRequest, type Db, type Vault } from '@/lib/db'
import { type ApplyOutcome, applied, type SendOutcome, sent } from './outcomes'
import {
  type CodeRequest,
  type Intent,
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

/** Why nothing more can be sent or done once it has taken effect. */
const appliedAlready: Record<CodeOperation, ErrorCode> = {
  bind_phone: 'phone.already_bound',
  enable_directory: 'directory.exists',
  join_network: 'network.attached',
}

/** What a send is for. */
interface Sending {
  /** The full number as sent upstream; null = Alibaba Cloud chooses the recipient. */
  number: { full: string; masked: string } | null
  intent: Intent
}

/** One look-up of a use of unknown outcome. */
export interface LookUp {
  id: string
  attempt: number
  conclusive: boolean
}

export type Ledger = ReturnType<typeof createLedger>

/**
 * All code requests of this console and the rules between them: one send and one use at a time per subject,
 * cool-down, newest code only, ten wrong tries. Acts that need no code keep the same rules. Each change is written before its call and settled after it.
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

    /** Accepted or unknown sends of the last 24 hours to all targets of an operation, by this console. */
    async sentTodayInAll({ accountId, operation }: Omit<Subject, 'target'>): Promise<number> {
      const now = await ledgerNow()
      const [row] = await db
        .select({ total: count() })
        .from(codeRequest)
        .where(
          and(
            eq(codeRequest.accountId, accountId),
            eq(codeRequest.operation, operation),
            codeRequest.coded,
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
     * @param sending null = once more as the current request
     * @param knowingly the operator was told that the last send's outcome is unknown, and sends all the same
     */
    async beginSend(
      subject: Subject,
      input: { sending: Sending | null; operator: Operator; knowingly: boolean },
    ): Promise<{ id: string; number: string | null; intent: Intent }> {
      return change(subject, async (tx, view, now) => {
        refuseWhileBusy(subject, view)
        refuseApplied(subject, view)
        if (view.cooldownSeconds > 0)
          throw new AppError('send.cooling_down', { params: { seconds: view.cooldownSeconds } })
        if (view.current?.state === 'unknown' && !input.knowingly) throw new AppError('send.outcome_unknown')
        const { number, intent } = input.sending ?? (await sendingOf(tx, view.current))
        const id = randomUUID()
        await tx.insert(codeRequest).values({
          ...subject,
          ...input.operator,
          id,
          state: 'sending',
          intent,
          numberSealed: number && vault.seal(number.full, id),
          numberMasked: number?.masked ?? null,
          numberFingerprint: number && vault.fingerprint(number.full, 'number'),
          startedAt: now,
        })
        return { id, number: number?.full ?? null, intent }
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

    /** Gives the current request up, because its recipient or what it was to bring about was wrong. */
    async giveUp(subject: Subject, id: string): Promise<void> {
      await change(subject, async (tx, view) => {
        refuseWhileBusy(subject, view)
        if (view.current?.id !== id || view.current.state === 'applied')
          throw new AppError('code.request_closed')
        await tx
          .update(codeRequest)
          .set({ state: 'void', voidReason: 'given_up', numberSealed: null })
          .where(eq(codeRequest.id, id))
      })
    },

    /**
     * Notes the use of a code before its call, and takes one of its ten tries.
     * @param changed what is to be brought about otherwise than when the code was sent
     * @returns what to use it with
     */
    async beginApply(
      subject: Subject,
      id: string,
      operator: Operator,
      changed: Intent = {},
    ): Promise<{ number: string | null; intent: Intent; attempt: number }> {
      return change(subject, async (tx, view, now) => {
        refuseWhileBusy(subject, view)
        const { current } = view
        if (current?.id !== id || current.state === 'applied') throw new AppError('code.request_closed')
        if (current.wrongTries >= wrongTriesMax)
          throw new AppError('code.no_tries_left', { params: { limit: wrongTriesMax } })
        const { number, intent: before } = await sendingOf(tx, current)
        const intent = { ...before, ...changed }
        await tx
          .update(codeRequest)
          .set({
            state: 'applying',
            intent,
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
        return { number: number?.full ?? null, intent, attempt: current.attempt + 1 }
      })
    },

    /**
     * Notes an act that needs no code before its call.
     * @param reverses it takes back what was applied before; the same act once more is refused all the same
     */
    async beginUncoded(
      subject: Subject,
      { intent, operator, reverses = false }: { intent: Intent; operator: Operator; reverses?: boolean },
    ): Promise<{ id: string; attempt: number }> {
      return change(subject, async (tx, view, now) => {
        refuseWhileBusy(subject, view)
        if (!reverses) refuseApplied(subject, view)
        else if (view.current?.state === 'applied' && isSame(view.current.intent, intent)) {
          throw new AppError('apply.in_progress', { params: { operation: subject.operation } })
        }
        const id = randomUUID()
        const attempt = 1
        await tx.insert(codeRequest).values({
          ...subject,
          ...operator,
          id,
          state: 'applying',
          coded: false,
          intent,
          startedAt: now,
          settledAt: now,
          applyAttempt: attempt,
          applyStartedAt: now,
          applyOperatorName: operator.operatorName,
        })
        return { id, attempt }
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
        if (noted && outcome.kind === 'accepted') await supersede(tx, isSubject(subject))
        const [row] = noted ? [noted] : await tx.select(tries).from(codeRequest).where(eq(codeRequest.id, id))
        return { triesLeft: wrongTriesMax - (row?.wrongTries ?? wrongTriesMax) }
      })
    },

    /**
     * What a look-up that begins now may prove of a use of unknown outcome. "Not done" proves nothing while the call may
     * still be running: `conclusive` is false until the settle time has passed. Null when nothing is to be looked up.
     * @param conclusiveAfterSeconds where Alibaba Cloud may show the effect of a call that ended only later
     */
    async beginLookUp(
      subject: Subject,
      conclusiveAfterSeconds = limits.settleSeconds,
    ): Promise<LookUp | null> {
      return change(subject, async (tx, { current }, now) => {
        if (current?.state !== 'apply_unknown') return null
        const [row] = await tx
          .select({
            conclusive: sql<boolean>`${codeRequest.applyStartedAt} < ${now} - make_interval(secs => ${Math.max(conclusiveAfterSeconds, limits.settleSeconds)})`,
          })
          .from(codeRequest)
          .where(eq(codeRequest.id, current.id))
        return { id: current.id, attempt: current.attempt, conclusive: row?.conclusive ?? false }
      })
    },

    /** Notes what that look-up found. A request whose number was erased meanwhile cannot be used again and ends. */
    async recordLookup(subject: Subject, lookUp: LookUp, result: 'done' | 'not_done'): Promise<void> {
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
          .returning({
            coded: codeRequest.coded,
            sealed: codeRequest.numberSealed,
            masked: codeRequest.numberMasked,
          })
        if (!row || (result === 'not_done' && !lookUp.conclusive)) return
        const usable = row.sealed !== null || row.masked === null
        const ended =
          result === 'done'
            ? ({ state: 'applied', numberSealed: null } as const)
            : !row.coded
              ? ({ state: 'void', voidReason: 'not_done' } as const)
              : usable
                ? ({ state: 'sent' } as const)
                : ({ state: 'void', voidReason: 'too_old' } as const)
        await tx.update(codeRequest).set(ended).where(unknown)
        if (result === 'done') await supersede(tx, isSubject(subject))
      })
    },

    /** Notes that a look-up found what was accepted before; told once. */
    async recordFound(subject: Subject, id: string): Promise<void> {
      await change(subject, async (tx, _, now) => {
        await tx
          .update(codeRequest)
          .set({ lookedUpAt: now, lookupResult: 'done' })
          .where(
            and(eq(codeRequest.id, id), eq(codeRequest.state, 'applied'), isNull(codeRequest.lookupResult)),
          )
      })
    },

    /**
     * Notes that Alibaba Cloud does not have any more what took effect here: the next act begins anew. Answers soon after
     * the act are not believed, since they may be older than it, unless `certainly` says that they cannot be.
     */
    async undone(subject: Subject, id: string, { certainly = false } = {}): Promise<void> {
      await change(subject, async (tx, { current }, now) => {
        if (current?.id !== id || current.state !== 'applied') return
        const old = sql`greatest(${codeRequest.applySettledAt}, ${codeRequest.lookedUpAt}) < ${now} - make_interval(secs => ${limits.settleSeconds})`
        await tx
          .update(codeRequest)
          .set({ voidReason: 'undone' })
          .where(and(eq(codeRequest.id, id), certainly ? undefined : old))
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

    /** Erases every number 24 hours after its send, and ends what still waits for a code then. */
    async eraseOldNumbers(): Promise<void> {
      const now = await ledgerNow()
      const old = lt(codeRequest.startedAt, sql`${now} - interval '24 hours'`)
      await db
        .update(codeRequest)
        .set({ state: 'void', voidReason: 'too_old', numberSealed: null })
        .where(and(old, inArray(codeRequest.state, ['sent', 'unknown'])))
      await db
        .update(codeRequest)
        .set({ numberSealed: null })
        .where(and(old, isNotNull(codeRequest.numberSealed)))
    },
  }

  /** What the current request was sent for; a number that was erased cannot be used any more. */
  async function sendingOf(tx: Db, current: CodeRequest | null): Promise<Sending> {
    if (!current?.coded) throw new AppError('code.request_closed')
    const { intent, numberMasked } = current
    if (numberMasked === null) return { number: null, intent }
    const [row] = await tx
      .select({ sealed: codeRequest.numberSealed })
      .from(codeRequest)
      .where(eq(codeRequest.id, current.id))
    if (!row?.sealed) throw new AppError('code.request_closed')
    return { number: { full: vault.open(row.sealed, current.id), masked: numberMasked }, intent }
  }
}

function refuseWhileBusy({ operation }: Subject, { current }: LedgerView): void {
  const params = { operation }
  if (current?.state === 'sending') throw new AppError('send.in_progress')
  if (current?.state === 'applying') throw new AppError('apply.in_progress', { params })
  if (current?.state === 'apply_unknown') throw new AppError('apply.outcome_unknown', { params })
}

function isSame(one: Intent, other: Intent): boolean {
  const names = Object.keys({ ...one, ...other })
  return names.every((name) => one[name] === other[name])
}

function refuseApplied({ operation }: Subject, { current }: LedgerView): void {
  if (current?.state === 'applied') throw new AppError(appliedAlready[operation])
}
