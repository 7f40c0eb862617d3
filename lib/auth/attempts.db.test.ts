import { randomBytes } from 'node:crypto'
import { eq, inArray, sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createVault, signinAttempt } from '@/lib/db'
import { openTestDatabase, type TestDatabase } from '@/lib/db/testing'
import { type Attempt, beginAttempt, sweepAttempts } from './attempts'
import { networkOf } from './network'

// Much longer than the tests take, for busy machines.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const vault = createVault(randomBytes(32))
let database: TestDatabase

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

async function begin(address: string, accessKeyId = 'LTAI-KEY', waitMs = 0) {
  return beginAttempt(database.db, vault, { accessKeyId, address, openSeconds: 60, waitMs })
}

async function begun(address: string, accessKeyId?: string): Promise<Attempt> {
  const attempt = await begin(address, accessKeyId)
  if (typeof attempt === 'string') throw new Error(attempt)
  return attempt
}

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::6', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['unknown', 'unknown'],
])('%s counts as %s', (address, network) => {
  expect(networkOf(address)).toBe(network)
})

test('an attempt waits for those in progress, since they may fail and use up the limit', async () => {
  const address = '192.0.2.10'
  const open = await Promise.all(Array.from({ length: 10 }, () => begun(address)))
  expect(await begin(address)).toBe('busy')
  const next = begin(address, undefined, 60_000)
  await vi.waitFor(async () => {
    const waiting = await database.db.select().from(signinAttempt).where(eq(signinAttempt.state, 'waiting'))
    expect(waiting).toHaveLength(2)
  })
  await open[0]?.proven()
  expect(await next).toHaveProperty('end')
  await Promise.all(open.slice(1).map((attempt) => attempt.end('failed')))
  // Nine have failed, and the one that waited is in progress.
  expect(await begin(address)).toBe('busy')
  const last = await next
  if (typeof last === 'string') throw new Error(last)
  await last.end('failed')
  expect(await begin(address)).toBe('limited')
  expect(await begin(address, 'LTAI-ANOTHER')).toHaveProperty('end')
})

test('attempts of a process that no longer runs are not in progress', async () => {
  const address = '192.0.2.11'
  await Promise.all(Array.from({ length: 10 }, () => begun(address)))
  await database.db
    .update(signinAttempt)
    .set({ at: sql`now() - interval '61 seconds'` })
    .where(eq(signinAttempt.network, address))
  expect(await begin(address)).toHaveProperty('end')
})

test('waiting attempts count toward the total, so that the queue cannot grow without limit', async () => {
  const address = '192.0.2.12'
  const row = { keyFingerprint: 'any', network: address, state: 'waiting' } as const
  await database.db.insert(signinAttempt).values(Array.from({ length: 299 }, () => row))
  await begun(address)
  expect(await begin(address)).toBe('limited')
})

test('after 15 minutes attempts no longer count and are removed', async () => {
  const address = '192.0.2.13'
  for (let guess = 0; guess < 10; guess++) await (await begun(address)).end('failed')
  expect(await begin(address)).toBe('limited')
  await database.db
    .update(signinAttempt)
    .set({ at: sql`at - interval '16 minutes'` })
    .where(eq(signinAttempt.network, address))
  await begun(address)
  await sweepAttempts(database.db)
  const left = await database.db.select().from(signinAttempt).where(eq(signinAttempt.network, address))
  expect(left).toHaveLength(1)
})

test('after the clock was set back no one is locked out for longer, and nothing counts again later', async () => {
  const [locked, busy] = ['192.0.2.14', '192.0.2.15']
  for (let guess = 0; guess < 10; guess++) await (await begun(locked)).end('failed')
  await Promise.all(Array.from({ length: 10 }, () => begun(busy)))
  expect([await begin(locked), await begin(busy)]).toEqual(['limited', 'busy'])
  const later = sql`at + interval '1 hour'`
  const ofBoth = inArray(signinAttempt.network, [locked, busy])
  await database.db.update(signinAttempt).set({ at: later }).where(ofBoth)
  for (const address of [locked, busy]) expect(await begin(address)).toHaveProperty('end')
  await sweepAttempts(database.db)
  expect(await database.db.select().from(signinAttempt).where(ofBoth)).toHaveLength(2)
})
