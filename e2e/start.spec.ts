import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Client } from 'pg'
import { openDatabase } from '../lib/db/index.ts'
import { takeLock } from '../lib/db/lock.ts'
import { createServerDatabase, MIGRATIONS_DIR, withMigrations } from '../lib/db/testing.ts'
import { reply, serverPassword, serverThatSays } from '../lib/db/testing-server.ts'
import { connectSandbox, startSandbox } from '../lib/sandbox/index.ts'
import { type Console, expect, freePort, serverTest, signedInCaller, startConsole } from './console'

const root = path.join(import.meta.dirname, '..')
const secret = Buffer.alloc(32, 7).toString('base64')
const bindOperation = 'BindSecureMobilePhone'

interface Tools {
  /** A folder that is gone after the test. */
  home: string
  /** Ports of its own, and a data folder that does not exist yet. */
  settings: Record<string, string>
  /** An empty PostgreSQL database. */
  database: { url: string; query(statement: string): Promise<Record<string, unknown>[]> }
  /** A console that ends with the test. */
  started(settings: Record<string, string>): Promise<Console>
}

const test = serverTest.extend<Tools>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures a fixture uses from this pattern
  home: async ({}, use) => {
    const home = mkdtempSync(path.join(tmpdir(), 'muster-start-'))
    await use(home)
    rmSync(home, { recursive: true, force: true })
  },

  settings: async ({ home }, use) => {
    await use({
      PORT: String(await freePort()),
      MUSTER_SANDBOX_PORT: String(await freePort()),
      MUSTER_DATA_DIR: path.join(home, 'data'),
    })
  },

  // biome-ignore lint/correctness/noEmptyPattern: as above
  database: async ({}, use) => {
    const { url, drop } = await createServerDatabase()
    const client = new Client({ connectionString: url })
    await client.connect()
    await use({ url, query: async (statement) => (await client.query(statement)).rows })
    await client.end()
    await drop()
  },

  // biome-ignore lint/correctness/noEmptyPattern: as above
  started: async ({}, use) => {
    const consoles: Console[] = []
    await use(async (settings) => {
      const muster = await startConsole(settings)
      consoles.push(muster)
      return {
        ...muster,
        again: async () => {
          const next = await muster.again()
          consoles.push(next)
          return next
        },
      }
    })
    await Promise.all(consoles.map((one) => one.stop()))
  },
})

// First starts of the embedded database take seconds, on a busy machine many.
test.describe.configure({ timeout: 240_000 })

/** Call deadlines that no slow machine reaches. */
const patient = { MUSTER_CALL_DEADLINE_SECONDS: '15', MUSTER_SETTLE_SECONDS: '20' }

interface Run {
  child: ChildProcess
  printed: { out: string; err: string }
  /** The exit code once it has ended; null after a signal it did not handle. */
  ended: Promise<number | null>
}

const running = new Set<ChildProcess>()
test.afterEach(() => {
  for (const child of running) child.kill('SIGKILL')
  running.clear()
})

function run(command: string, args: string[], settings: Record<string, string>, detached = false): Run {
  const env: NodeJS.ProcessEnv = { NODE_ENV: 'production', PATH: process.env.PATH, HOME: process.env.HOME }
  const child = spawn(command, args, { cwd: root, env: { ...env, ...settings }, detached })
  running.add(child)
  const printed = { out: '', err: '' }
  child.stdout.on('data', (chunk: Buffer) => {
    printed.out += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    printed.err += chunk.toString()
  })
  return { child, printed, ended: new Promise((resolve) => child.once('close', resolve)) }
}

/** What `npm start` runs. */
const startScript = (settings: Record<string, string>) =>
  run(process.execPath, ['scripts/start.mjs'], settings)

