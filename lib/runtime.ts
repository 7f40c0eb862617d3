import 'server-only'
import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type CloudOptions, createCloud } from './alicloud'
import { sweepAttempts, sweepSessions } from './auth'
import { type Config, readConfig } from './config'
import { checkSecret, createPacer, createVault, openDatabase } from './db'
import { createLedger } from './ledger'
import { connectSandbox, type SandboxControl, startSandbox } from './sandbox'
import { StartupFault } from './startup-fault'
import type { Services } from './usecases/context'

// The server's start-up code and its routes are bundled apart: module variables are not shared, this is.
const holder: typeof globalThis & { musterRuntime?: Promise<Services> } = globalThis

/** What every request works with; built once per process, by the first who asks. */
export function runtime(): Promise<Services> {
  holder.musterRuntime ??= build()
  return holder.musterRuntime
}

export function readEnvironment(): Config {
  return readConfig(process.env, process.cwd())
}

async function build(): Promise<Services> {
  const config = readEnvironment()
  const database = await openDatabase({
    url: config.databaseUrl,
    dataDir: config.dataDir,
    migrationsDir: path.join(process.cwd(), 'lib', 'db', 'migrations'),
    onFirstStart: () => process.stdout.write('Preparing the embedded database, once…\n'),
  })
  const sandbox = await openSandbox(config)
  const { db } = database
  const vault = createVault(config.secret ?? ownSecret(config.dataDir))
  await checkSecret(db, vault)
  const ledger = createLedger(db, vault, config, async () => (await sandbox?.clock())?.offsetSeconds ?? 0)
  if (database.soleOpener) await ledger.settleInterrupted()
  return {
    config,
    db,
    vault,
    ledger,
    sandbox,
    cloudFor: createCloud({
      endpoints: endpoints(sandbox),
      deadlineMs: config.callDeadlineMs,
      pacer: createPacer(db),
    }),
  }
}

/**
 * The emulator: one already running, else one in this process. Null when the console talks to Alibaba Cloud.
 * @throws StartupFault
 */
export async function openSandbox({
  cloud,
  sandbox,
  dataDir,
}: Pick<Config, 'cloud' | 'sandbox' | 'dataDir'>): Promise<SandboxControl | null> {
  if (cloud === 'alibaba') return null
  if (sandbox.url) return reachSandbox(sandbox.url.origin)
  const { port, membersPerDirectory } = sandbox
  const stateFile = path.join(dataDir, 'sandbox.json')
  try {
    mkdirSync(dataDir, { recursive: true })
    const { url } = await startSandbox({ port, membersPerDirectory, stateFile })
    return connectSandbox(url)
  } catch (error) {
    const { code, syscall, message } = error as NodeJS.ErrnoException
    if (syscall === 'listen') {
      const example = `MUSTER_SANDBOX_PORT=${port < 65_535 ? port + 1 : 4010}`
      throw new StartupFault('MUSTER_SANDBOX_PORT', `cannot listen on port ${port} (${code})`, example)
    }
    throw new StartupFault('MUSTER_DATA_DIR/sandbox.json', message.replace(/\.$/, ''), `rm ${stateFile}`)
  }
}

/** An emulator of another process. It is asked at once: without it every page would fail. */
async function reachSandbox(url: string): Promise<SandboxControl> {
  const sandbox = connectSandbox(url)
  const clock = await Promise.race([
    sandbox.clock().catch(() => undefined),
    sleep(5_000, undefined, { ref: false }),
  ])
  if (typeof clock?.offsetSeconds === 'number') return sandbox
  throw new StartupFault(
    'MUSTER_SANDBOX_URL',
    `no sandbox answers at ${url}`,
    'start one with "npm run sandbox", then MUSTER_SANDBOX_URL=http://127.0.0.1:4010 npm start',
  )
}

function endpoints(sandbox: SandboxControl | null): CloudOptions['endpoints'] {
  return sandbox ? { kind: 'sandbox', host: new URL(sandbox.url).host } : { kind: 'alibaba' }
}

/**
 * The generated secret of a console with an embedded database, which lives and moves with its data folder.
 * @throws StartupFault
 */
export function ownSecret(dataDir: string): Buffer {
  const file = path.join(dataDir, 'secret')
  const secret = Buffer.from(readOrMake(file).trim(), 'base64')
  if (secret.length !== 32) {
    throw new StartupFault(
      file,
      'it does not hold 32 bytes in base64',
      'restore it from the backup of the data folder',
    )
  }
  return secret
}

function readOrMake(file: string): string {
  try {
    if (!existsSync(file)) {
      writeFileSync(file, randomBytes(32).toString('base64'), { mode: 0o600 })
      chmodSync(file, 0o600)
    }
    return readFileSync(file, 'utf8')
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException
    throw new StartupFault(
      file,
      `it cannot be read or written (${syscall} ${code})`,
      'MUSTER_DATA_DIR=/var/lib/muster, a folder that this user may write',
    )
  }
}

/** Removes what is kept for a time only; start.ts calls it hourly. */
export async function tidyUp({ config, db, ledger }: Services): Promise<void> {
  await ledger.eraseOldNumbers()
  await sweepSessions(db, { idleMinutes: config.sessionIdleMinutes })
  await sweepAttempts(db)
}
