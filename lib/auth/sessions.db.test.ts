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

// Much longer than the tests take, for busy machines.
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

/** A session last seen `idleSeconds` ago. */
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

/** Tolerates the time that the test itself takes. */
const about = (seconds: number) => expect.closeTo(seconds, -1.5)

it('reports the seconds until it ends for inactivity, and polling does not extend it', async () => {
  const { find } = await sessionOf({ hours: 8, idleSeconds: 1500 })
  expect((await find(false))?.secondsLeft).toEqual({ idle: about(300), end: about(8 * 3600) })
  expect((await find(false))?.secondsLeft.idle).toEqual(about(300))
})

it('restarts the idle time with each action of a person, but does not move the end', async () => {
  const { find } = await sessionOf({ hours: 0.1, idleSeconds: 1500 })
  expect((await find(true))?.secondsLeft).toEqual({ idle: about(1800), end: about(360) })
  expect((await find(false))?.secondsLeft.idle).toEqual(about(1800))
})

it('ends after being idle for too long', async () => {
  const { find } = await sessionOf({ hours: 8, idleSeconds: 1801 })
  expect(await find(true)).toBeNull()
})

it('is idle no longer than allowed after the clock was set back, whether or not it is used again', async () => {
  const [seen, left] = [await sessionOf({ idleSeconds: -3600 }), await sessionOf({ idleSeconds: -3600 })]
  expect((await seen.find(true))?.secondsLeft.idle).toEqual(about(1800))
  await sweepSessions(database.db, limits)
  const rows = await database.db
    .select({ ahead: sql<boolean>`${session.lastSeenAt} > now() + interval '1 second'` })
    .from(session)
    .where(inArray(session.id, [seen.id, left.id]))
  expect(rows).toEqual([{ ahead: false }, { ahead: false }])
})

it('adopts the current directory of its account, which its operator must list again', async () => {
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
  // Adopting the same directory changes nothing.
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

it('ends for all operators of an account whose sessions are ended, and for no others', async () => {
  const ended = [await sessionOf({ accountId: ventures }), await sessionOf({ accountId: ventures })]
  const other = await sessionOf({})
  await endAccountSessions(database.db, ventures)
  for (const { find } of ended) expect(await find(false)).toBeNull()
  expect(await other.find(false)).toMatchObject({ accountId: harbour })
})

it('ends once its account may no longer sign in, and is then removed', async () => {
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
