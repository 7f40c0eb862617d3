import { performance } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import type { Db } from './db.ts'
import { storageBlock } from './storage.ts'

// A slot reached later than this is skipped and another one taken. Otherwise a process that stalled would use all its
// slots at once.
const LATENESS_MAX_MS = 20
// No queue is this long and no push-back lasts this long: a slot further away means that the clock was set back after
// it was handed out.
const QUEUE_MAX = 1000
const HORIZON_MIN_MS = 60_000
// Network jitter: calls that are sent evenly do not arrive quite as evenly.
const ARRIVAL_JITTER_MS = 28

/**
 * `busy`: the next slot is further away than the caller may wait (then none is taken), or this process missed its slots
 * until its time was up.
 */
export type Pace = 'go' | 'busy'

export interface Pacer {
  /**
   * Waits for a slot of `key`, such as operation and cloud account. All processes on the database together get at most
   * `perSecond` slots in any sliding second. Make the call as soon as this returns `go`.
   * @param maxWaitMs maximum wait behind the slots of others
   * @param stalledMaxMs maximum total wait if this process stalls and misses its slots; not less than `maxWaitMs`
   */
  pace(key: string, perSecond: number, maxWaitMs: number, stalledMaxMs?: number): Promise<Pace>
  /** Hands out no slot of `key` for this many seconds, at most a minute. For limits shared with other programs. */
  pushBack(key: string, seconds: number): Promise<void>
}

/** For tests: replaceable clock and sleep, and a callback to observe the slots. */
interface PacerOptions {
  nowMs?: () => number
  sleep?: (ms: number) => Promise<unknown>
  /** Called for each slot, with its time by the database's clock. */
  onSlot?: (slot: { atMs: number; used: boolean }) => void
}

/**
 * The distance between slots. The first call over the limit comes `perSecond` gaps after the first call; the two must
 * still be a second apart if the first was as late as is tolerated and network jitter brought them closer together.
 */
export function slotGapMs(perSecond: number): number {
  return (1000 + LATENESS_MAX_MS + ARRIVAL_JITTER_MS) / perSecond
}

export function createPacer(db: Db, options: PacerOptions = {}): Pacer {
  const { nowMs = () => performance.now(), sleep = delay, onSlot } = options
  /** Used while the database is read-only: Alibaba Cloud can still be read, with each process pacing itself. */
  const own = slotsInMemory(nowMs)
  // The shortest round trip so far. Every slot is late by that much, which does not change the distance between two
  // slots; only the delay beyond it counts.
  let transitMs = Number.POSITIVE_INFINITY

  /** Requests one slot and converts its due time to this process's clock. */
  async function take(key: string, gapMs: number, leadMs: number, maxWaitMs: number) {
    const askedMs = nowMs()
    try {
      const slot = await takeSlot(db, key, gapMs, leadMs, maxWaitMs)
      const answeredMs = nowMs()
      transitMs = Math.min(transitMs, answeredMs - askedMs)
      return slot && { ...slot, earliestMs: askedMs + slot.waitMs, latestMs: answeredMs + slot.waitMs }
    } catch (error) {
      if (!storageBlock(error)) throw error
      const atMs = own.take(key, gapMs, leadMs, maxWaitMs)
      return atMs === undefined ? undefined : { atMs, earliestMs: atMs, latestMs: atMs }
    }
  }

  return {
    async pace(key, perSecond, maxWaitMs, stalledMaxMs = maxWaitMs) {
      const endsMs = nowMs() + stalledMaxMs
      let leadMs = 0
      if (transitMs === Number.POSITIVE_INFINITY) await measureTransit()
      for (;;) {
        const remainingMs = Math.min(maxWaitMs, Math.max(0, endsMs - nowMs()))
        const slot = await take(key, slotGapMs(perSecond), Math.min(leadMs, remainingMs), remainingMs)
        if (!slot) return 'busy'
        await sleep(Math.max(0, slot.latestMs - nowMs()))
        // Measured from the earliest possible due time, so a slow response counts as late.
        const lateMs = nowMs() - slot.earliestMs - transitMs
        const used = lateMs <= LATENESS_MAX_MS
        onSlot?.({ atMs: slot.atMs, used })
        if (used) return 'go'
        if (nowMs() >= endsMs) return 'busy'
        // Request the next slot far enough ahead for the response to arrive in time.
        leadMs = Math.min(lateMs, 1000)
      }
    },
    async pushBack(key, seconds) {
      const until = sql`clock_timestamp() + make_interval(secs => ${seconds}::float8)`
      try {
        await db.execute(sql`
          insert into rate as r (key, tat) values (${key}, ${until})
          on conflict (key) do update set tat = greatest(r.tat, ${until})`)
      } catch (error) {
        if (!storageBlock(error)) throw error
        own.pushBack(key, seconds)
      }
    },
  }

  /** The first query may open a connection, so only the second is measured. */
  async function measureTransit(): Promise<void> {
    await db.execute(sql`select 1`)
    const askedMs = nowMs()
    await db.execute(sql`select 1`)
    transitMs = Math.min(transitMs, nowMs() - askedMs)
  }
}

/** Removes rows of past slots: without a row, the next slot is now as well. */
export async function sweepSlots(db: Db): Promise<void> {
  await db.execute(sql`delete from rate where tat < clock_timestamp() - interval '1 minute'`)
}

/**
 * Takes the next slot in one statement: the row lock orders the processes, and only the database's clock counts.
 * `rate.tat` is the slot handed out last. Returns undefined and takes no slot if the next one is too far away. A `tat`
 * beyond the horizon was left by a clock that has been set back, and is ignored.
 */
async function takeSlot(db: Db, key: string, gapMs: number, leadMs: number, maxWaitMs: number) {
  const inMs = (ms: number) => sql`make_interval(secs => ${ms / 1000}::float8)`
  const soonest = sql`clock_timestamp() + ${inMs(leadMs)}`
  const horizon = sql`clock_timestamp() + ${inMs(Math.max(HORIZON_MIN_MS, QUEUE_MAX * gapMs))}`
  const next = sql`case when r.tat > ${horizon} then ${soonest} else greatest(r.tat + ${inMs(gapMs)}, ${soonest}) end`
  const { rows } = await db.execute<{ at_ms: number; wait_ms: number }>(sql`
    insert into rate as r (key, tat) values (${key}, ${soonest})
    on conflict (key) do update set tat = ${next}
      where ${next} <= clock_timestamp() + ${inMs(maxWaitMs)}
    returning (extract(epoch from tat) * 1000)::float8 as at_ms,
      (extract(epoch from tat - clock_timestamp()) * 1000)::float8 as wait_ms`)
  const [slot] = rows
  return slot && { atMs: slot.at_ms, waitMs: slot.wait_ms }
}

/** The same rules as `takeSlot`. */
function slotsInMemory(nowMs: () => number) {
  const lastAtMs = new Map<string, number>()
  return {
    take(key: string, gapMs: number, leadMs: number, maxWaitMs: number): number | undefined {
      const now = nowMs()
      const last = lastAtMs.get(key)
      const atMs = Math.max(now + leadMs, last === undefined ? 0 : last + gapMs)
      if (last !== undefined && atMs > now + maxWaitMs) return undefined
      lastAtMs.set(key, atMs)
      return atMs
    },
    pushBack(key: string, seconds: number): void {
      lastAtMs.set(key, Math.max(lastAtMs.get(key) ?? 0, nowMs() + seconds * 1000))
    },
  }
}
