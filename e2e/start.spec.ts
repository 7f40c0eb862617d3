import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import path from 'node:path'
import { Client } from 'pg'
import { openDatabase } from '../lib/db/index.ts'
import { MIGRATIONS_DIR, withMigrations } from '../lib/db/testing.ts'
import { reply, serverPassword, serverThatSays } from '../lib/db/testing-server.ts'
import { expect, freePort, signedInCaller } from './console'
import { secret, type Tools, test } from './starting'

/** What `npm start` runs. */
const startScript = (run: Tools['run'], settings: Record<string, string>) =>
  run(process.execPath, ['scripts/start.mjs'], settings)

/** The single line printed by a failed start. */
async function faultOf(run: Tools['run'], settings: Record<string, string>): Promise<string> {
  const { ended, printed } = startScript(run, settings)
  expect({ code: await ended, lines: printed.err.trimEnd().split('\n').length, ...printed }).toMatchObject({
    code: 1,
    lines: 1,
  })
  expect(printed.err).toMatch(/^\S+: .+\. Example: .+\n$/)
  expect(printed.out).not.toContain('ready')
  return printed.err.trimEnd()
}

async function listening(port: number): Promise<Server> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return server
}

function entriesOf(migrationsDir: string): number {
  return JSON.parse(readFileSync(path.join(migrationsDir, 'meta', '_journal.json'), 'utf8')).entries.length
}

// First starts of the embedded database take seconds, and many on a busy machine.
test.describe.configure({ timeout: 240_000 })

