import { performance } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import { eq, type SQL, sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Database } from './index.ts'
import { createPacer, slotGapMs, sweepSlots } from './pacer.ts'
import { rate } from './schema/console.ts'
import { openTestDatabase, type TestDatabase } from './testing.ts'

// How late a slot may be used; the vendor's limit must hold even then.
const LATENESS_MAX_MS = 20

// Generous, for busy machines.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

let first: TestDatabase
let second: Database
beforeAll(async () => {
  first = await openTestDatabase()
  second = await first.openAgain()
})
afterAll(async () => {
  await second.close()
  await first.close()
})

/** A process that is never late, so that only the database decides. */
const punctual = { nowMs: () => 0, sleep: async () => {} }

async function latestSlot(key: string) {
  const [row] = await first.db.select({ tat: sql<string>`tat::text` }).from(rate).where(eq(rate.key, key))
  return row?.tat
}

test('the gap keeps any sliding second under the limit, even when a slot is late', () => {
  expect(slotGapMs(20)).toBeCloseTo(52.4)
  for (const perSecond of [1, 5, 10, 20, 45, 50, 100]) {
    expect(perSecond * slotGapMs(perSecond) - LATENESS_MAX_MS).toBeGreaterThan(1000)
  }
})

test('two pacers at once never use more slots than the limit in any sliding second', async () => {
  const perSecond = 50
  const usedMs: number[] = []
  let gone = 0
  const onSlot = ({ atMs, used }: { atMs: number; used: boolean }) => {
    if (used) usedMs.push(atMs)
  }
  const pacers = [createPacer(first.db, { onSlot }), createPacer(second.db, { onSlot })]
  const calls = pacers.flatMap((pacer) => Array.from({ length: 3 }, () => pacer))
  await Promise.all(
    calls.map(async (pacer) => {
      for (let n = 0; n < 12; n += 1) {
        if ((await pacer.pace('two', perSecond, 60_000)) === 'go') gone += 1
      }
    }),
  )
  expect(gone).toBe(72)
  expect(usedMs).toHaveLength(72)
  usedMs.sort((a, b) => a - b)
  for (const [n, atMs] of usedMs.entries()) {
    const next = usedMs[n + 1]
    // The database keeps microseconds, so a gap may be rounded by one.
    if (next !== undefined) expect(next - atMs).toBeGreaterThanOrEqual(slotGapMs(perSecond) - 0.002)
    const afterLimit = usedMs[n + perSecond]
    if (afterLimit !== undefined) expect(afterLimit - atMs - LATENESS_MAX_MS).toBeGreaterThan(1000)
  }
})

test.each([10, 20, 50])(
  'two pacers with calls always waiting reach at least 95 % of %i per second',
  async (perSecond) => {
    const key = `pace of ${perSecond}`
    const usedMs: number[] = []
    // The key is pushed back first, so that even on a slow machine all calls are queued before the first slot is due.
    const onSlot = ({ atMs, used }: { atMs: number; used: boolean }) => {
      if (used) usedMs.push(atMs)
    }
    const pacers = [
      createPacer(first.db, { ...punctual, onSlot }),
      createPacer(second.db, { ...punctual, onSlot }),
    ]
    await createPacer(first.db, punctual).pushBack(key, 50)
    const calls = Array.from({ length: perSecond * 3 + 1 }, (_, n) => pacers[n % 2])
    await Promise.all(calls.map((pacer) => pacer?.pace(key, perSecond, 3_600_000)))
    usedMs.sort((a, b) => a - b)
    expect(usedMs).toHaveLength(calls.length)
    const [firstMs = 0, lastMs = 0] = [usedMs[0], usedMs.at(-1)]
    const reached = ((usedMs.length - 1) * 1000) / (lastMs - firstMs)
    expect(reached).toBeGreaterThanOrEqual(0.95 * perSecond)
    for (const [n, atMs] of usedMs.entries()) {
      const afterLimit = usedMs[n + perSecond]
      if (afterLimit !== undefined) expect(afterLimit - atMs).toBeGreaterThan(1000)
    }
  },
)

test('a wait that would be too long is busy at once and takes no slot', async () => {
  const pacer = createPacer(first.db, punctual)
  expect(await pacer.pace('busy', 0.01, 200_000)).toBe('go')
  const taken = await latestSlot('busy')
  expect(await pacer.pace('busy', 0.01, 0)).toBe('busy')
  expect(await pacer.pace('busy', 0.01, 60_000)).toBe('busy')
  expect(await latestSlot('busy')).toBe(taken)
  expect(await pacer.pace('busy', 0.01, 500_000)).toBe('go')
  expect(await latestSlot('busy')).not.toBe(taken)
})

test('keys do not wait for each other', async () => {
  const pacer = createPacer(first.db, punctual)
  await pacer.pushBack('one account', 50)
  expect(await pacer.pace('another account', 20, 30_000)).toBe('go')
  expect(await pacer.pace('one account', 20, 30_000)).toBe('busy')
})

