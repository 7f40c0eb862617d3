import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Client } from 'pg'
import { createServerDatabase } from '../lib/db/testing.ts'
import { type Console, freePort, serverTest, startConsole } from './console'

const root = path.join(import.meta.dirname, '..')
export const secret = Buffer.alloc(32, 7).toString('base64')

export interface Tools {
  /** A folder that is removed after the test. */
  home: string
  /** Unused ports, and a data folder that does not exist yet. */
  settings: Record<string, string>
  /** An empty PostgreSQL database. */
  database: { url: string; query(statement: string): Promise<Record<string, unknown>[]> }
  /** Starts a process that is killed after the test if it is still running. */
  run(command: string, args: string[], settings: Record<string, string>, detached?: boolean): Run
  /** Starts a console that is stopped after the test. */
  started(settings: Record<string, string>): Promise<Console>
}

export const test = serverTest.extend<Tools>({
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
  run: async ({}, use) => {
    const running: ChildProcess[] = []
    await use((command, args, settings, detached) => {
      const env: NodeJS.ProcessEnv = {
        NODE_ENV: 'production',
        PATH: process.env.PATH,
        HOME: process.env.HOME,
      }
      const child = spawn(command, args, { cwd: root, env: { ...env, ...settings }, detached })
      running.push(child)
      const printed = { out: '', err: '' }
      child.stdout.on('data', (chunk: Buffer) => {
        printed.out += chunk.toString()
      })
      child.stderr.on('data', (chunk: Buffer) => {
        printed.err += chunk.toString()
      })
      return { child, printed, ended: new Promise((resolve) => child.once('close', resolve)) }
    })
    for (const child of running) child.kill('SIGKILL')
  },

  // biome-ignore lint/correctness/noEmptyPattern: as above
  started: async ({}, use) => {
    const consoles: Console[] = []
    await use(async (settings) => {
      const muster = await startConsole(settings)
      consoles.push(muster)
      return {
        ...muster,
        restart: async () => {
          const next = await muster.restart()
          consoles.push(next)
          return next
        },
      }
    })
    await Promise.all(consoles.map((one) => one.stop()))
  },
})

export interface Run {
  child: ChildProcess
  printed: { out: string; err: string }
  /** The exit code once it has ended; null after a signal that it did not handle. */
  ended: Promise<number | null>
}
