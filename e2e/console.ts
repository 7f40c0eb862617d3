import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type APIRequestContext, type APIResponse, test as base, expect, request } from '@playwright/test'
import { connectSandbox, type Persona, type SandboxControl } from '../lib/sandbox/index.ts'

const standalone = path.join(import.meta.dirname, '..', '.next', 'standalone')

export interface Console {
  /** `http://localhost:<port>` */
  origin: string
  sandbox: SandboxControl
  dataDir: string
  process: ChildProcess
  /** Everything it printed so far. */
  output(): string
  /** Ends it; resolves with its exit code, null after a signal that it did not handle. */
  stop(signal?: NodeJS.Signals): Promise<number | null>
  /** Starts it once more with the same ports, data and settings. */
  again(): Promise<Console>
  /** Removes its data folder. */
  forget(): void
}

type Settings = Record<string, string | undefined>

/** Short, so that unknown outcomes settle within a test's patience. */
const impatient = { MUSTER_CALL_DEADLINE_SECONDS: '2', MUSTER_SETTLE_SECONDS: '6' }

/**
 * A console as a process of its own: the build that `npm start` serves, with an embedded database and its own sandbox in
 * a data folder of its own, unless `settings` say otherwise (`DATABASE_URL`, `MUSTER_SANDBOX_URL`). Resolves when it
 * answers.
 */
export async function startConsole(settings: Settings = {}): Promise<Console> {
  const dataDir = settings.MUSTER_DATA_DIR ?? mkdtempSync(path.join(tmpdir(), 'muster-e2e-'))
  const env: NodeJS.ProcessEnv = {
    PATH: process.env.PATH,
    NODE_ENV: 'production',
    HOSTNAME: '127.0.0.1',
    PORT: String(await freePort()),
    MUSTER_DATA_DIR: dataDir,
    ...(!settings.MUSTER_SANDBOX_URL && { MUSTER_SANDBOX_PORT: String(await freePort()) }),
    ...impatient,
    ...settings,
  }
  const origin = `http://localhost:${env.PORT}`
  const child = spawn(process.execPath, ['server.js'], { cwd: standalone, env })
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
    again: () => startConsole(env),
    forget: () => rmSync(dataDir, { recursive: true, force: true }),
  }
  await answers(muster)
  return muster
}

async function answers({ origin, process: child, output }: Console): Promise<void> {
  while (child.exitCode === null && child.signalCode === null) {
    const reply = await fetch(`${origin}/api/health`).catch(() => null)
    if (reply?.ok) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`the console did not start: ${output()}`)
}

export async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const address = probe.address()
  await new Promise((resolve) => probe.close(resolve))
  if (typeof address !== 'object' || address === null) throw new Error('no port')
  return address.port
}

/** Somebody who calls the console's routes as its pages do, with a cookie jar of their own. */
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
    get: (path) => context.get(path),
    post: (path, body = {}) => context.post(path, { data: body, headers: json }),
    delete: (path) => context.delete(path, { headers: json }),
  }
}

/** The same, signed in as one of the sandbox's people. */
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

/** For tests without a browser, and the ground of those with one. */
export const serverTest = base.extend<object, WorkerFixtures>({
  muster: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures a fixture uses from this pattern
    async ({}, use) => {
      const muster = await startConsole()
      try {
        await use(muster)
      } finally {
        await muster.stop()
        muster.forget()
      }
    },
    { scope: 'worker', timeout: 60_000 },
  ],
})

export { expect }
