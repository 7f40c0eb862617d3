import { sql } from 'drizzle-orm'
import { getConstructionPlans, PgBoss } from 'pg-boss'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import type { Database } from '@/lib/db'
import { openTestDatabase, type TestDatabase } from '@/lib/db/testing'
import { createJobs, type Handlers } from './jobs'
import { backlogSize, type JobName } from './queues'

let database: TestDatabase
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const shutdowns: { begin(): void; done: Promise<void> }[] = []
afterEach(async () => {
  for (const { begin, done } of shutdowns.splice(0)) {
    begin()
    await done
  }
  await database.db.execute(sql`delete from pgboss.job`)
  await database.db.execute(sql`delete from pgboss.queue`)
})

/** A process that takes jobs; `ran` and `reported` list what happened in it. */
async function startProcess(
  change: Partial<Handlers> = {},
  { db, run }: Pick<Database, 'db' | 'run'> = database,
) {
  const ran: JobName[] = []
  const reported: unknown[] = []
  const shutdown = new AbortController()
  const underWay = new Set<Promise<unknown>>()
  const jobs = createJobs({
    ...{ db, run },
    work: {
      shutdown: shutdown.signal,
      underWay(work) {
        underWay.add(work)
        return work
      },
    },
    report: {
      problem: (problem, facts) => reported.push({ problem, ...facts }),
      failure: (step) => reported.push({ failure: step }),
    },
  })
  const begin = () => shutdown.abort()
  const done = new Promise<void>((resolve, reject) =>
    shutdown.signal.addEventListener('abort', () => jobs.stop().then(resolve, reject)),
  )
  shutdowns.push({ begin, done })
  await jobs.start({
    settleRequests: async () => void ran.push('settleRequests'),
    tidyUp: async () => void ran.push('tidyUp'),
    ...change,
  })
  return { jobs, ran, reported, begin, done, underWay }
}

const rowsOf = async (name: string) =>
  (
    await database.db.execute<{ state: string; output: string | null }>(
      sql`select state::text, output::text from pgboss.job where name = ${name} order by created_on`,
    )
  ).rows

test('the migration creates the schema that this version of pg-boss creates', async () => {
  const { db, run } = database
  await run(getConstructionPlans('fresh'))
  const catalog = async (schema: string) => {
    const { rows } = await db.execute<{ line: string }>(sql`
      select line from (
        select 'column ' || table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' '
          || coalesce(column_default, '') as line
        from information_schema.columns where table_schema = ${schema}
        union all
        select 'index ' || indexdef from pg_indexes where schemaname = ${schema}
        union all
        select 'constraint ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
        from pg_constraint where connamespace = ${schema}::regnamespace
        union all
        select 'function ' || pg_get_functiondef(oid) from pg_proc where pronamespace = ${schema}::regnamespace
        union all
        select 'label ' || enumlabel from pg_enum join pg_type on pg_type.oid = enumtypid
        where typnamespace = ${schema}::regnamespace
      ) as lines order by line`)
    return rows.map(({ line }) => line.replaceAll(schema, 'S').replace(/\s+/g, ' '))
  }
  const created = await catalog('pgboss')
  expect(created.length).toBeGreaterThan(100)
  expect(created.sort()).toEqual((await catalog('fresh')).sort())
  const versions = await db.execute(sql`select (select version from pgboss.version) as ours,
    (select version from fresh.version) as theirs`)
  expect(versions.rows[0]?.ours).toBe(versions.rows[0]?.theirs)
  await db.execute(sql`drop schema fresh cascade`)
})

test('a scheduled job runs at start-up, in one of several processes', async () => {
  const again = await database.openAgain()
  const [first, second] = await Promise.all([startProcess(), startProcess({}, again)])
  await vi.waitFor(async () => {
    for (const name of ['settleRequests', 'tidyUp'] as const) {
      const rows = await rowsOf(name)
      expect(rows.map(({ state }) => state)).toEqual(rows.map(() => 'completed'))
      // More than one only if a quarter of an hour begins meanwhile.
      expect([...first.ran, ...second.ran].filter((one) => one === name)).toHaveLength(rows.length)
    }
  }, 60_000)
  const states = await first.jobs.states()
  expect(states.map(({ name, state, waiting }) => ({ name, state, waiting }))).toEqual([
    { name: 'settleRequests', state: 'idle', waiting: 0 },
    { name: 'tidyUp', state: 'idle', waiting: 0 },
  ])
  expect(states.every(({ lastDoneAt }) => lastDoneAt !== null)).toBe(true)
  expect([...first.reported, ...second.reported]).toEqual([])
  for (const { begin, done } of shutdowns.splice(0)) {
    begin()
    await done
  }
  await again.close()
})

