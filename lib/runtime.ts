import 'server-only'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type CloudOptions, createCloud } from './alicloud'
import { type Config, readConfig } from './config'
import { checkSecret, createPacer, createVault, hasSecret, makeFolder, openDatabase, ownSecret } from './db'
import { log } from './http/log'
import { createJobs } from './jobs'
import { createLedger } from './ledger'
import { forgetInterruptedSyncs } from './mirror'
import { connectSandbox, type SandboxControl, startSandbox } from './sandbox'
import { shutdownSignal, underWay } from './shutdown'
import { StartupFault } from './startup-fault'
import { createOutcomes, type Outcome } from './usecases/outcomes'
import type { Services } from './usecases/services'

// Start-up code and routes are separate bundles: they do not share module variables, but they share this.
const holder: typeof globalThis & { musterRuntime?: Promise<Runtime> } = globalThis

interface Runtime {
  services: Services
  close(): Promise<void>
}

/** The services that every request uses, built once per process by the first caller. */
export async function runtime(): Promise<Services> {
  holder.musterRuntime ??= build()
  return (await holder.musterRuntime).services
}

/**
 * Waits up to `ms` for the database while an outcome is not saved.
 * @returns the outcomes that will be lost, since the next start cannot find them
 */
export async function saveOutcomes(ms: number): Promise<Outcome[]> {
  const built = await holder.musterRuntime
  if (!built) return []
  const { outcomes } = built.services
  if (outcomes.waiting() > 0) {
    process.stdout.write(
      `Waiting for the database (up to ${ms / 1000} s) to save outcomes of calls to Alibaba Cloud…\n`,
    )
  }
  await outcomes.drain(ms)
  return outcomes.kept().flatMap(({ record, durable }) => (durable ? [] : [record]))
}

/** Writes the state of the emulator and closes the database. Nothing works afterward. */
export async function closeRuntime(): Promise<void> {
  await (await holder.musterRuntime)?.close()
}

export function readEnvironment(): Config {
  return readConfig(process.env, process.cwd())
}

async function build(): Promise<Runtime> {
  const config = readEnvironment()
  const database = await openDatabase({
    url: config.databaseUrl,
    dataDir: config.dataDir,
    migrationsDir: path.join(process.cwd(), 'lib', 'db', 'migrations'),
    onFirstStart: () => process.stdout.write('Preparing the embedded database (first start only)…\n'),
    disk: { onLow: (low) => process.stderr.write(`${diskLine(config.dataDir, low)}\n`) },
    onUpkeepFailure: (statement, error) => log.failure(`upkeep/${statement}`, error),
  })
  const { db, run, storage } = database
  const vault = createVault(config.secret ?? ownSecret(config.dataDir, !(await hasSecret(db))))
  await checkSecret(db, vault)
  const { sandbox, close: closeSandbox } = await openSandbox(config)
  const ledger = createLedger(db, vault, config, async () => (await sandbox?.clock())?.offsetSeconds ?? 0)
  const { dataDir } = config
  const outcomes = createOutcomes({ db, ledger, vault, dataDir, report: problemsOf('outcomes') })
  // Before a request that has an answer is settled as unknown.
  await outcomes.recover()
  if (database.soleOpener) await Promise.all([ledger.settleInterrupted(), forgetInterruptedSyncs(db)])
  const work = { underWay, shutdown: shutdownSignal }
  const jobs = createJobs({
    ...{ db, run, work },
    report: { problem: problemsOf('jobs'), failure: (step, error) => log.failure(`jobs/${step}`, error) },
  })
  const services: Services = {
    config,
    db,
    storage,
    vault,
    ledger,
    outcomes,
    sandbox,
    work,
    jobs,
    cloudFor: createCloud({
      endpoints: endpoints(sandbox),
      deadlineMs: config.callDeadlineMs,
      pacer: createPacer(db),
      stalledMaxMs: config.stalledMaxMs,
      mayBegin: () => !shutdownSignal.aborted,
    }),
  }
  return {
    services,
    async close() {
      try {
        await jobs.stop()
        await closeSandbox()
      } finally {
        await outcomes.close()
        await database.close()
      }
    },
  }
}

function problemsOf(area: string) {
  return (problem: string, facts: Record<string, unknown>) => log.problem(`${area}.${problem}`, facts)
}

function diskLine(dataDir: string, low: boolean): string {
  return low
    ? `The disk that holds ${dataDir} is nearly full: changes are refused until space is freed.`
    : `The disk that holds ${dataDir} has enough space again.`
}

interface OpenedSandbox {
  /** Null when the console talks to Alibaba Cloud. */
  sandbox: SandboxControl | null
  close(): Promise<void>
}

/**
 * Opens the emulator: connects to the one at `MUSTER_SANDBOX_URL`, or starts one in this process.
 * @throws StartupFault
 */
export async function openSandbox({
  cloud,
  sandbox: { url, port, membersPerDirectory },
  dataDir,
}: Pick<Config, 'cloud' | 'sandbox' | 'dataDir'>): Promise<OpenedSandbox> {
  const nothingToClose = async () => {}
  if (cloud === 'alibaba') return { sandbox: null, close: nothingToClose }
  if (url) return { sandbox: await reachSandbox(url.origin), close: nothingToClose }
  const stateFile = path.join(dataDir, 'sandbox.json')
  try {
    makeFolder(dataDir)
    const emulator = await startSandbox({ port, membersPerDirectory, stateFile })
    return { sandbox: connectSandbox(emulator.url), close: () => emulator.close() }
  } catch (error) {
    const { code, syscall, message } = error as NodeJS.ErrnoException
    if (syscall === 'listen') {
      const example = `MUSTER_SANDBOX_PORT=${port < 65_535 ? port + 1 : 4010}`
      throw new StartupFault('MUSTER_SANDBOX_PORT', `cannot listen on port ${port} (${code})`, example)
    }
    throw new StartupFault('MUSTER_DATA_DIR/sandbox.json', message.replace(/\.$/, ''), `rm ${stateFile}`)
  }
}

/** Connects to an emulator in another process and checks it at once, since every page fails without it. */
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