test('a slot reached too late is skipped and another one taken', async () => {
  let skewMs = 0
  let stalls = 1
  const slots: boolean[] = []
  const pacer = createPacer(first.db, {
    nowMs: () => performance.now() + skewMs,
    sleep: async (ms) => {
      await delay(ms)
      // As if the process had stalled for longer than the tolerance.
      if (stalls > 0) skewMs += 100
      stalls -= 1
    },
    onSlot: ({ used }) => slots.push(used),
  })
  expect(await pacer.pace('late', 20, 60_000)).toBe('go')
  expect(slots[0]).toBe(false)
  expect(slots.at(-1)).toBe(true)
  expect(slots.filter(Boolean)).toHaveLength(1)
})

test('a caller whose slot was late and whose time is up gets busy', async () => {
  let skewMs = 0
  const pacer = createPacer(first.db, {
    nowMs: () => skewMs,
    sleep: async () => {
      skewMs += 100
    },
  })
  expect(await pacer.pace('over', 20, 50)).toBe('busy')
})

test('a process that stalls may wait longer, but not longer behind the slots of others', async () => {
  let nowMs = 0
  let stalls = 1
  const pacer = createPacer(first.db, {
    nowMs: () => nowMs,
    sleep: async () => {
      if (stalls > 0) nowMs += 3000
      stalls -= 1
    },
  })
  expect(await pacer.pace('stalled', 20, 2000, 10_000)).toBe('go')
  expect(await pacer.pace('queued', 0.2, 2000, 10_000)).toBe('go')
  expect(await pacer.pace('queued', 0.2, 2000, 10_000)).toBe('busy')
  stalls = 99
  expect(await pacer.pace('stalled', 20, 2000, 10_000)).toBe('busy')
  expect(nowMs).toBeLessThan(20_000)
})

test('a push-back lasts that long for all processes, and never moves a slot closer', async () => {
  const here = createPacer(first.db, punctual)
  const there = createPacer(second.db, punctual)
  await here.pushBack('pushed', 50)
  const until = await latestSlot('pushed')
  await there.pushBack('pushed', 1)
  expect(await latestSlot('pushed')).toBe(until)
  expect(await there.pace('pushed', 20, 2000)).toBe('busy')
  expect(await there.pace('pushed', 20, 700_000)).toBe('go')
})

test('past slots are removed, future ones still block', async () => {
  const pacer = createPacer(first.db, punctual)
  await pacer.pace('past', 20, 2000)
  await pacer.pushBack('throttled', 600)
  await first.db.execute(sql`update rate set tat = tat - interval '2 minutes'`)
  const until = await latestSlot('throttled')
  await sweepSlots(first.db)
  expect([await latestSlot('past'), await latestSlot('throttled')]).toEqual([undefined, until])
  expect(await pacer.pace('past', 20, 2000)).toBe('go')
})

test('a clock set back by an hour delays no one', async () => {
  const pacer = createPacer(first.db, punctual)
  for (const [key, ahead] of [
    ['an hour', '1 hour'],
    ['a year', '1 year'],
  ] as const) {
    expect(await pacer.pace(key, 20, 2000)).toBe('go')
    await first.db.execute(sql`update rate set tat = tat + ${ahead}::interval where key = ${key}`)
    expect(await pacer.pace(key, 20, 2000)).toBe('go')
    // After that, the gap applies again.
    expect(await pacer.pace(key, 0.01, 0)).toBe('busy')
  }
})

test('a queue of the maximum length is not mistaken for a clock that was set back', async () => {
  const pacer = createPacer(first.db, punctual)
  expect(await pacer.pace('queue', 1, 30_000)).toBe('go')
  await first.db.execute(
    sql`update rate set tat = clock_timestamp() + interval '15 minutes' where key = 'queue'`,
  )
  expect(await pacer.pace('queue', 1, 60_000)).toBe('busy')
})

test('slots are stored in an unlogged table', async () => {
  const { rows } = await first.db.execute(
    sql`select relpersistence::text as kind from pg_class where relname = 'rate'`,
  )
  expect(rows).toEqual([{ kind: 'u' }])
})

test('while the database is read-only, the process paces itself', async () => {
  const rollback = new Error('rollback')
  const slots: number[] = []
  let nowMs = 1000
  const sleep = async (ms: number) => {
    nowMs += ms
  }
  const work = first.db.transaction(async (tx) => {
    await tx.execute(sql`set transaction read only`)
    // A refused statement would end the transaction, so each runs in a nested one.
    const db = {
      execute: (query: SQL) => tx.transaction((inner) => inner.execute(query)),
    } as unknown as Database['db']
    const pacer = createPacer(db, { nowMs: () => nowMs, sleep, onSlot: ({ atMs }) => slots.push(atMs) })
    for (let n = 0; n < 4; n += 1) expect(await pacer.pace('own', 20, 1000)).toBe('go')
    expect(await pacer.pace('own', 20, 10)).toBe('busy')
    await pacer.pushBack('own', 2)
    const pausedAt = nowMs
    expect(await pacer.pace('own', 20, 5000)).toBe('go')
    expect(slots.at(-1)).toBeGreaterThanOrEqual(pausedAt + 2000)
    throw rollback
  })
  await expect(work).rejects.toBe(rollback)
  const gaps = slots.slice(1, 4).map((at, n) => at - (slots[n] ?? 0))
  for (const gap of gaps) expect(gap).toBeCloseTo(slotGapMs(20))
})
