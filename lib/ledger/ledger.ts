import { randomUUID } from 'node:crypto'
import { and, asc, desc, eq, inArray, isNotNull, lt, ne, or, type SQL, sql } from 'drizzle-orm'
import { AppError } from '@/lib/contract/errors'
import { codeRequest, type Db, type Vault } from '@/lib/db'
import {
  type CodeRequest,
  isSubject,
  lockSubject,
  type Operator,
  type Refusal,
  type Subject,
  toCodeRequest,
} from './requests'

export interface LedgerLimits {
  cooldownSeconds: number
  cooldownRefusedSeconds: number
  /** How long an unanswered call counts as still running. */
  settleSeconds: number
}

export const wrongTriesMax = 10

export type SendOutcome =
  | { kind: 'accepted'; requestId: string; expiresAt: Date | null }
  | { kind: 'refused'; error: Refusal }
  | { kind: 'unknown'; error: Refusal }

export type ApplyOutcome =
  | { kind: 'accepted'; requestId: string }
  /** The code was wrong or has run out: the only answer that costs a try. */
  | { kind: 'wrong_code'; error: Refusal }
  /** `closes`: no other code could succeed either, so the request ends. */
  | { kind: 'refused'; error: Refusal; closes: boolean }
  | { kind: 'unknown'; error: Refusal }

export interface LedgerView {
  /** The request a person goes on with: the newest that is neither refused nor void. */
  current: CodeRequest | null
  /** The newest refused send, when nothing newer was accepted. */
  refused: CodeRequest | null
  /** Seconds until another send is allowed; 0 = now. */
  cooldownSeconds: number
  /** Accepted or unknown sends of the last 24 hours to this target, by this console. */
  sentToday: number
  /** Sends to the current request's number in a row, this one included. */
  sendNumber: number
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

  /** Calls that never came back read as unknown once the settle time is over. */
  async function settleStale(tx: Db, now: SQL, where: SQL | undefined): Promise<void> {
    const settle = sql`make_interval(secs => ${limits.settleSeconds})`
    await tx
      .update(codeRequest)
      .set({ state: 'unknown', settledAt: sql`${codeRequest.startedAt} + ${settle}` })
      .where(and(where, eq(codeRequest.state, 'sending'), sql`${codeRequest.startedAt} < ${now} - ${settle}`))
    await tx
      .update(codeRequest)
      .set({
        state: 'apply_unknown',
        applySettledAt: sql`${codeRequest.applyStartedAt} + ${settle}`,
        ...giveTryBack,
      })
      .where(
        and(
          where,
          eq(codeRequest.state, 'applying'),
          sql`${codeRequest.applyStartedAt} < ${now} - ${settle}`,
        ),
      )
  }

  async function readView(tx: Db, subject: Subject, now: SQL): Promise<LedgerView> {
    const rows = await tx
      .select({
        row: codeRequest,
        age: sql`extract(epoch from ${now} - coalesce(${codeRequest.settledAt}, ${codeRequest.startedAt}))`.mapWith(
          Number,
        ),
        ...distances(now),
        today: sql<boolean>`${codeRequest.startedAt} > ${now} - interval '24 hours'`,
      })
      .from(codeRequest)
      .where(isSubject(subject))
      .orderBy(desc(codeRequest.startedAt), desc(codeRequest.id))
      .limit(200)
    const [newest] = rows
    const current = rows.find(({ row }) => row.state !== 'refused' && row.state !== 'void')
    const accepted = rows.find(({ row }) => row.state !== 'refused' && row.state !== 'sending')
    const waits = [
      accepted ? limits.cooldownSeconds - Math.max(0, accepted.age) : 0,
      newest?.row.state === 'refused' ? limits.cooldownRefusedSeconds - Math.max(0, newest.age) : 0,
    ]
    const sends = rows.filter(
      ({ row }) => row.state !== 'refused' && row.numberFingerprint === current?.row.numberFingerprint,
    )
    return {
      current: current ? toCodeRequest(current.row, current) : null,
      refused: newest?.row.state === 'refused' ? toCodeRequest(newest.row, newest) : null,
      cooldownSeconds: Math.max(0, Math.ceil(Math.max(...waits))),
      sentToday: rows.filter(({ row, today }) => today && row.state !== 'refused' && row.state !== 'sending')
        .length,
      sendNumber: sends.filter(({ today }) => today).length,
    }
  }

  /** Runs a change of one subject alone, on its settled state. */
  async function change<T>(
    subject: Subject,
    work: (tx: Db, view: LedgerView, now: SQL) => Promise<T>,
  ): Promise<T> {
    const now = await ledgerNow()
    return db.transaction(async (tx) => {
      await lockSubject(tx, subject)
      await settleStale(tx, now, isSubject(subject))
      return work(tx, await readView(tx, subject, now), now)
    })
  }

