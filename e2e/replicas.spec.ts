import { sql } from 'drizzle-orm'
import type { Db } from '../lib/db/db.ts'
import { openDatabase } from '../lib/db/open.ts'
import { slotGapMs } from '../lib/db/pacer.ts'
import { createServerDatabase, MIGRATIONS_DIR } from '../lib/db/testing.ts'
import type { SandboxControl } from '../lib/sandbox/index.ts'
import { startSandbox } from '../lib/sandbox/index.ts'
import { type Caller, callerOf, expect, serverTest, signedInCaller, startConsole } from './console'
import { keyOfColleague } from './operators'

const sendOperation = 'SendVerificationCodeForBindSecureMobilePhone'
const bindOperation = 'BindSecureMobilePhone'
const phone = '65-91234567'

interface Replicas {
  cloud: SandboxControl
  db: Db
  /** An administrator at one replica, and a colleague at the other. */
  wei: Caller
  mei: Caller
}

const test = serverTest.extend<object, { replicas: Replicas }>({
  replicas: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures a fixture uses from this pattern
    async ({}, use) => {
      // Without the cloud's own limits: only the console keeps the rate here.
      const [database, emulator] = [
        await createServerDatabase(),
        await startSandbox({ port: 0, limits: false }),
      ]
      const settings = {
        DATABASE_URL: database.url,
        MUSTER_SECRET: Buffer.alloc(32, 7).toString('base64'),
        MUSTER_SANDBOX_URL: emulator.url,
        // Far longer than a busy machine takes to respond.
        MUSTER_CALL_DEADLINE_SECONDS: '15',
        MUSTER_SETTLE_SECONDS: '60',
      }
      const [first, second] = await Promise.all([startConsole(settings), startConsole(settings)])
      const { db, close } = await openDatabase({ url: database.url, migrationsDir: MIGRATIONS_DIR })
      const mei = await callerOf(second.origin)
      const key = await keyOfColleague(first.sandbox, 'mei.lin')
      expect((await mei.post('/api/session', key)).status()).toBe(200)
      const wei = await signedInCaller(first.origin, 'intl-admin')
      await use({ cloud: first.sandbox, db, wei, mei })
      await Promise.all([first.stop(), second.stop()])
      for (const one of [first, second]) one.removeData()
      await close()
      await emulator.close()
      await database.drop()
    },
    { scope: 'worker', timeout: 120_000 },
  ],
})

/** A timer may fire this much early; times of calls are whole milliseconds. */
const timerJitterMs = 3

interface Flow {
  step: string
  cooldownSeconds: number
  request: {
    id: string
    byYou: boolean
    operatorName: string
    secondsLeft: number
    attemptsLeft: number
    applyOperatorName: string | null
  }
}

async function newBinding({ cloud }: Replicas) {
  const [id = ''] = await cloud.addMembers('international', [{}])
  const path = `/api/members/${id}/phone`
  return {
    id,
    view: async (by: Caller): Promise<Flow> => (await by.get(path)).json(),
    // Not repeated: a caller held back for too long gets an error, and waits before the next call.
    send: (by: Caller) => by.request.post(`${path}/code`, { data: { phone } }),
    bind: (by: Caller, requestId: string, code: string) => by.post(path, { requestId, code }),
    callsOf: (operation: string) => cloud.calls({ operation, target: id }),
    async code(): Promise<string> {
      const [newest] = await cloud.messages({ accountId: id })
      if (!newest) throw new Error('no message')
      return newest.code
    },
  }
}

type Answer = Awaited<ReturnType<Caller['post']>>

async function codesOf(answers: Answer[]): Promise<string[]> {
  return Promise.all(
    answers.map(async (answer) => (answer.ok() ? 'done' : ((await answer.json()).error.code as string))),
  )
}

test('simultaneous sends and binds through both replicas result in one send and one bind', async ({
  replicas,
}) => {
  const { cloud, wei, mei } = replicas
  const binding = await newBinding(replicas)
  // Held briefly, so that the others arrive while it is in flight.
  const held = { fault: 'slow:700', match: { accountId: binding.id } }
  await cloud.arm({ operation: sendOperation, ...held })
  const sends = await Promise.all([wei, mei, wei, mei].map((by) => binding.send(by)))
  const sent = await codesOf(sends)
  expect(sent.filter((code) => code === 'done')).toHaveLength(1)
  for (const code of sent) expect(['done', 'send.in_progress', 'send.cooling_down']).toContain(code)
  expect(await binding.callsOf(sendOperation)).toHaveLength(1)

  const { request } = await binding.view(wei)
  const code = await binding.code()
  await cloud.arm({ operation: bindOperation, ...held })
  const binds = await Promise.all([wei, mei, wei, mei].map((by) => binding.bind(by, request.id, code)))
  const bound = await codesOf(binds)
  expect(bound.filter((one) => one === 'done')).toHaveLength(1)
  for (const one of bound) expect(['done', 'apply.in_progress', 'code.request_closed']).toContain(one)
  expect(await binding.callsOf(bindOperation)).toHaveLength(1)
  for (const by of [wei, mei]) expect((await binding.view(by)).step).toBe('done')
})

