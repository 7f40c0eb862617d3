import { eq, type SQL, sql } from 'drizzle-orm'
import { AppError } from '@/lib/contract/errors'
import { codeRequest, type Db, type Vault } from '@/lib/db'
import { lockSubject } from './locks'
import { policyOf } from './policy'
import { type CodeRequest, type Intent, type Subject, whereSubject } from './requests'
import { bringBack, endTimedOut } from './timeouts'
import { type CooldownLimits, type LedgerView, readView } from './view'

export interface LedgerLimits extends CooldownLimits {
  /** How long an unanswered call counts as still running. */
  inFlightTimeoutSeconds: number
}

/** What every part of the ledger works with. */
export interface Core {
  db: Db
  vault: Vault
  limits: LedgerLimits
  /** The ledger's time, for a statement: the database's plus the sandbox's clock offset. */
  now(): Promise<SQL<Date>>
  /** Locks a subject until the transaction ends, and ends what time has ended. */
  settle(tx: Db, subject: Subject, now: SQL, intent?: Intent): Promise<void>
  /**
   * Runs a change of one subject alone, on its settled state.
   * @param intent of the request that the change writes
   */
  change<T>(
    subject: Subject,
    work: (tx: Db, view: LedgerView, now: SQL) => Promise<T>,
    intent?: Intent,
  ): Promise<T>
}

export function createCore(
  db: Db,
  vault: Vault,
  limits: LedgerLimits,
  clockOffsetSeconds: () => Promise<number>,
): Core {
  async function now() {
    return sql<Date>`(now() + make_interval(secs => ${await clockOffsetSeconds()}))`
  }
  async function settle(tx: Db, subject: Subject, at: SQL, intent?: Intent) {
    const scopes = await lockSubject(tx, subject, intent)
    await bringBack(tx, subject, scopes, at)
    await endTimedOut(tx, limits.inFlightTimeoutSeconds, at, whereSubject(subject))
  }
  return {
    db,
    vault,
    limits,
    now,
    settle,
    async change(subject, work, intent) {
      const at = await now()
      const done = await db.transaction(async (tx) => {
        await settle(tx, subject, at, intent)
        try {
          return { value: await work(tx, await readView(tx, subject, limits, at), at), refusal: null }
        } catch (error) {
          // A refusal comes before any change of its own; what time has ended stays ended.
          if (error instanceof AppError) return { refusal: error }
          throw error
        }
      })
      if (done.refusal) throw done.refusal
      return done.value
    },
  }
}

/** What a send is for. */
export interface Sending {
  /** The full number as sent upstream; null = Alibaba Cloud chooses the recipient. */
  number: { full: string; masked: string } | null
  intent: Intent
}

/** What the current request was sent for; a number that was erased cannot be used any more. */
export async function sendingOf({ vault }: Core, tx: Db, current: CodeRequest | null): Promise<Sending> {
  if (!current?.requiresCode) throw new AppError('code.request_closed')
  const { intent, numberMasked } = current
  if (numberMasked === null) return { number: null, intent }
  const [row] = await tx
    .select({ sealed: codeRequest.numberSealed })
    .from(codeRequest)
    .where(eq(codeRequest.id, current.id))
  if (!row?.sealed) throw new AppError('code.request_closed')
  return { number: { full: vault.open(row.sealed, current.id), masked: numberMasked }, intent }
}

/** Nothing begins while something else of the same subject is under way, or its outcome is not known. */
export function refuseWhileBusy({ operation }: Subject, { current }: LedgerView): void {
  const params = { operation }
  switch (current?.state) {
    case 'sending':
      throw new AppError('send.in_progress')
    case 'trying':
      throw new AppError('check.in_progress')
    case 'applying':
      throw new AppError('apply.in_progress', { params })
    case 'apply_unknown':
      throw new AppError('apply.outcome_unknown', { params })
    case 'newer':
      throw new AppError('request.newer_version')
  }
}

/** Nothing more can be sent or done once it has taken effect. */
export function refuseApplied({ operation }: Subject, { current }: LedgerView): void {
  if (current?.state === 'applied') throw new AppError(policyOf(operation).applied)
}