  return {
    async view(subject: Subject): Promise<LedgerView> {
      return change(subject, async (_, view) => view)
    },

    /** Every request of a target, newest first, for its page. */
    async list(subject: Subject, limit: number): Promise<CodeRequest[]> {
      const now = await ledgerNow()
      await settleStale(db, now, isSubject(subject))
      const rows = await db
        .select({ row: codeRequest, ...distances(now) })
        .from(codeRequest)
        .where(isSubject(subject))
        .orderBy(desc(codeRequest.startedAt), desc(codeRequest.id))
        .limit(limit)
      return rows.map((one) => toCodeRequest(one.row, one))
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
      await settleStale(db, now, of)
      const rows = await db
        .select({ target: codeRequest.target, state: codeRequest.state })
        .from(codeRequest)
        .where(
          and(
            of,
            inArray(codeRequest.state, openStates),
            sql`coalesce(${codeRequest.expiresAt} > ${now}, true)`,
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
        if (!settled || outcome.kind === 'refused') return
        await tx
          .update(codeRequest)
          .set({ state: 'void', voidReason: 'superseded', numberSealed: null })
          .where(
            and(isSubject(subject), ne(codeRequest.id, id), inArray(codeRequest.state, ['sent', 'unknown'])),
          )
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
    async beginApply(subject: Subject, id: string, operator: Operator): Promise<{ number: string }> {
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
            applyStartedAt: now,
            applySettledAt: null,
            applyOperatorName: operator.operatorName,
            applyRequestId: null,
            applyError: null,
            lookedUpAt: null,
            lookupResult: null,
          })
          .where(eq(codeRequest.id, id))
        return { number: number.full }
      })
    },

    /** Notes the answer of a use. @returns the tries that are left for this code */
    async settleApply(subject: Subject, id: string, outcome: ApplyOutcome): Promise<{ triesLeft: number }> {
      return change(subject, async (tx, _, now) => {
        const set = applied(outcome)
        const [row] = await tx
          .update(codeRequest)
          .set({ ...set, ...(outcome.kind === 'wrong_code' ? {} : giveTryBack), applySettledAt: now })
          .where(and(eq(codeRequest.id, id), inArray(codeRequest.state, ['applying', 'apply_unknown'])))
          .returning({ wrongTries: codeRequest.wrongTries })
        return { triesLeft: wrongTriesMax - (row?.wrongTries ?? wrongTriesMax) }
      })
    },

    /**
     * Notes what a look-up found after a use of unknown outcome. "No phone" proves nothing while the call may still
     * be running: until the settle time has passed, the request stays unknown.
     */
    async recordLookup(subject: Subject, id: string, result: 'has_phone' | 'no_phone'): Promise<void> {
      await change(subject, async (tx, _, now) => {
        const settled = sql`${codeRequest.applyStartedAt} < ${now} - make_interval(secs => ${limits.settleSeconds})`
        const ended =
          result === 'has_phone'
            ? { state: 'applied' as const, numberSealed: null }
            : { state: 'sent' as const }
        const unknown = and(eq(codeRequest.id, id), eq(codeRequest.state, 'apply_unknown'))
        await tx.update(codeRequest).set({ lookedUpAt: now, lookupResult: result }).where(unknown)
        await tx
          .update(codeRequest)
          .set(ended)
          .where(result === 'has_phone' ? unknown : and(unknown, settled))
      })
    },

    /** At the start of a sole opener nothing can still be running: what was under way is unknown at once. */
    async settleInterrupted(): Promise<void> {
      const now = await ledgerNow()
      await db
        .update(codeRequest)
        .set({ state: 'unknown', settledAt: now })
        .where(eq(codeRequest.state, 'sending'))
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

function distances(now: SQL) {
  return {
    secondsLeft: sql<number | null>`extract(epoch from ${codeRequest.expiresAt} - ${now})::float8`,
    secondsSinceLookUp: sql<number | null>`extract(epoch from ${now} - ${codeRequest.lookedUpAt})::float8`,
  }
}

const openStates = ['sending', 'sent', 'unknown', 'applying', 'apply_unknown'] as const

const giveTryBack = { wrongTries: sql`greatest(0, ${codeRequest.wrongTries} - 1)` }

function refuseWhileBusy(view: LedgerView): void {
  if (view.current?.state === 'sending') throw new AppError('send.in_progress')
  if (view.current?.state === 'applying') throw new AppError('bind.in_progress')
  if (view.current?.state === 'apply_unknown') throw new AppError('bind.outcome_unknown')
}

function sent(outcome: SendOutcome) {
  switch (outcome.kind) {
    case 'accepted':
      return { state: 'sent', sendRequestId: outcome.requestId, expiresAt: outcome.expiresAt } as const
    case 'unknown':
      return { state: 'unknown', sendError: outcome.error } as const
    case 'refused':
      return { state: 'refused', sendError: outcome.error, numberSealed: null } as const
  }
}

function applied(outcome: ApplyOutcome) {
  switch (outcome.kind) {
    case 'accepted':
      return {
        state: 'applied',
        applyRequestId: outcome.requestId,
        applyError: null,
        numberSealed: null,
      } as const
    case 'unknown':
      return { state: 'apply_unknown', applyError: outcome.error } as const
    case 'wrong_code':
      return { state: 'sent', applyError: outcome.error } as const
    case 'refused':
      return outcome.closes
        ? ({ state: 'void', voidReason: 'refused', applyError: outcome.error, numberSealed: null } as const)
        : ({ state: 'sent', applyError: outcome.error } as const)
  }
}
