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

/** What all parts of the ledger share. */
export interface Core {
  db: Db
  vault: Vault
  limits: LedgerLimits
  /** Ledger time as an SQL expression: the database's `now()` plus the sandbox's clock offset. */
  now(): Promise<SQL<Date>>
  /**
   * Locks a subject (see `lockSubject`) until `tx` ends, then applies what time alone changes: timeouts, and
   * times that a clock set back has left in the future.
   * @param tx must not hold a lock on any row of the ledger yet
   * @param intent of the request about to be inserted
   */
  settle(tx: Db, subject: Subject, now: SQL, intent?: Intent): Promise<void>
  /**
   * Runs `work` in a transaction that holds the subject's lock, after timeouts have been applied. An
   * `AppError` from `work` still commits the timeouts, so `work` must throw it before it writes anything.
   * @param intent of the request that `work` inserts
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
          // `work` refuses before it writes anything: commit the timeouts applied above.
          if (error instanceof AppError) return { refusal: error }
          throw error
        }
      })
      if (done.refusal) throw done.refusal
      return done.value
    },
  }
}

/** The recipient of a send, and what it is for. */
export interface Sending {
  /** `full` as sent to Alibaba Cloud; null = Alibaba Cloud chooses the recipient. */
  number: { full: string; masked: string } | null
  intent: Intent
}

/**
 * The recipient and intent of the current request.
 * @throws AppError `code.request_closed` if there is none, it has no code, or its number was erased
 */
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

/**
 * Refuses to start anything while a call for the same subject is in flight, after one whose outcome is unknown
 * (a send of unknown outcome does not count), or in a state that only a newer version knows.
 * @param view read under the subject's lock
 */
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

/**
 * Refuses to start anything once the operation has taken effect.
 * @param view read under the subject's lock
 */
export function refuseApplied({ operation }: Subject, { current }: LedgerView): void {
  if (current?.state === 'applied') throw new AppError(policyOf(operation).applied)
}