test.describe('a failed start prints one line, exits with code 1 and writes nothing', () => {
  const settingsAtFault: [variable: string, settings: Record<string, string>][] = [
    ['PORT', { PORT: 'http' }],
    ['MUSTER_BASE_URL', { MUSTER_CLOUD: 'alibaba', MUSTER_BASE_URL: 'http://muster.example.com' }],
    ['MUSTER_SESSION_HOURS', { MUSTER_SESSION_HOURS: 'a day' }],
    ['MUSTER_SECRET', { DATABASE_URL: 'postgres://muster@127.0.0.1/muster' }],
    ['MUSTER_SECRET', { MUSTER_SECRET: 'c2hvcnQ=' }],
    ['MUSTER_SANDBOX_URL', { MUSTER_SANDBOX_URL: 'http://192.0.2.1:4010' }],
    ['MUSTER_HOST', { MUSTER_HOST: '192.0.2.1' }],
  ]
  for (const [variable, wrong] of settingsAtFault) {
    test(`${variable} with ${JSON.stringify(wrong)}`, async ({ run, settings }) => {
      expect(await faultOf(run, { ...settings, ...wrong })).toMatch(new RegExp(`^${variable}: `))
      expect(existsSync(settings.MUSTER_DATA_DIR ?? '')).toBe(false)
    })
  }

  for (const variable of ['PORT', 'MUSTER_SANDBOX_PORT']) {
    test(`${variable} is already in use`, async ({ run, settings }) => {
      const taken = await listening(Number(settings[variable]))
      expect(await faultOf(run, settings)).toMatch(
        new RegExp(
          `^${variable}: port ${settings[variable]} is already in use\\. Example: ${variable}=\\d+ npm start$`,
        ),
      )
      taken.close()
      expect(existsSync(settings.MUSTER_DATA_DIR ?? '')).toBe(false)
    })
  }

  test('the data folder cannot be created or written', async ({ run, settings, home }) => {
    const file = path.join(home, 'file')
    writeFileSync(file, 'kept')
    // Root ignores mode bits, but can write neither below a file nor into a kernel folder.
    const places = [path.join(file, 'data'), ...(existsSync('/proc/version') ? ['/proc/muster'] : [])]
    for (const MUSTER_DATA_DIR of places) {
      expect(await faultOf(run, { ...settings, MUSTER_DATA_DIR })).toMatch(
        /^MUSTER_DATA_DIR: .+ cannot be written \(/,
      )
    }
    expect(readFileSync(file, 'utf8')).toBe('kept')
  })

  test('the data folder holds something else', async ({ run, settings, home }) => {
    writeFileSync(path.join(home, 'thesis.odt'), 'years of work')
    expect(await faultOf(run, { ...settings, MUSTER_DATA_DIR: home })).toMatch(
      /^MUSTER_DATA_DIR: .+ contains files of something else/,
    )
    expect(readdirSync(home)).toEqual(['thesis.odt'])
  })

  test('the sandbox’s state has a format that this version cannot read', async ({
    run,
    settings,
    database,
  }) => {
    const { MUSTER_DATA_DIR = '' } = settings
    mkdirSync(MUSTER_DATA_DIR)
    const file = path.join(MUSTER_DATA_DIR, 'sandbox.json')
    writeFileSync(file, '{"format":99}')
    expect(await faultOf(run, { ...settings, DATABASE_URL: database.url, MUSTER_SECRET: secret })).toMatch(
      /^MUSTER_DATA_DIR\/sandbox\.json: /,
    )
    expect(readFileSync(file, 'utf8')).toBe('{"format":99}')
  })

  test('no sandbox answers at MUSTER_SANDBOX_URL', async ({ run, settings, database }) => {
    const MUSTER_SANDBOX_URL = `http://127.0.0.1:${await freePort()}`
    expect(
      await faultOf(run, {
        ...settings,
        DATABASE_URL: database.url,
        MUSTER_SECRET: secret,
        MUSTER_SANDBOX_URL,
      }),
    ).toMatch(/^MUSTER_SANDBOX_URL: no sandbox answers/)
  })

  const serversAtFault: [fault: string, replies: Buffer[]][] = [
    ['cannot be reached', []],
    [
      'refused the user or password',
      [reply.askForPassword(), reply.refusal('28P01', `wrong: ${serverPassword}`)],
    ],
    ['is too old; 15 or newer is required', [reply.welcome(), reply.row('version', '14.13 (Debian)')]],
  ]
  for (const [fault, replies] of serversAtFault) {
    test(`PostgreSQL ${fault}`, async ({ run, settings }) => {
      const server = await serverThatSays(...replies)
      if (replies.length === 0) server.close()
      const line = await faultOf(run, { ...settings, DATABASE_URL: server.url, MUSTER_SECRET: secret })
      server.close()
      expect(line).toMatch(new RegExp(`^DATABASE_URL: PostgreSQL .+ ${fault}`))
      expect(line).not.toContain(serverPassword)
      expect(existsSync(settings.MUSTER_DATA_DIR ?? '')).toBe(false)
    })
  }
})

test('a proxy for outgoing calls is not used for calls to this machine', async ({ run, settings }) => {
  // Nothing listens there.
  const proxy = { NODE_USE_ENV_PROXY: '1', HTTP_PROXY: 'http://127.0.0.1:9', NO_PROXY: 'example.com' }
  const { child, ended, printed } = startScript(run, { ...settings, ...proxy })
  // A first start: half a minute on a busy machine.
  await expect.poll(() => printed.out + printed.err, { timeout: 120_000 }).toContain('Muster is ready')
  const caller = await signedInCaller(`http://localhost:${settings.PORT}`, 'intl-admin')
  expect((await caller.get('/api/sandbox')).status()).toBe(200)
  child.kill('SIGTERM')
  expect(await ended).toBe(0)
})

test('a second console on a data folder fails with one line, and the first one keeps running', async ({
  run,
  muster,
  settings,
}) => {
  const before = readdirSync(muster.dataDir)
  expect(await faultOf(run, { ...settings, MUSTER_DATA_DIR: muster.dataDir })).toMatch(
    /^MUSTER_DATA_DIR: the data folder .+ is in use by another Muster process\./,
  )
  expect(readdirSync(muster.dataDir)).toEqual(before)
  const caller = await signedInCaller(muster.origin, 'intl-admin')
  expect((await caller.get('/api/session')).status()).toBe(200)
})

test('a MUSTER_SECRET other than the database was written with fails with one line, and the right one still works', async ({
  run,
  settings,
  database,
  started,
}) => {
  const right = { ...settings, DATABASE_URL: database.url, MUSTER_SECRET: secret }
  const muster = await started(right)
  const caller = await signedInCaller(muster.origin, 'intl-admin')
  expect(await muster.stop('SIGTERM')).toBe(0)
  const stored = () => database.query('select * from setting')
  const before = await stored()

  const wrong = Buffer.alloc(32, 8).toString('base64')
  const line = await faultOf(run, { ...right, MUSTER_SECRET: wrong })
  expect(line).toMatch(/^MUSTER_SECRET: it is not the secret that this database was encrypted with/)
  for (const value of [wrong, secret]) expect(line).not.toContain(value)
  expect(await stored()).toEqual(before)

  await muster.restart()
  expect((await caller.get('/api/session')).status()).toBe(200)
})

test('a lost secret fails with one line and is not replaced by a new one; with it restored, everything is there', async ({
  run,
  settings,
  started,
}) => {
  const muster = await started(settings)
  const caller = await signedInCaller(muster.origin, 'intl-admin')
  expect(await muster.stop('SIGTERM')).toBe(0)
  const file = path.join(muster.dataDir, 'secret')
  const kept = readFileSync(file)
  rmSync(file)
  expect(await faultOf(run, settings)).toMatch(/secret: it is missing and MUSTER_SECRET is not set, /)
  expect(existsSync(file)).toBe(false)
  writeFileSync(file, kept, { mode: 0o600 })
  await muster.restart()
  expect((await caller.get('/api/session')).status()).toBe(200)
})

test('a database that a newer version has migrated fails with one line, and stays unchanged', async ({
  run,
  settings,
  database,
}) => {
  const newer = withMigrations(path.join(settings.MUSTER_DATA_DIR ?? '', '..', 'newer'), {
    plus: ['create table of_tomorrow (id int)'],
  })
  await (await openDatabase({ url: database.url, migrationsDir: newer })).close()
  const applied = () => database.query('select * from drizzle.__drizzle_migrations order by id')
  const before = await applied()
  expect(await faultOf(run, { ...settings, DATABASE_URL: database.url, MUSTER_SECRET: secret })).toMatch(
    /^DATABASE_URL: the database was migrated by a newer or different version of Muster/,
  )
  expect(await applied()).toEqual(before)
})

test('a console killed in the middle of a migration has changed nothing; the next start completes it', async ({
  run,
  settings,
  database,
  started,
}) => {
  const early = withMigrations(path.join(settings.MUSTER_DATA_DIR ?? '', '..', 'early'), { upTo: 1 })
  const opened = await openDatabase({ url: database.url, migrationsDir: early })
  await opened.close()
  await database.query(`insert into setting (key, value) values ('kept', 'from before')`)
  const wanted = { ...settings, DATABASE_URL: database.url, MUSTER_SECRET: secret }
  const migrating = `application_name = 'muster start' and datname = current_database()`

  // It can change its tables, but not record that it did.
  const holder = new Client({ connectionString: database.url })
  await holder.connect()
  await holder.query('begin')
  await holder.query('lock table drizzle.__drizzle_migrations in share mode')
  const { child, ended, printed } = run(process.execPath, ['.next/standalone/server.js'], {
    ...wanted,
    HOSTNAME: '127.0.0.1',
  })
  await expect
    .poll(
      () =>
        database.query(
          `select 1 from pg_stat_activity where ${migrating} and wait_event_type = 'Lock' and query ilike 'insert into%'`,
        ),
      { timeout: 30_000 },
    )
    .toHaveLength(1)
  child.kill('SIGKILL')
  expect(await ended).toBe(null)
  expect(printed.err).toBe('')
  await holder.end()
  await expect
    .poll(() => database.query(`select 1 from pg_stat_activity where ${migrating}`), { timeout: 30_000 })
    .toHaveLength(0)
  const applied = () => database.query('select 1 from drizzle.__drizzle_migrations')
  expect(await applied()).toHaveLength(1)
  const added = `select 1 from information_schema.columns where table_name = 'code_request' and column_name = 'apply_attempt'`
  expect(await database.query(added)).toHaveLength(0)

  await started(wanted)
  expect((await applied()).length).toBe(entriesOf(MIGRATIONS_DIR))
  expect(await database.query(added)).toHaveLength(1)
  expect(await database.query(`select value from setting where key = 'kept'`)).toEqual([
    { value: 'from before' },
  ])
})
