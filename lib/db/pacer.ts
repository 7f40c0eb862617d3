import { performance } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import type { Db } from './db.ts'
import { storageBlock } from './storage.ts'

// A slot used later than this is given up for another one. Without it a stalled process would send all the
// slots it holds at once.
const LATENESS_MAX_MS = 20
// Nobody waits behind so many slots, nor is anybody kept away for so long: a slot further away was handed out by a clock
// that has gone back since.
const QUEUE_MAX = 1000
const HORIZON_MIN_MS = 60_000
// What the way to the other side may add: calls that leave evenly do not arrive quite so.
const ARRIVAL_JITTER_MS = 28

/** `busy`: the next slot is further away than the caller would wait, or too many were missed; none was taken. */
export type Pace = 'go' | 'busy'

export interface Pacer {
  /**
   * Waits for a slot of `key`, such as operation and cloud account. All processes on the database together
   * get at most `perSecond` slots in any sliding second. Make the call as soon as this answers `go`.
   * @param maxWaitMs for the slots of others
   * @param stalledMaxMs for all, where a process that stalls misses its slots; never less than `maxWaitMs`
   */
  pace(key: string, perSecond: number, maxWaitMs: number, stalledMaxMs?: number): Promise<Pace>
  /** Lets no slot of `key` fall into the coming seconds, at most a minute; for a limit that other programs use up as well. */
  pushBack(key: string, seconds: number): Promise<void>
}

/** Stand-ins for time, so that a test can be late on purpose, and a view on the slots. */
interface PacerOptions {
  nowMs?: () => number
  sleep?: (ms: number) => Promise<unknown>
  /** Called for each slot, with its time on the database's clock. */
  onSlot?: (slot: { atMs: number; used: boolean }) => void
}

/**
 * The distance between slots. The call after the last one allowed comes `perSecond` gaps after the first; it
 * must still be a second away if the first was late by as much as is let pass and they drew nearer on the way.
 */
export function slotGapMs(perSecond: number): number {
  return (1000 + LATENESS_MAX_MS + ARRIVAL_JITTER_MS) / perSecond
}

export function createPacer(db: Db, options: PacerOptions = {}): Pacer {
  const { nowMs = () => performance.now(), sleep = delay, onSlot } = options
  /** Used while the database takes no writes: reads of Alibaba Cloud go on, each process keeping the pace by itself. */
  const own = slotsInMemory(nowMs)
  // The quickest round trip so far. That much every slot is late alike, which changes no distance between
  // two; it is what comes on top that counts.
  let transitMs = Number.POSITIVE_INFINITY

  /** Asks for one slot; answers it with the moment it is due on this process's clock. */
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
        // Counted from the earliest moment the database can have meant, so a slow answer counts as late.
        const lateMs = nowMs() - slot.earliestMs - transitMs
        const used = lateMs <= LATENESS_MAX_MS
        onSlot?.({ atMs: slot.atMs, used })
        if (used) return 'go'
        if (nowMs() >= endsMs) return 'busy'
        // The next one is asked for far enough ahead for its answer to arrive in time.
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

  /** A first query opens a connection, which says nothing about the ones after it; the second one counts. */
  async function measureTransit(): Promise<void> {
    await db.execute(sql`select 1`)
    const askedMs = nowMs()
    await db.execute(sql`select 1`)
    transitMs = Math.min(transitMs, nowMs() - askedMs)
  }
}

/** Removes what says nothing any more: a slot that is past lets the next one be now, as no row does. */
export async function sweepSlots(db: Db): Promise<void> {
  await db.execute(sql`delete from rate where tat < clock_timestamp() - interval '1 minute'`)
}

/**
 * Takes the next slot in one statement: the row's lock orders the processes, and the database's clock is the
 * only clock. `rate.tat` is the slot handed out last. Answers nothing, and takes none, if it is too far away; what only a
 * clock that went back can have left begins anew.
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