/** The one line with which a start gives up. */
async function faultOf(settings: Record<string, string>): Promise<string> {
  const { ended, printed } = startScript(settings)
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

test.describe('a start that cannot be is one line and exit code 1, and writes nothing', () => {
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
    test(`${variable} with ${JSON.stringify(wrong)}`, async ({ settings }) => {
      expect(await faultOf({ ...settings, ...wrong })).toMatch(new RegExp(`^${variable}: `))
      expect(existsSync(settings.MUSTER_DATA_DIR ?? '')).toBe(false)
    })
  }

  for (const variable of ['PORT', 'MUSTER_SANDBOX_PORT']) {
    test(`${variable} is taken`, async ({ settings }) => {
      const taken = await listening(Number(settings[variable]))
      expect(await faultOf(settings)).toMatch(
        new RegExp(
          `^${variable}: port ${settings[variable]} is taken\\. Example: ${variable}=\\d+ npm start$`,
        ),
      )
      taken.close()
      expect(existsSync(settings.MUSTER_DATA_DIR ?? '')).toBe(false)
    })
  }

  test('the data folder cannot be made or written', async ({ settings, home }) => {
    const file = path.join(home, 'file')
    writeFileSync(file, 'kept')
    // Root may write where mode bits say no, but neither below a file nor into a folder of the kernel's.
    const places = [path.join(file, 'data'), ...(existsSync('/proc/version') ? ['/proc/muster'] : [])]
    for (const MUSTER_DATA_DIR of places) {
      expect(await faultOf({ ...settings, MUSTER_DATA_DIR })).toMatch(
        /^MUSTER_DATA_DIR: .+ cannot be written \(/,
      )
    }
    expect(readFileSync(file, 'utf8')).toBe('kept')
  })

  test('the data folder holds something else', async ({ settings, home }) => {
    writeFileSync(path.join(home, 'thesis.odt'), 'years of work')
    expect(await faultOf({ ...settings, MUSTER_DATA_DIR: home })).toMatch(
      /^MUSTER_DATA_DIR: .+ holds something else/,
    )
    expect(readdirSync(home)).toEqual(['thesis.odt'])
  })

  test('the sandbox’s state is not one this version reads', async ({ settings, database }) => {
    const { MUSTER_DATA_DIR = '' } = settings
    mkdirSync(MUSTER_DATA_DIR)
    const file = path.join(MUSTER_DATA_DIR, 'sandbox.json')
    writeFileSync(file, '{"format":99}')
    expect(await faultOf({ ...settings, DATABASE_URL: database.url, MUSTER_SECRET: secret })).toMatch(
      /^MUSTER_DATA_DIR\/sandbox\.json: /,
    )
    expect(readFileSync(file, 'utf8')).toBe('{"format":99}')
  })

  test('no sandbox answers at MUSTER_SANDBOX_URL', async ({ settings, database }) => {
    const MUSTER_SANDBOX_URL = `http://127.0.0.1:${await freePort()}`
    expect(
      await faultOf({ ...settings, DATABASE_URL: database.url, MUSTER_SECRET: secret, MUSTER_SANDBOX_URL }),
    ).toMatch(/^MUSTER_SANDBOX_URL: no sandbox answers/)
  })

  const serversAtFault: [fault: string, replies: Buffer[]][] = [
    ['cannot be reached', []],
    [
      'refused the user or password',
      [reply.askForPassword(), reply.refusal('28P01', `wrong: ${serverPassword}`)],
    ],
    ['is too old, 15 or newer is needed', [reply.welcome(), reply.row('version', '14.13 (Debian)')]],
  ]
  for (const [fault, replies] of serversAtFault) {
    test(`PostgreSQL ${fault}`, async ({ settings }) => {
      const server = await serverThatSays(...replies)
      if (replies.length === 0) server.close()
      const line = await faultOf({ ...settings, DATABASE_URL: server.url, MUSTER_SECRET: secret })
      server.close()
      expect(line).toMatch(new RegExp(`^DATABASE_URL: PostgreSQL .+ ${fault}`))
      expect(line).not.toContain(serverPassword)
      expect(existsSync(settings.MUSTER_DATA_DIR ?? '')).toBe(false)
    })
  }
})

test('a proxy for the world outside is not asked for this machine', async ({ settings }) => {
  // Nobody listens there.
  const proxy = { NODE_USE_ENV_PROXY: '1', HTTP_PROXY: 'http://127.0.0.1:9', NO_PROXY: 'example.com' }
  const { child, ended, printed } = startScript({ ...settings, ...proxy })
  await expect.poll(() => printed.out + printed.err).toContain('Muster is ready')
  const caller = await signedInCaller(`http://localhost:${settings.PORT}`, 'intl-admin')
  expect((await caller.get('/api/sandbox')).status()).toBe(200)
  child.kill('SIGTERM')
  expect(await ended).toBe(0)
})

test('a second console on a data folder is one line, and the first one goes on', async ({
  muster,
  settings,
}) => {
  const before = readdirSync(muster.dataDir)
  expect(await faultOf({ ...settings, MUSTER_DATA_DIR: muster.dataDir })).toMatch(
    /^MUSTER_DATA_DIR: the data folder .+ is in use by another Muster\./,
  )
  expect(readdirSync(muster.dataDir)).toEqual(before)
  const caller = await signedInCaller(muster.origin, 'intl-admin')
  expect((await caller.get('/api/session')).status()).toBe(200)
})

test('another MUSTER_SECRET than the database was written with is one line, and the right one works again', async ({
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
  const line = await faultOf({ ...right, MUSTER_SECRET: wrong })
  expect(line).toMatch(/^MUSTER_SECRET: is not the secret that this database was written with/)
  for (const value of [wrong, secret]) expect(line).not.toContain(value)
  expect(await stored()).toEqual(before)

  await muster.again()
  expect((await caller.get('/api/session')).status()).toBe(200)
})

test('a lost secret is one line and is not replaced by a new one; put back, everything is there', async ({
  settings,
  started,
}) => {
  const muster = await started(settings)
  const caller = await signedInCaller(muster.origin, 'intl-admin')
  expect(await muster.stop('SIGTERM')).toBe(0)
  const file = path.join(muster.dataDir, 'secret')
  const kept = readFileSync(file)
  rmSync(file)
  expect(await faultOf(settings)).toMatch(/secret: it is missing and MUSTER_SECRET is not set, /)
  expect(existsSync(file)).toBe(false)
  writeFileSync(file, kept, { mode: 0o600 })
  await muster.again()
  expect((await caller.get('/api/session')).status()).toBe(200)
})

test('a database that a newer version has migrated is one line, and stays as it is', async ({
  settings,
  database,
}) => {
  const newer = withMigrations(path.join(settings.MUSTER_DATA_DIR ?? '', '..', 'newer'), {
    plus: ['create table of_tomorrow (id int)'],
  })
  await (await openDatabase({ url: database.url, migrationsDir: newer })).close()
  const applied = () => database.query('select * from drizzle.__drizzle_migrations order by id')
  const before = await applied()
  expect(await faultOf({ ...settings, DATABASE_URL: database.url, MUSTER_SECRET: secret })).toMatch(
    /^DATABASE_URL: the database was migrated by a newer or different version of Muster/,
  )
  expect(await applied()).toEqual(before)
})

test('a console killed in the middle of a migration has changed nothing; the next start completes it', async ({
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

  // It may change its tables, but not note that it did.
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

function entriesOf(migrationsDir: string): number {
  return JSON.parse(readFileSync(path.join(migrationsDir, 'meta', '_journal.json'), 'utf8')).entries.length
}

/** A member with a code sent: one call away from bound. */
async function readyToBind(muster: Console) {
  const caller = await signedInCaller(muster.origin, 'intl-admin')
  const [id = ''] = await muster.sandbox.addMembers('international', [{}])
  const base = `/api/members/${id}/phone`
  const sent = await caller.post(`${base}/code`, { phone: '65-91234567' })
  expect(sent.status()).toBe(200)
  const requestId: string = (await sent.json()).request.id
  const [message] = await muster.sandbox.messages({ accountId: id })
  return {
    id,
    caller,
    // Once, whatever the answer: an ending console says that it is busy.
    bind: () => caller.request.post(base, { data: { requestId, code: message?.code } }),
    flow: async () => (await caller.get(base)).json(),
    /** Resolves when the cloud has the call. */
    arrived: () =>
      expect
        .poll(() => muster.sandbox.calls({ operation: bindOperation, target: id }), { intervals: [20] })
        .toHaveLength(1),
  }
}

const toldToEnd = [
  ['SIGTERM', 'embedded database'],
  ['SIGINT', 'PostgreSQL'],
  ['SIGHUP', 'PostgreSQL'],
] as const

test.describe('a console that is told to end', () => {
  for (const [signal, engine] of toldToEnd) {
    test(`by ${signal} answers the call under way and leaves its outcome to the next start, on ${engine}`, async ({
      started,
      settings,
      database,
    }) => {
      const muster = await started({
        ...settings,
        ...patient,
        ...(engine === 'PostgreSQL' && { DATABASE_URL: database.url, MUSTER_SECRET: secret }),
      })
      const { id, bind, flow, arrived } = await readyToBind(muster)
      await muster.sandbox.arm({ operation: bindOperation, fault: 'slow:1000' })
      const binding = bind()
      await arrived()
      const ended = muster.stop(signal)
      const answer = await binding
      expect(answer.status()).toBe(200)
      expect((await answer.json()).step).toBe('done')
      expect(await ended).toBe(0)
      expect(muster.output()).not.toContain('rror')

      const again = await muster.again()
      expect(await flow()).toMatchObject({ step: 'done', request: { applyRequestId: expect.any(String) } })
      expect((await again.sandbox.member(id)).securePhone).toBeDefined()
    })
  }

  test('finishes and notes a call whose client has left', async ({ started, settings, database }) => {
    const muster = await started({
      ...settings,
      ...patient,
      DATABASE_URL: database.url,
      MUSTER_SECRET: secret,
    })
    const { caller, id, bind, arrived } = await readyToBind(muster)
    await muster.sandbox.arm({ operation: bindOperation, fault: 'slow:1000' })
    const binding = bind().catch(() => 'left')
    await arrived()
    await caller.request.dispose()
    expect(await binding).toBe('left')
    expect(await muster.stop('SIGTERM')).toBe(0)
    expect(await database.query(`select state from code_request where target = '${id}'`)).toEqual([
      { state: 'applied' },
    ])
    expect(await database.query(`select outcome from audit where action = 'phone.bind' order by id`)).toEqual(
      [{ outcome: 'started' }, { outcome: 'accepted' }],
    )
  })

  test('stops a sync of the directory at its next page, and leaves it to the next replica at once', async ({
    started,
    settings,
    database,
  }) => {
    const muster = await started({
      ...settings,
      ...patient,
      DATABASE_URL: database.url,
      MUSTER_SECRET: secret,
    })
    const caller = await signedInCaller(muster.origin, 'intl-admin')
    const listed = await caller.get('/api/members?page=1')
    expect(listed.status()).toBe(200)
    const sync = 'select sync_alive_until is not null as running, pass from directory'
    await expect.poll(() => database.query(sync)).toMatchObject([{ running: false }])
    const [before] = await database.query(sync)
    await muster.sandbox.arm({ operation: 'ListFoldersForParent', fault: 'slow:1500', times: 99 })
    const refresh = caller.request.post('/api/members/refresh', { data: {} })
    await expect.poll(() => database.query(sync)).toMatchObject([{ running: true }])
    const ended = muster.stop('SIGTERM')
    expect((await (await refresh).json()).error).toMatchObject({ code: 'sync.stopped' })
    expect(await ended).toBe(0)
    expect(await database.query(sync)).toEqual([{ running: false, pass: Number(before?.pass) + 1 }])
    expect(await database.query('select 1 from directory where read_error is not null')).toEqual([])
    expect(await database.query('select 1 from member where gone_at is not null')).toEqual([])
  })

  test('takes no new connection, begins no change, and answers what it is at', async ({
    started,
    settings,
    database,
  }) => {
    const muster = await started({
      ...settings,
      ...patient,
      DATABASE_URL: database.url,
      MUSTER_SECRET: secret,
    })
    const { id, bind } = await readyToBind(muster)
    // Holds the request up at the note it makes before its call.
    const holder = new Client({ connectionString: database.url })
    await holder.connect()
    await holder.query('begin')
    await holder.query('lock table audit in share mode')
    const binding = bind()
    const heldUp = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
    await expect.poll(() => database.query(heldUp)).toHaveLength(1)

    const ended = muster.stop('SIGTERM')
    await expect.poll(() => connects(Number(settings.PORT))).toBe(false)
    expect(muster.process.exitCode).toBe(null)
    await holder.query('rollback')
    await holder.end()
    const answer = await binding
    expect(answer.headers().connection).toBe('close')
    expect((await answer.json()).error).toMatchObject({ code: 'cloud.busy' })
    expect(await ended).toBe(0)
    expect(await database.query(`select state from code_request where target = '${id}'`)).toEqual([
      { state: 'sent' },
    ])
    expect(await database.query(`select outcome from audit where action = 'phone.bind' order by id`)).toEqual(
      [{ outcome: 'started' }, { outcome: 'refused' }],
    )
    const again = await muster.again()
    expect((await again.sandbox.member(id)).securePhone).toBeUndefined()
  })

  test('does not wait for a client that sends half a request', async ({ started, settings, database }) => {
    const muster = await started({ ...settings, DATABASE_URL: database.url, MUSTER_SECRET: secret })
    const head = [
      'POST /api/session/persona HTTP/1.1',
      `Host: localhost:${settings.PORT}`,
      `Origin: ${muster.origin}`,
      'Content-Type: application/json',
      'Content-Length: 100',
      // Answered as soon as the server has the request.
      'Expect: 100-continue',
    ]
    const socket = connect(Number(settings.PORT), '127.0.0.1')
    socket.write(`${head.join('\r\n')}\r\n\r\n{`)
    let answered = ''
    socket.on('data', (chunk: Buffer) => {
      answered += chunk.toString()
    })
    socket.on('error', () => {})
    await expect.poll(() => answered).toMatch(/^HTTP\/1\.1 100 /)
    // Held up to the last, the end is no end in order.
    expect(await muster.stop('SIGTERM')).toBe(0)
    expect(muster.output()).not.toContain('unknown')
    socket.destroy()
  })

  test('waits for a call that hangs no longer than the call’s own deadline, and notes that nobody knows', async ({
    started,
    settings,
    database,
  }) => {
    const muster = await started({ ...settings, DATABASE_URL: database.url, MUSTER_SECRET: secret })
    const { id, bind, arrived } = await readyToBind(muster)
    await muster.sandbox.arm({ operation: bindOperation, fault: 'silent' })
    const binding = bind()
    await arrived()
    expect(await muster.stop('SIGTERM')).toBe(0)
    expect((await (await binding).json()).request.state).toBe('apply_unknown')
    expect(await database.query(`select state from code_request where target = '${id}'`)).toEqual([
      { state: 'apply_unknown' },
    ])
  })

  test('ends at once when it is told a second time', async ({ started, settings, database }) => {
    const muster = await started({
      ...settings,
      DATABASE_URL: database.url,
      MUSTER_SECRET: secret,
      // Longer than this test may take.
      MUSTER_CALL_DEADLINE_SECONDS: '120',
      MUSTER_SETTLE_SECONDS: '130',
    })
    const { id, bind, arrived } = await readyToBind(muster)
    await muster.sandbox.arm({ operation: bindOperation, fault: 'silent' })
    const binding = bind().catch(() => 'cut off')
    await arrived()
    const ended = muster.stop('SIGINT')
    // Ctrl-C under npm comes twice at once: only what follows later counts.
    const impatient = setInterval(() => muster.process.kill('SIGINT'), 200)
    const code = await ended
    clearInterval(impatient)
    expect(code).toBe(130)
    expect(await binding).toBe('cut off')
    expect(await database.query(`select state from code_request where target = '${id}'`)).toEqual([
      { state: 'applying' },
    ])
  })

  test('keeps what was changed in the sandbox a moment before', async ({ started, settings, database }) => {
    const muster = await started({ ...settings, DATABASE_URL: database.url, MUSTER_SECRET: secret })
    const [id = ''] = await muster.sandbox.addMembers('international', [{ displayName: 'Last minute' }])
    expect(await muster.stop('SIGTERM')).toBe(0)
    const emulator = await startSandbox({ port: 0, stateFile: path.join(muster.dataDir, 'sandbox.json') })
    const member = await connectSandbox(emulator.url).member(id)
    await emulator.close()
    expect(member.displayName).toBe('Last minute')
  })

  test('during its first start leaves a folder that the next one starts from', async ({
    started,
    settings,
  }) => {
    const { child, ended, printed } = run(process.execPath, ['.next/standalone/server.js'], {
      ...settings,
      HOSTNAME: '127.0.0.1',
    })
    await expect.poll(() => printed.out, { intervals: [20], timeout: 30_000 }).toContain('Preparing')
    child.kill('SIGTERM')
    expect(await ended).toBe(143)
    expect(printed.err).toBe('')
    const muster = await started(settings)
    await signedInCaller(muster.origin, 'intl-admin')
  })
})

test('Ctrl-C and SIGTERM reach the console through npm, and end in order all that npm start began', async ({
  settings,
}) => {
  const { MUSTER_DATA_DIR = '' } = settings
  for (const end of [
    // Ctrl-C in a terminal goes to all of them, as does the end of a service; other supervisors know npm alone.
    ({ pid = 0 }: ChildProcess) => process.kill(-pid, 'SIGINT'),
    ({ pid = 0 }: ChildProcess) => process.kill(-pid, 'SIGTERM'),
    (child: ChildProcess) => child.kill('SIGTERM'),
  ]) {
    const { child, ended, printed } = run('npm', ['start'], settings, true)
    try {
      await expect.poll(() => printed.out, { timeout: 50_000 }).toContain('Ctrl-C ends it.')
      expect(existsSync(path.join(MUSTER_DATA_DIR, 'sandbox.json'))).toBe(false)
      end(child)
      await ended
      // The console may live a moment longer than npm; the lock on its data folder is the last to go.
      await expect.poll(() => isFree(MUSTER_DATA_DIR), { timeout: 50_000 }).toBe(true)
      for (const port of [settings.PORT, settings.MUSTER_SANDBOX_PORT]) {
        expect(await connects(Number(port))).toBe(false)
      }
      expect(printed.err.replace(/^npm warn .*\n/gm, '')).toBe('')
      // Written by an end in order only.
      rmSync(path.join(MUSTER_DATA_DIR, 'sandbox.json'))
    } finally {
      killGroup(child)
    }
  }
})

function isFree(dataDir: string): boolean {
  try {
    takeLock(dataDir).release()
    return true
  } catch {
    return false
  }
}

function killGroup({ pid = 0 }: ChildProcess): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // Nothing is left of it.
  }
}

function connects(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true))
    socket.once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}