test('a job exists only if the transaction that sent it commits', async () => {
  const { jobs, ran } = await startProcess()
  await vi.waitFor(() => expect(ran).toContain('tidyUp'), 60_000)
  await vi.waitFor(async () => expect((await rowsOf('tidyUp')).at(-1)?.state).toBe('completed'), 60_000)
  const before = (await rowsOf('tidyUp')).length
  const refused = database.db.transaction(async (tx) => {
    await jobs.send(tx, 'tidyUp', null)
    throw new Error('rolled back')
  })
  await expect(refused).rejects.toThrow('rolled back')
  expect(await rowsOf('tidyUp')).toHaveLength(before)
  await database.db.transaction((tx) => jobs.send(tx, 'tidyUp', null))
  await vi.waitFor(() => expect(ran.filter((one) => one === 'tidyUp').length).toBeGreaterThan(before), 60_000)
})

test('the job of a process that was killed is taken over', async () => {
  const { ran, begin, done } = await startProcess()
  await vi.waitFor(() => expect(ran).toContain('tidyUp'), 60_000)
  begin()
  await done
  // What a process leaves behind that was killed a minute ago.
  await database.db.execute(sql`update pgboss.job set state = 'active', completed_on = null,
    started_on = now() - interval '1 minute', heartbeat_on = now() - interval '1 minute' where name = 'tidyUp'`)
  const survivor = await startProcess()
  await vi.waitFor(async () => {
    await database.db.execute(sql`update pgboss.job set start_after = now() where state = 'retry'`)
    expect(survivor.ran).toContain('tidyUp')
  }, 60_000)
  await vi.waitFor(async () => expect((await rowsOf('tidyUp'))[0]?.state).toBe('completed'), 60_000)
})

test('a job that always fails is repeated, then given up and reported; its error is not stored', async () => {
  const { jobs, reported } = await startProcess({
    tidyUp: () => Promise.reject(new Error('the secret of wei.tan')),
  })
  await vi.waitFor(
    async () => {
      await database.db.execute(sql`update pgboss.job set start_after = now() where state = 'retry'`)
      expect(reported).toContainEqual({ problem: 'given_up', job: 'tidyUp', attempts: 4 })
    },
    { timeout: 120_000, interval: 500 },
  )
  expect(
    reported.filter((one) => JSON.stringify(one) === '{"failure":"tidyUp"}').length,
  ).toBeGreaterThanOrEqual(4)
  expect((await jobs.states()).find(({ name }) => name === 'tidyUp')?.state).toBe('failed')
  const { rows } = await database.db.execute<{ all: string }>(
    sql`select string_agg(job::text, ' ') as all from pgboss.job`,
  )
  expect(rows[0]?.all).toContain('failed')
  expect(rows[0]?.all).not.toContain('wei.tan')
})

test('a queue that grows faster than it is worked off is reported', async () => {
  const { jobs, reported } = await startProcess()
  await database.db.execute(sql`insert into pgboss.job (name, policy, singleton_key, start_after)
    select 'tidyUp', 'exclusive', number::text, now() + interval '1 day'
    from generate_series(1, ${backlogSize + 1}) as number`)
  await vi.waitFor(
    () => expect(reported).toContainEqual({ problem: 'backlog', job: 'tidyUp', waiting: expect.any(Number) }),
    { timeout: 120_000, interval: 500 },
  )
  expect((await jobs.states()).find(({ name }) => name === 'tidyUp')).toMatchObject({ state: 'behind' })
})

test('a shutdown finishes the running job and takes no other', async () => {
  let finish = () => {}
  const running = new Promise<void>((resolve) => {
    finish = resolve
  })
  let began = 0
  const { begin, done, underWay } = await startProcess({
    tidyUp: () => {
      began += 1
      return running
    },
  })
  await vi.waitFor(() => expect(began).toBe(1), 60_000)
  expect(underWay.size).toBeGreaterThan(0)
  begin()
  finish()
  await done
  expect((await rowsOf('tidyUp')).map(({ state }) => state)).toContain('completed')
  const other = new PgBoss({
    db: { executeSql: database.run },
    schema: 'pgboss',
    migrate: false,
    supervise: false,
  })
  await other.start()
  await other.send('tidyUp', null)
  await other.stop({ close: false })
  expect(began).toBe(1)
})
