import type { ChildProcess } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import path from 'node:path'
import { Client } from 'pg'
import { takeLock } from '../lib/db/lock.ts'
import { connectSandbox, startSandbox } from '../lib/sandbox/index.ts'
import { type Console, expect, signedInCaller } from './console'
import { secret, test } from './starting'

const bindOperation = 'BindSecureMobilePhone'

/** Call deadlines that even a slow machine does not reach. */
const longDeadlines = { MUSTER_CALL_DEADLINE_SECONDS: '15', MUSTER_SETTLE_SECONDS: '20' }

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
    // Not repeated: a console that shuts down answers that it is busy.
    bind: () => caller.request.post(base, { data: { requestId, code: message?.code } }),
    flow: async () => (await caller.get(base)).json(),
    /** Resolves when the cloud has the call. */
    arrived: () =>
      expect
        .poll(() => muster.sandbox.calls({ operation: bindOperation, target: id }), { intervals: [20] })
        .toHaveLength(1),
  }
}

const shutdownSignals = [
  ['SIGTERM', 'embedded database'],
  ['SIGINT', 'PostgreSQL'],
  ['SIGHUP', 'PostgreSQL'],
] as const

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
    // It has already ended.
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

// First starts of the embedded database take seconds, and many on a busy machine.
test.describe.configure({ timeout: 240_000 })

test.describe('graceful shutdown', () => {
  for (const [signal, engine] of shutdownSignals) {
    test(`by ${signal} answers the call in flight and keeps its outcome for the next start, on ${engine}`, async ({
      started,
      settings,
      database,
    }) => {
      const muster = await started({
        ...settings,
        ...longDeadlines,
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

      const again = await muster.restart()
      expect(await flow()).toMatchObject({ step: 'done', request: { applyRequestId: expect.any(String) } })
      expect((await again.sandbox.member(id)).securePhone).toBeDefined()
    })
  }

  test('completes and records a call whose client has left', async ({ started, settings, database }) => {
    const muster = await started({
      ...settings,
      ...longDeadlines,
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

  test('stops a directory sync at its next page, and lets another replica start one immediately', async ({
    started,
    settings,
    database,
  }) => {
    const muster = await started({
      ...settings,
      ...longDeadlines,
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

  test('accepts no new connection, starts no change, and answers requests in progress', async ({
    started,
    settings,
    database,
  }) => {
    const muster = await started({
      ...settings,
      ...longDeadlines,
      DATABASE_URL: database.url,
      MUSTER_SECRET: secret,
    })
    const { id, bind } = await readyToBind(muster)
    // Holds the request up at the record it writes before its call.
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
    const again = await muster.restart()
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
    // If it were held up to the last, the shutdown would not be graceful.
    expect(await muster.stop('SIGTERM')).toBe(0)
    expect(muster.output()).not.toContain('unknown')
    socket.destroy()
  })

  test('waits for a hanging call no longer than its own deadline, and records the outcome as unknown', async ({
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

  test('is cut short by a second signal', async ({ started, settings, database }) => {
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
    // Under npm, Ctrl-C arrives twice at the same time: only a later signal counts.
    const signaling = setInterval(() => muster.process.kill('SIGINT'), 200)
    const code = await ended
    clearInterval(signaling)
    expect(code).toBe(130)
    expect(await binding).toBe('cut off')
    expect(await database.query(`select state from code_request where target = '${id}'`)).toEqual([
      { state: 'applying' },
    ])
  })

  test('keeps what was changed in the sandbox a moment earlier', async ({ started, settings, database }) => {
    const muster = await started({ ...settings, DATABASE_URL: database.url, MUSTER_SECRET: secret })
    const [id = ''] = await muster.sandbox.addMembers('international', [{ displayName: 'Last minute' }])
    expect(await muster.stop('SIGTERM')).toBe(0)
    const emulator = await startSandbox({ port: 0, stateFile: path.join(muster.dataDir, 'sandbox.json') })
    const member = await connectSandbox(emulator.url).member(id)
    await emulator.close()
    expect(member.displayName).toBe('Last minute')
  })

  test('during the first start leaves a folder that the next start can use', async ({
    run,
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

test('Ctrl-C and SIGTERM reach the console through npm, and gracefully shut down everything that npm start started', async ({
  run,
  settings,
}) => {
  const { MUSTER_DATA_DIR = '' } = settings
  for (const end of [
    // Ctrl-C in a terminal signals the whole group, as does stopping a service; other supervisors signal npm only.
    ({ pid = 0 }: ChildProcess) => process.kill(-pid, 'SIGINT'),
    ({ pid = 0 }: ChildProcess) => process.kill(-pid, 'SIGTERM'),
    (child: ChildProcess) => child.kill('SIGTERM'),
  ]) {
    const { child, ended, printed } = run('npm', ['start'], settings, true)
    try {
      await expect.poll(() => printed.out, { timeout: 50_000 }).toContain('Press Ctrl-C to stop.')
      expect(existsSync(path.join(MUSTER_DATA_DIR, 'sandbox.json'))).toBe(false)
      end(child)
      await ended
      // The console may outlive npm for a moment; it releases the lock on its data folder last.
      await expect.poll(() => isFree(MUSTER_DATA_DIR), { timeout: 50_000 }).toBe(true)
      for (const port of [settings.PORT, settings.MUSTER_SANDBOX_PORT]) {
        expect(await connects(Number(port))).toBe(false)
      }
      expect(printed.err.replace(/^npm warn .*\n/gm, '')).toBe('')
      // Written only by a graceful shutdown.
      rmSync(path.join(MUSTER_DATA_DIR, 'sandbox.json'))
    } finally {
      killGroup(child)
    }
  }
})
