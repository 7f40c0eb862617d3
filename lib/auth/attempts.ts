import { setTimeout as sleep } from 'node:timers/promises'
import { and, count, eq, gt, lte, not, or, sql } from 'drizzle-orm'
import { type Db, isAhead, type SigninAttemptState, signinAttempt, type Vault } from '@/lib/db'
import { networkOf } from './network'

export const windowMinutes = 15

/** Per network, within the window. No limit is per key ID alone: anyone who knows it could lock out its owner. */
const limits = {
  /** Failed guesses with one key. */
  failedWithKey: 10,
  failed: 30,
  /** Outages, and refusals that a correct key can get. */
  other: 60,
  /** Attempts with any outcome. */
  all: 300,
}

const pollMs = 100

export interface AttemptInput {
  accessKeyId: string
  address: string
  /** An attempt that has not ended after this time belongs to a process that no longer runs. */
  openSeconds: number
  /** How long the attempt may wait until there is room for it. */
  waitMs?: number | undefined
}

/** An attempt that may proceed. */
export interface Attempt {
  /** The key is correct: makes room for the next attempt before the rest of the sign-in is done. */
  proven(): Promise<void>
  /** With a correct key, a failure is not a guess and is recorded as `other`. */
  end(outcome: 'failed' | 'passed' | 'other'): Promise<void>
}

/**
 * Allows an attempt while the failures of its network plus the attempts in progress, which may still fail, are below the
 * limits. Waits for those in progress, so that many correct keys at the same time are all accepted, but parallel guesses are
 * not.
 * @returns `limited` = too many in the last `windowMinutes`; `busy` = no room in time
 */
export async function beginAttempt(
  db: Db,
  vault: Vault,
  { accessKeyId, address, openSeconds, waitMs = 15_000 }: AttemptInput,
): Promise<Attempt | 'limited' | 'busy'> {
  const network = networkOf(address)
  const keyFingerprint = vault.fingerprint(accessKeyId, 'signin-attempt')
  const of = { network, keyFingerprint, openSeconds }
  const until = performance.now() + waitMs

  // Counting has its own queue, so that attempts waiting for room do not delay it.
  const id = await queued(`count/${network}`, () =>
    alone(db, network, async (tx) => {
      const now = await counts(tx, of)
      if (now.all >= limits.all || isLimited(now)) return null
      // Waiting attempts count as well, or the queue could grow without limit.
      const [row] = await tx
        .insert(signinAttempt)
        .values({ keyFingerprint, network, state: 'waiting' })
        .returning({ id: signinAttempt.id })
      return row?.id ?? null
    }),
  )
  if (id === null) return 'limited'

  const turn = await queued(`turn/${network}`, async () => {
    for (;;) {
      const answer = await takeTurn(db, of, id)
      if (answer !== 'full' || performance.now() >= until) return answer
      await sleep(pollMs)
    }
  })
  if (turn !== 'go') return turn === 'full' ? 'busy' : 'limited'
  const become = async (state: SigninAttemptState) => {
    await db.update(signinAttempt).set({ state }).where(eq(signinAttempt.id, id))
  }
  let right = false
  return {
    proven() {
      right = true
      return become('proven')
    },
    end: (outcome) => become(right && outcome === 'failed' ? 'other' : outcome),
  }
}

/** Removes attempts that no longer count. */
export async function sweepAttempts(db: Db): Promise<void> {
  await db.delete(signinAttempt).where(or(lte(signinAttempt.at, windowStart), isAhead(signinAttempt.at)))
}

interface Of {
  network: string
  keyFingerprint: string
  openSeconds: number
}

type Counts = Awaited<ReturnType<typeof counts>>

function takeTurn(db: Db, of: Of, id: number): Promise<'go' | 'full' | 'limited'> {
  return alone(db, of.network, async (tx) => {
    const now = await counts(tx, of)
    if (isLimited(now)) return 'limited'
    const { failed, failedWithKey, checking, checkingWithKey, other, open } = now
    const full =
      failed + checking >= limits.failed ||
      failedWithKey + checkingWithKey >= limits.failedWithKey ||
      other + open >= limits.other
    if (full) return 'full'
    await tx
      .update(signinAttempt)
      .set({ state: 'checking', at: sql`clock_timestamp()` })
      .where(eq(signinAttempt.id, id))
    return 'go'
  })
}

function isLimited({ failed, failedWithKey, other }: Counts): boolean {
  return failed >= limits.failed || failedWithKey >= limits.failedWithKey || other >= limits.other
}

/** Counts within the window. Rows from the future, left by a clock that was set back, would lock for longer: they do not count. */
async function counts(tx: Db, { network, keyFingerprint, openSeconds }: Of) {
  const { state, at, keyFingerprint: key } = signinAttempt
  const fresh = sql`${at} > now() - make_interval(secs => ${openSeconds}::float8)`
  const where = (condition: ReturnType<typeof sql>) =>
    sql<number>`count(*) filter (where ${condition})`.mapWith(Number)
  const [row] = await tx
    .select({
      all: count(),
      failed: where(sql`${state} = 'failed'`),
      failedWithKey: where(sql`${state} = 'failed' and ${key} = ${keyFingerprint}`),
      checking: where(sql`${state} = 'checking' and ${fresh}`),
      checkingWithKey: where(sql`${state} = 'checking' and ${key} = ${keyFingerprint} and ${fresh}`),
      open: where(sql`${state} in ('checking', 'proven') and ${fresh}`),
      other: where(sql`${state} = 'other'`),
    })
    .from(signinAttempt)
    .where(and(eq(signinAttempt.network, network), gt(at, windowStart), not(isAhead(at))))
  if (!row) throw new Error('the count query returned no row')
  return row
}

/** Runs work one at a time per network, across all processes. */
function alone<T>(db: Db, network: string, work: (tx: Db) => Promise<T>): Promise<T> {
  return db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`sign-in/${network}`}, 0))`)
    return work(tx)
  })
}

/**
 * Queues in this process: only the first in a queue waits for the lock in the database. Otherwise each would hold a
 * connection while waiting, and one network could use them all up.
 */
const queues = new Map<string, Promise<unknown>>()

async function queued<T>(queue: string, work: () => Promise<T>): Promise<T> {
  const mine = (queues.get(queue) ?? Promise.resolve()).then(work)
  const settled = mine.catch(() => {})
  queues.set(queue, settled)
  try {
    return await mine
  } finally {
    if (queues.get(queue) === settled) queues.delete(queue)
  }
}

const windowStart = sql`now() - make_interval(mins => ${windowMinutes})`
