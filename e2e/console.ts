import { type ChildProcess, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type APIRequestContext, type APIResponse, test as base, expect, request } from '@playwright/test'
import { createServerDatabase } from '../lib/db/testing.ts'
import { connectSandbox, type Persona, type SandboxControl } from '../lib/sandbox/index.ts'
import { raw } from './wire'

const root = path.join(import.meta.dirname, '..')
/** Serves a finished build. */
const server = path.join(root, '.next', 'standalone', 'server.js')
/** What `npm start` runs; it forwards SIGTERM to the server it starts. */
export const startScript = path.join(root, 'scripts', 'start.mjs')

export interface Console {
  /** `http://localhost:<port>` */
  origin: string
  sandbox: SandboxControl
  dataDir: string
  process: ChildProcess
  /** Everything it printed so far. */
  output(): string
  /** Stops it; resolves with its exit code, or null after a signal that it did not handle. */
  stop(signal?: NodeJS.Signals): Promise<number | null>
  /** Starts it again with the same ports, data and settings. */
  restart(): Promise<Console>
  /** Removes its data folder. */
  removeData(): void
}

export type Settings = Record<string, string | undefined>

/** Optimizing the code of the embedded engine takes longer than a short-lived console gains from it. */
const shortLived = ['--liftoff-only']

/** After this timeout an unknown outcome may be concluded; tests move the sandbox's clock past it. */
export const inFlightTimeoutSeconds = 12

/** Short, so that a hanging call ends within a test's timeout; long enough for a machine that stalls. */
const shortDeadlines = {
  MUSTER_CALL_DEADLINE_SECONDS: '4',
  MUSTER_SETTLE_SECONDS: String(inFlightTimeoutSeconds),
}

/**
 * Starts a console in a separate process: the build that `npm start` serves, with an embedded database and its own
 * sandbox in its own data folder, unless `settings` say otherwise (`DATABASE_URL`, `MUSTER_SANDBOX_URL`). Resolves when
 * it responds.
 */
export async function startConsole(settings: Settings = {}, script = server): Promise<Console> {
  const dataDir = settings.MUSTER_DATA_DIR ?? newDataDir()
  const env: NodeJS.ProcessEnv = {
    PATH: process.env.PATH,
    NODE_ENV: 'production',
    HOSTNAME: '127.0.0.1',
    PORT: String(await freePort()),
    MUSTER_DATA_DIR: dataDir,
    ...(!settings.MUSTER_SANDBOX_URL && { MUSTER_SANDBOX_PORT: String(await freePort()) }),
    ...shortDeadlines,
    ...settings,
  }
  const origin = `http://localhost:${env.PORT}`
  const child = spawn(process.execPath, [...shortLived, script], { cwd: path.dirname(script), env })
  const printed: string[] = []
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => printed.push(chunk.toString()))
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const muster: Console = {
    origin,
    sandbox: connectSandbox(env.MUSTER_SANDBOX_URL ?? `http://127.0.0.1:${env.MUSTER_SANDBOX_PORT}`),
    dataDir,
    process: child,
    output: () => printed.join(''),
    stop(signal = 'SIGKILL') {
      child.kill(signal)
      return ended
    },
    restart: () => startConsole(env, script),
    removeData: () => rmSync(dataDir, { recursive: true, force: true }),
  }
  await answers(muster, new URL(env.MUSTER_BASE_URL ?? origin).host)
  return muster
}

/** A console with its own database on the PostgreSQL server, and what another console needs to share it. */
export interface ServerConsole {
  muster: Console
  databaseUrl: string
  settings: Settings
  /** Stops it and removes its data folder and database. */
  end(): Promise<void>
}

/** Like `startConsole`, but on the PostgreSQL server: it is ready sooner, and a test can query its tables. */
export async function startOnServer(settings: Settings = {}): Promise<ServerConsole> {
  const database = await createServerDatabase()
  const whole = {
    DATABASE_URL: database.url,
    MUSTER_SECRET: Buffer.alloc(32, 7).toString('base64'),
    ...settings,
  }
  const muster = await startConsole(whole)
  return {
    muster,
    databaseUrl: database.url,
    settings: whole,
    async end() {
      await muster.stop()
      muster.removeData()
      await database.drop()
    },
  }
}

/** A new folder with a copy of the database from global-setup.ts: a first start takes seconds. */
function newDataDir(): string {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'muster-e2e-'))
  const prepared = process.env.MUSTER_TEST_DATA_DIR
  if (prepared) cpSync(prepared, dataDir, { recursive: true })
  return dataDir
}

async function answers({ origin, process: child, output, stop }: Console, host: string): Promise<void> {
  while (child.exitCode === null && child.signalCode === null) {
    const reply = await raw(origin, { path: '/api/health', headers: { host } }).catch(() => null)
    if (reply?.status === 200) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  const code = await stop()
  throw new Error(`the console did not start (exit code ${code}): ${output()}`)
}

/** Outside the range that the system uses for outgoing connections, one of which could take the port first. */
export async function freePort(): Promise<number> {
  const port = 10_000 + randomInt(20_000)
  const probe = createServer()
  const free = await new Promise<boolean>((resolve) => {
    probe.once('error', () => resolve(false))
    probe.listen(port, '127.0.0.1', () => resolve(true))
  })
  if (!free) return freePort()
  await new Promise((resolve) => probe.close(resolve))
  return port
}

/** Calls the console's routes as its pages do, with its own cookies. */
export interface Caller {
  request: APIRequestContext
  get(path: string): Promise<APIResponse>
  post(path: string, body?: object): Promise<APIResponse>
  delete(path: string): Promise<APIResponse>
}

export async function callerOf(origin: string): Promise<Caller> {
  const context = await request.newContext({ baseURL: origin, extraHTTPHeaders: { origin } })
  const json = { 'content-type': 'application/json' }
  return {
    request: context,
    get: (path) => whenNotBusy(() => context.get(path)),
    post: (path, body = {}) => whenNotBusy(() => context.post(path, { data: body, headers: json })),
    delete: (path) => context.delete(path, { headers: json }),
  }
}

/** On a busy machine the console's own pacing may hold a call back for too long: it was not made and can be repeated. */
export async function whenNotBusy(ask: () => Promise<APIResponse>): Promise<APIResponse> {
  const reply = await ask()
  if (reply.status() !== 503) return reply
  const { error } = await reply.json()
  return error.code === 'cloud.busy' && !error.upstream?.code ? whenNotBusy(ask) : reply
}

/** A caller who is signed in as one of the sandbox's test users. */
export async function signedInCaller(origin: string, persona: Persona['id']): Promise<Caller> {
  const caller = await callerOf(origin)
  const reply = await caller.post('/api/session/persona', { persona })
  expect(reply.status()).toBe(200)
  return caller
}

interface WorkerFixtures {
  /** The console that the tests of one worker share. */
  muster: Console
}

/** For tests without a browser, and the basis of those with one. */
export const serverTest = base.extend<object, WorkerFixtures>({
  muster: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures a fixture uses from this pattern
    async ({}, use) => {
      const muster = await startConsole()
      try {
        await use(muster)
      } finally {
        await muster.stop()
        muster.removeData()
      }
    },
    { scope: 'worker', timeout: 60_000 },
  ],
})

export { expect }
