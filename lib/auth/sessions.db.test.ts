import { randomBytes } from 'node:crypto'
import { eq, inArray, sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { createVault, session } from '@/lib/db'
import { openTestDatabase, type TestDatabase } from '@/lib/db/testing'
import {
  adoptDirectory,
  endAccountSessions,
  findSession,
  rememberMayList,
  startSession,
  sweepSessions,
} from './sessions'

// Far above what the tests take, for machines that do much else at the same time.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const vault = createVault(randomBytes(32))
const limits = { idleMinutes: 30, accounts: null }
let database: TestDatabase

beforeAll(async () => {
  database = await openTestDatabase()
})

afterAll(() => database.close())

const harbour = '5182640937715520'
const ventures = '5930174486201845'

/** A session last seen so many seconds ago. */
async function sessionOf({
  hours = 8,
  idleSeconds = 0,
  accountId = harbour,
  directoryId = null,
}: {
  hours?: number
  idleSeconds?: number
  accountId?: string
  directoryId?: string | null
}) {
  const { id, token } = await startSession(database.db, vault, {
    site: 'international',
    accountId,
    directoryId,
    operatorId: '2012345678901234',
    operatorName: 'wei.tan',
    arn: 'acs:ram::5182640937715520:user/wei.tan',
    userArn: 'acs:ram::5182640937715520:user/wei.tan',
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
  return { id, find: (extend: boolean) => findSession(database.db, vault, token, limits, extend) }
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

it('after the clock went back is idle no longer than allowed, whether or not somebody comes again', async () => {
  const [seen, left] = [await sessionOf({ idleSeconds: -3600 }), await sessionOf({ idleSeconds: -3600 })]
  expect((await seen.find(true))?.secondsLeft.idle).toEqual(about(1800))
  await sweepSessions(database.db, limits)
  const rows = await database.db
    .select({ ahead: sql<boolean>`${session.lastSeenAt} > now() + interval '1 second'` })
    .from(session)
    .where(inArray(session.id, [seen.id, left.id]))
  expect(rows).toEqual([{ ahead: false }, { ahead: false }])
})

it('takes on the directory its account has now, which its operator must list anew', async () => {
  const first = await sessionOf({ accountId: ventures })
  const second = await sessionOf({ accountId: ventures })
  const other = await sessionOf({ directoryId: 'rd-Hb7kQ2' })
  await rememberMayList(database.db, first.id)
  await rememberMayList(database.db, other.id)
  const facts = async () =>
    Promise.all(
      [first, second, other].map(async ({ find }) => {
        const found = await find(false)
        return [found?.directoryId, found?.mayList]
      }),
    )

  await adoptDirectory(database.db, ventures, 'rd-Vn2mK8')
  expect(await facts()).toEqual([
    ['rd-Vn2mK8', false],
    ['rd-Vn2mK8', false],
    ['rd-Hb7kQ2', true],
  ])
  // Told what it knows already, it stays as it is.
  await rememberMayList(database.db, first.id)
  await adoptDirectory(database.db, ventures, 'rd-Vn2mK8')
  expect((await facts())[0]).toEqual(['rd-Vn2mK8', true])
  await adoptDirectory(database.db, ventures, null)
  expect(await facts()).toEqual([
    [null, false],
    [null, false],
    ['rd-Hb7kQ2', true],
  ])
})

it('is over for everybody of an account whose sessions are ended, and for nobody else', async () => {
  const ended = [await sessionOf({ accountId: ventures }), await sessionOf({ accountId: ventures })]
  const other = await sessionOf({})
  await endAccountSessions(database.db, ventures)
  for (const { find } of ended) expect(await find(false)).toBeNull()
  expect(await other.find(false)).toMatchObject({ accountId: harbour })
})

it('is over once its account may not sign in any more, and is then removed', async () => {
  const only = (...accounts: string[]) => ({ ...limits, accounts })
  const { id, token } = await startSession(database.db, vault, {
    site: 'international',
    accountId: '1999999999999999',
    directoryId: null,
    operatorId: '2012345678901299',
    operatorName: 'nobody',
    arn: 'acs:ram::1999999999999999:user/nobody',
    userArn: null,
    method: 'access_key',
    roleArn: null,
    credentials: { accessKeyId: 'SANDBOX-X', accessKeySecret: 'secret' },
    address: '127.0.0.1',
    userAgent: '',
    endsAt: new Date(Date.now() + 3_600_000),
  })
  const find = (accounts: typeof limits | ReturnType<typeof only>) =>
    findSession(database.db, vault, token, accounts, false)
  expect(await find(limits)).not.toBeNull()
  expect(await find(only(harbour, '1999999999999999'))).not.toBeNull()
  expect(await find(only(harbour))).toBeNull()
  await sweepSessions(database.db, only(harbour, '1999999999999999'))
  expect(await find(limits)).not.toBeNull()
  await sweepSessions(database.db, only(harbour))
  expect(await database.db.select().from(session).where(eq(session.id, id))).toEqual([])
})
