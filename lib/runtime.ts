import 'server-only'
import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { type CloudOptions, createCloud } from './alicloud'
import { sweepSessions } from './auth'
import { type Config, readConfig } from './config'
import { checkSecret, createPacer, createVault, type Database, openDatabase } from './db'
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

async function build(): Promise<Services> {
  const config = readConfig(process.env, process.cwd())
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
  tidyUpHourly(config, database, ledger)
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

async function openSandbox(config: Config): Promise<SandboxControl | null> {
  if (config.cloud === 'alibaba') return null
  if (config.sandbox.url) return connectSandbox(config.sandbox.url.origin)
  const { port, membersPerDirectory } = config.sandbox
  mkdirSync(config.dataDir, { recursive: true })
  const { url } = await startSandbox({
    port,
    membersPerDirectory,
    stateFile: path.join(config.dataDir, 'sandbox.json'),
  }).catch((error) => {
    throw new StartupFault(
      'MUSTER_SANDBOX_PORT',
      `cannot listen on port ${port} (${error.code})`,
      `MUSTER_SANDBOX_PORT=${port + 1}`,
    )
  })
  return connectSandbox(url)
}

function endpoints(sandbox: SandboxControl | null): CloudOptions['endpoints'] {
  return sandbox ? { kind: 'sandbox', host: new URL(sandbox.url).host } : { kind: 'alibaba' }
}

/** The generated secret of a console with an embedded database, which lives and moves with its data folder. */
function ownSecret(dataDir: string): Buffer {
  const file = path.join(dataDir, 'secret')
  if (!existsSync(file)) {
    writeFileSync(file, randomBytes(32).toString('base64'), { mode: 0o600 })
    chmodSync(file, 0o600)
  }
  const secret = Buffer.from(readFileSync(file, 'utf8').trim(), 'base64')
  if (secret.length !== 32) {
    throw new StartupFault(
      file,
      'it does not hold 32 bytes in base64',
      'restore it from the backup of the data folder',
    )
  }
  return secret
}

function tidyUpHourly(config: Config, { db }: Database, ledger: Services['ledger']): void {
  const tidyUp = async () => {
    await ledger.eraseOldNumbers()
    await sweepSessions(db, { idleMinutes: config.sessionIdleMinutes })
  }
  setInterval(() => void tidyUp().catch(() => undefined), 3_600_000).unref()
  void tidyUp().catch(() => undefined)
}
