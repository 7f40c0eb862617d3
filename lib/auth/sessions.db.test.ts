import { randomBytes } from 'node:crypto'
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { createVault, session } from '@/lib/db'
import { openTestDatabase, type TestDatabase } from '@/lib/db/testing'
import { findSession, startSession } from './sessions'

// Far above what the tests take, for machines that do much else at the same time.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const vault = createVault(randomBytes(32))
const limits = { idleMinutes: 30 }
let database: TestDatabase

beforeAll(async () => {
  database = await openTestDatabase()
})

afterAll(() => database.close())

/** A session last seen so many seconds ago. */
async function sessionOf({ hours, idleSeconds }: { hours: number; idleSeconds: number }) {
  const { id, token } = await startSession(database.db, vault, {
    site: 'international',
    accountId: '5182640937715520',
    directoryId: null,
    operatorId: '2012345678901234',
    operatorName: 'wei.tan',
    arn: 'acs:ram::5182640937715520:user/wei.tan',
    method: 'access_key',
    roleArn: null,
    credentials: { accessKeyId: 'SANDBOX-INTL-ADMIN', accessKeySecret: 'secret' },
    address: '127.0.0.1',
    userAgent: '',
    endsAt: new Date(Date.now() + hours * 3_600_000),
  })
  await database.db
    .update(session)
    .set({ lastSeenAt: sql`now() - make_interval(secs => ${idleSeconds})` })
    .where(eq(session.id, id))
  return { find: (extend: boolean) => findSession(database.db, vault, token, limits, extend) }
}

/** The test itself takes time. */
const about = (seconds: number) => expect.closeTo(seconds, -1.5)

it('tells the seconds until it ends when nothing happens, and polling does not add any', async () => {
  const { find } = await sessionOf({ hours: 8, idleSeconds: 1500 })
  expect((await find(false))?.secondsLeft).toEqual({ idle: about(300), end: about(8 * 3600) })
  expect((await find(false))?.secondsLeft.idle).toEqual(about(300))
})

it('gives the whole idle time again to who does something, but does not move the end', async () => {
  const { find } = await sessionOf({ hours: 0.1, idleSeconds: 1500 })
  expect((await find(true))?.secondsLeft).toEqual({ idle: about(1800), end: about(360) })
  expect((await find(false))?.secondsLeft.idle).toEqual(about(1800))
})

it('is gone once it was idle too long', async () => {
  const { find } = await sessionOf({ hours: 8, idleSeconds: 1801 })
  expect(await find(true)).toBeNull()
})
