import { setTimeout as sleep } from 'node:timers/promises'
import { and, count, eq, gt, lte, not, or, sql } from 'drizzle-orm'
import { type Db, isAhead, type SigninAttemptState, signinAttempt, type Vault } from '@/lib/db'
import { networkOf } from './network'

export const windowMinutes = 15

/** Within the window, of one network. A key id alone never locks: whoever knows it could keep its owner out otherwise. */
const limits = {
  /** Wrong guesses with one key. */
  failedWithKey: 10,
  failed: 30,
  /** Outages, and refusals that a right key meets. */
  other: 60,
  /** Whatever their outcome. */
  all: 300,
}

const pollMs = 100

export interface AttemptInput {
  accessKeyId: string
  address: string
  /** After so long an attempt that has not ended belongs to a process that is gone. */
  openSeconds: number
  /** How long it may wait for room. */
  waitMs?: number | undefined
}

/** An attempt that may be made now. */
export interface Attempt {
  /** The key is right: makes room for the next guess before the rest of the sign-in is done. */
  proven(): Promise<void>
  /** Of a key that is right, no failure is a guess: it ends as `other`. */
  end(outcome: 'failed' | 'passed' | 'other'): Promise<void>
}

/**
 * Lets an attempt be made while the failures of its network, and the attempts under way that may become some, are below
 * the limits. Waits for attempts under way, so that many right keys at once all get in, and parallel guesses do not.
 * @returns `limited` = too many of the last minutes; `busy` = no room came free in time
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

  // In a line of its own: whoever waits for room must not keep others from being counted.
  const id = await inLine(`count/${network}`, () =>
    alone(db, network, async (tx) => {
      const now = await counts(tx, of)
      if (now.all >= limits.all || isLimited(now)) return null
      // Those that wait count, too, or the line could grow without end.
      const [row] = await tx
        .insert(signinAttempt)
        .values({ keyFingerprint, network, state: 'waiting' })
        .returning({ id: signinAttempt.id })
      return row?.id ?? null
    }),
  )
  if (id === null) return 'limited'

  const turn = await inLine(`turn/${network}`, async () => {
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

/** Removes attempts that count no longer. */
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

/** Of the window. What a clock that went back has left in the future would lock for longer than that. */
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
  if (!row) throw new Error('a count has a row')
  return row
}

/** One at a time for each network, over all processes. */
function alone<T>(db: Db, network: string, work: (tx: Db) => Promise<T>): Promise<T> {
  return db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`sign-in/${network}`}, 0))`)
    return work(tx)
  })
}

/**
 * Who waits in this process: only the first of a network asks the database. Each that waits there for the lock would hold a
 * connection, and one network could take them all.
 */
const lines = new Map<string, Promise<unknown>>()

async function inLine<T>(line: string, work: () => Promise<T>): Promise<T> {
  const mine = (lines.get(line) ?? Promise.resolve()).then(work)
  const settled = mine.catch(() => {})
  lines.set(line, settled)
  try {
    return await mine
  } finally {
    if (lines.get(line) === settled) lines.delete(line)
  }
}

const windowStart = sql`now() - make_interval(mins => ${windowMinutes})`
