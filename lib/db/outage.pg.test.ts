import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { isStorageAway } from './away.ts'
import { openPostgres } from './postgres.ts'
import { createServerDatabase, MIGRATIONS_DIR } from './testing.ts'
import { type Outage, type ServerProxy, startProxy } from './testing-proxy.ts'

/** Required: the console works again within this time after the server returns. */
const worksAgainWithinMs = 10_000
const poolSize = 10

const outages: Record<string, Outage> = {
  'closes its connections and refuses new ones': { open: 'close', fresh: 'refuse' },
  'resets every connection': { open: 'reset', fresh: 'reset' },
  'drops all packets and refuses new connections': { open: 'swallow', fresh: 'refuse' },
  'drops all packets, also of new connections': { open: 'swallow', fresh: 'swallow' },
}

let server: Awaited<ReturnType<typeof createServerDatabase>>
let proxy: ServerProxy
let opened: Awaited<ReturnType<typeof openPostgres>>

beforeEach(async () => {
  server = await createServerDatabase()
  proxy = await startProxy(server.url)
  opened = await openPostgres(proxy.url, MIGRATIONS_DIR)
})
afterEach(async () => {
  await opened.close()
  proxy.close()
  await server.drop()
})

const ask = () => opened.db.execute(sql`select 1`)
const change = (during: () => Promise<unknown> = async () => {}) =>
  opened.db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(1)`)
    await during()
    await tx.execute(sql`select 1`)
  })
function signal() {
  let resolve = () => {}
  const promise = new Promise<void>((given) => {
    resolve = given
  })
  return { promise, resolve: () => resolve() }
}

/** More than the pool has clients. */
const everything = () => Promise.all(Array.from({ length: poolSize }, () => [change(), ask()]).flat())

async function failures(work: Promise<unknown>[]): Promise<unknown[]> {
  const results = await Promise.allSettled(work)
  return results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []))
}

async function expectBack(): Promise<void> {
  const from = performance.now()
  for (;;) {
    const failed = await everything().then(
      () => null,
      (error: unknown) => error,
    )
    if (!failed) break
    expect(isStorageAway(failed)).toBe(true)
    expect(performance.now() - from).toBeLessThan(worksAgainWithinMs)
  }
  expect(performance.now() - from).toBeLessThan(worksAgainWithinMs)
  await expect.poll(lent, { timeout: worksAgainWithinMs }).toEqual({ waiting: 0, lent: 0, tooMany: false })
}

function lent() {
  const { total, idle, waiting } = opened.clients()
  return { waiting, lent: total - idle, tooMany: total > poolSize }
}

describe.each(Object.entries(outages))('a server that %s', (_, outage) => {
  test('during transactions and queries fails only those', async () => {
    await everything()
    const began = signal()
    const held = signal()
    const holder = change(async () => {
      began.resolve()
      await held.promise
    })
    await began.promise
    const others = [...Array.from({ length: 20 }, () => change()), ...Array.from({ length: 20 }, ask)]
    proxy.away(outage)
    held.resolve()
    const failed = await failures([holder, ...others])
    expect(failed.length).toBeGreaterThan(0)
    expect(failed.filter((error) => !isStorageAway(error))).toEqual([])
    await proxy.back()
    await expectBack()
  })

  test('while all clients are idle loses no client', async () => {
    await everything()
    expect(opened.clients().idle).toBe(poolSize)
    proxy.away(outage)
    // As many transactions as clients, each on a dead one.
    const failed = await failures(Array.from({ length: poolSize }, () => change()))
    expect(failed).toHaveLength(poolSize)
    expect(failed.filter((error) => !isStorageAway(error))).toEqual([])
    await proxy.back()
    await expectBack()
  })

  test('and returns before the next query', async () => {
    await everything()
    proxy.away(outage)
    await proxy.back()
    await expectBack()
  })
})

test('a statement refused by PostgreSQL is not an outage, and its client stays', async () => {
  await everything()
  const before = opened.clients().total
  const refused = await opened.db.transaction((tx) => tx.execute(sql`select 1 / 0`)).catch((error) => error)
  expect(refused).toBeInstanceOf(Error)
  expect(isStorageAway(refused)).toBe(false)
  expect(opened.clients()).toEqual({ total: before, idle: before, waiting: 0 })
})

test('a value that cannot be sent is not an outage, and its client stays', async () => {
  const circle: { self?: unknown } = {}
  circle.self = circle
  const failure = await opened.db.execute(sql`select ${circle}::jsonb`).catch((error: unknown) => error)
  expect(isStorageAway(failure)).toBe(false)
  expect(opened.clients()).toEqual({ total: 1, idle: 1, waiting: 0 })
  await ask()
  expect(opened.clients()).toEqual({ total: 1, idle: 1, waiting: 0 })
})

test('an error thrown inside a transaction is passed on unchanged and rolls it back', async () => {
  await ask()
  await expect(
    opened.db.transaction(async (tx) => {
      await tx.execute(sql`insert into setting (key, value) values ('kept', 'no')`)
      await expect(
        tx.transaction(async (inner) => {
          await inner.execute(sql`insert into setting (key, value) values ('kept', 'twice')`)
        }),
      ).rejects.toThrow()
      throw new Error('on purpose')
    }),
  ).rejects.toThrow('on purpose')
  const { rows } = await opened.db.execute(sql`select 1 from setting where key = 'kept'`)
  expect(rows).toEqual([])
})

test('waiting for a client times out after a few seconds', async () => {
  const held = signal()
  // Each sends a query now and then: the server ends a transaction that is idle for too long.
  const holders = Array.from({ length: poolSize }, () =>
    opened.db.transaction(async (tx) => {
      for (let open = true; open; ) {
        await tx.execute(sql`select 1`)
        open = await Promise.race([
          held.promise.then(() => false),
          new Promise<boolean>((r) => setTimeout(r, 200, true)),
        ])
      }
    }),
  )
  const waiting = await ask().catch((error: unknown) => error)
  expect(isStorageAway(waiting)).toBe(true)
  held.resolve()
  await Promise.all(holders)
  await expectBack()
})