test('a colleague at the other replica sees the same countdowns, continues and binds', async ({
  replicas,
}) => {
  const { wei, mei } = replicas
  const binding = await newBinding(replicas)
  expect((await binding.send(wei)).status()).toBe(200)

  // Read one after the other, the values decrease: there is one clock, whichever replica is asked.
  const [before, theirs, after] = [await binding.view(wei), await binding.view(mei), await binding.view(wei)]
  for (const left of [(flow: Flow) => flow.cooldownSeconds, (flow: Flow) => flow.request.secondsLeft]) {
    expect(left(theirs)).toBeLessThanOrEqual(left(before))
    expect(left(theirs)).toBeGreaterThanOrEqual(left(after))
  }
  expect(theirs.cooldownSeconds).toBeLessThanOrEqual(60)
  expect(theirs.request.secondsLeft).toBeLessThanOrEqual(15 * 60)
  expect(theirs).toMatchObject({ step: 'code', request: { byYou: false, operatorName: 'wei.tan' } })
  expect(await codesOf([await binding.send(mei)])).toEqual(['send.cooling_down'])

  expect((await binding.bind(mei, theirs.request.id, await binding.code())).status()).toBe(200)
  const done = await binding.view(wei)
  expect(done).toMatchObject({
    step: 'done',
    request: { id: before.request.id, byYou: true, applyOperatorName: 'muster-operator/mei.lin' },
  })
  expect(await binding.callsOf(sendOperation)).toHaveLength(1)
  expect(await binding.callsOf(bindOperation)).toHaveLength(1)
})

test('simultaneous guesses through both replicas cannot exceed ten wrong codes', async ({ replicas }) => {
  const { wei, mei } = replicas
  const binding = await newBinding(replicas)
  await binding.send(wei)
  const { request } = await binding.view(wei)
  const right = await binding.code()
  const guesses = Array.from({ length: 12 }, (_, n) => String((Number(right) + 1 + n) % 1_000_000))
  const codes = new Set<string>()
  await expect(async () => {
    const answers = await Promise.all(
      guesses.map((guess, n) => binding.bind(n % 2 ? wei : mei, request.id, guess.padStart(6, '0'))),
    )
    const found = await codesOf(answers)
    for (const code of found) codes.add(code)
    expect(new Set(found)).toEqual(new Set(['code.no_attempts_left']))
  }).toPass({ timeout: 60_000, intervals: [0] })
  for (const code of codes) {
    expect(['apply.in_progress', 'cloud.busy', 'code.no_attempts_left', 'code.incorrect']).toContain(code)
  }
  const calls = await binding.callsOf(bindOperation)
  expect(calls.map(({ outcome }) => outcome)).toEqual(Array(10).fill('Invalid.VerificationCode'))
  // After that, not even the right one is sent.
  expect(await codesOf([await binding.bind(mei, request.id, right)])).toEqual(['code.no_attempts_left'])
  expect(await binding.callsOf(bindOperation)).toHaveLength(10)
})

/** How far the database's clock is ahead of ours, at most. */
async function databaseAheadMs(db: Db): Promise<number> {
  const askedMs = Date.now()
  const { rows } = await db.execute<{ ms: number }>(
    sql`select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms`,
  )
  return (rows[0]?.ms ?? 0) - askedMs
}

test('both replicas together keep the rate of one account, and no call reaches the cloud before its turn', async ({
  replicas,
}) => {
  const { cloud, db, wei, mei } = replicas
  const perSecond = 10
  const before = await cloud.calls({ operation: sendOperation })
  await db.execute(sql`create table turn (at timestamptz not null)`)
  await db.execute(sql`
    create function record_turn() returns trigger language plpgsql as $$
    begin
      if new.key like ${sql.raw(`'ResourceManager:${sendOperation}:%'`)} then insert into turn values (new.tat); end if;
      return null;
    end $$`)
  await db.execute(
    sql`create trigger turns after insert or update on rate for each row execute function record_turn()`,
  )

  const bindings = await Promise.all(Array.from({ length: 24 }, () => newBinding(replicas)))
  const answers = await Promise.all(bindings.map(({ send }, n) => send(n % 2 ? wei : mei)))
  // Calls that would wait for more than two seconds are refused.
  const codes = await codesOf(answers)
  for (const code of codes) expect(['done', 'cloud.busy']).toContain(code)

  const { rows } = await db.execute<{ ms: number }>(
    sql`select (extract(epoch from at) * 1000)::float8 as ms from turn order by at`,
  )
  const turns = rows.map(({ ms }) => ms)
  expect(turns.length).toBeGreaterThan(perSecond)
  for (const [n, ms] of turns.entries()) {
    const next = turns[n + 1]
    // The database stores microseconds, so a gap may be off by one.
    if (next !== undefined) expect(next - ms).toBeGreaterThanOrEqual(slotGapMs(perSecond) - 0.002)
    const afterLimit = turns[n + perSecond]
    if (afterLimit !== undefined) expect(afterLimit - ms).toBeGreaterThan(1000)
  }

  // Each call has its own turn and arrives no earlier; on a busy machine it arrives even later.
  const calls = await cloud.calls({ operation: sendOperation })
  const arrived = calls.slice(0, calls.length - before.length).map(({ time }) => Date.parse(time))
  expect(arrived).toHaveLength(codes.filter((code) => code === 'done').length)
  expect(arrived.length).toBeGreaterThan(0)
  const aheadMs = await databaseAheadMs(db)
  for (const [n, ms] of arrived.sort((a, b) => a - b).entries()) {
    expect(ms).toBeGreaterThanOrEqual((turns[n] ?? Number.POSITIVE_INFINITY) - aheadMs - timerJitterMs)
  }
})
