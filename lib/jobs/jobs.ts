import { setTimeout as wait } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { fromDrizzle, PgBoss } from 'pg-boss'
import { type Db, isStorageAway, type RunSql, storageBlock } from '@/lib/db'
import {
  backlogSize,
  deadLetterQueue,
  type JobData,
  type JobName,
  jobNames,
  type QueueState,
  queues,
} from './queues'

const schema = 'pgboss'

// A killed process is noticed after the heartbeat plus one of these rounds, and its job is then taken over.
const heartbeatSeconds = 10
const superviseSeconds = 15
/** No job takes longer; one that still seems to run after this long is repeated. */
const longestSeconds = 60 * 60
const pollSeconds = 2
const keptSeconds = 24 * 60 * 60
const retryMs = 5_000

/** Repetitions are for processes that were killed and outages that were short. */
const policy = {
  retryLimit: 3,
  retryBackoff: true,
  retryDelay: 5,
  heartbeatSeconds,
  expireInSeconds: longestSeconds,
  deleteAfterSeconds: keptSeconds,
  deadLetter: deadLetterQueue,
}

export type Handlers = { [Name in JobName]: (data: JobData[Name]) => Promise<void> }

/** What happened to the engine or a job, as the log names it. `given_up`: it failed each time. */
export type JobProblem = 'database_unavailable' | 'database_available' | 'backlog' | 'given_up'

export interface JobReport {
  problem(problem: JobProblem, facts: Record<string, unknown>): void
  /** @param step the name of the job, or `engine` */
  failure(step: string, error: unknown): void
}

export interface JobOptions {
  db: Db
  run: RunSql
  report: JobReport
  work: {
    /** Registers a job that the process finishes before it exits. */
    underWay<T>(work: Promise<T>): Promise<T>
    shutdown: AbortSignal
  }
}

export interface Jobs {
  /** Takes jobs from now on, until the shutdown begins. While the database is unavailable, tries again. */
  start(handlers: Handlers): Promise<void>
  /** Waits for the running jobs. Never rejects: what is closed after it must be closed in any case. */
  stop(): Promise<void>
  /** Adds a job in the caller's transaction: it exists if, and only if, that commits. */
  send<Name extends JobName>(tx: Db, name: Name, data: JobData[Name]): Promise<void>
  states(): Promise<QueueState[]>
}

/**
 * Background jobs in the database, run by whichever process takes them first. The engine runs a job at least once: a job that
 * was interrupted runs again. A job that changes something at Alibaba Cloud must go through the ledger, which knows whether the
 * call was made.
 */
export function createJobs({ db, run, report, work }: JobOptions): Jobs {
  const statements = watched(run, report)
  const boss = new PgBoss({
    db: { executeSql: statements.run },
    schema,
    // Created by our own migration, under its lock.
    migrate: false,
    createSchema: false,
    registerInstance: false,
    // Both engines look after their indexes and dead rows themselves.
    reindex: false,
    monitorVacuum: false,
    superviseIntervalSeconds: superviseSeconds,
    monitorIntervalSeconds: superviseSeconds,
    // Only for jobs that wait for other jobs, of which there are none.
    flowIntervalSeconds: 3600,
    warningQueueSize: backlogSize,
  })
  boss.on('error', (error) => {
    // Polls fail until the database is back, which is reported already.
    if (statements.away()) return
    // Most are copies of errors and no longer of their class.
    const { stack, code } = error as { stack?: string; code?: unknown }
    report.failure('engine', Object.assign(new Error('the job engine failed'), { stack, code }))
  })
  boss.on('warning', ({ data }) => {
    const { name, queuedCount } = data as { name?: string; queuedCount?: number }
    if (queuedCount !== undefined) report.problem('backlog', { job: name, waiting: Number(queuedCount) })
  })
  let stopped: Promise<void> | undefined

  async function start(handlers: Handlers): Promise<void> {
    work.shutdown.addEventListener('abort', () => void stop())
    while (!work.shutdown.aborted) {
      try {
        await boss.start()
        await prepareQueues()
        break
      } catch (error) {
        if (!isUnavailable(error)) throw error
        await wait(retryMs, undefined, { signal: work.shutdown }).catch(() => {})
      }
    }
    if (work.shutdown.aborted) return
    for (const name of jobNames) await takeJobs(name, handlers[name])
    await boss.work(deadLetterQueue, { pollingIntervalSeconds: 30, includeMetadata: true }, async ([job]) => {
      report.problem('given_up', { job: job?.sourceName, attempts: (job?.sourceRetryCount ?? 0) + 1 })
    })
  }

  async function prepareQueues(): Promise<void> {
    await boss.createQueue(deadLetterQueue, { retryLimit: 3, deleteAfterSeconds: keptSeconds })
    for (const name of jobNames) {
      const { everyMinutes } = queues[name]
      // One at a time: a scheduled job that is still waiting or running need not be added again.
      await boss.createQueue(name, { ...policy, policy: everyMinutes ? 'exclusive' : 'standard' })
      await boss.updateQueue(name, policy)
      if (!everyMinutes) continue
      await boss.schedule(name, `*/${everyMinutes} * * * *`, null, { missed: 'once' })
      await boss.send(name, null)
    }
  }

  async function takeJobs<Name extends JobName>(
    name: Name,
    handle: (data: JobData[Name]) => Promise<void>,
  ): Promise<void> {
    await boss.work<JobData[Name]>(name, { pollingIntervalSeconds: pollSeconds }, async ([job]) => {
      if (job) await work.underWay(attempt(name, () => handle(job.data)))
    })
  }

  async function attempt(name: JobName, run: () => Promise<void>): Promise<void> {
    try {
      await run()
    } catch (error) {
      // A handler of several steps has reported each.
      if (!(error instanceof AggregateError)) report.failure(name, error)
      // The engine stores what it is thrown. A message may contain values, so it gets none.
      throw new Error('failed')
    }
  }

  function stop(): Promise<void> {
    stopped ??= boss.stop({ close: false }).catch((error) => report.failure('engine', error))
    return stopped
  }

  return {
    start,
    stop,
    async send(tx, name, data) {
      await boss.send(name, data, { db: fromDrizzle(tx, sql) })
    },
    async states() {
      const { rows } = await db.execute<QueueRow>(sql`
        select name,
          count(*) filter (where state in ('created', 'retry'))::int as waiting,
          count(*) filter (where state = 'active')::int as running,
          ${lastAs('completed')} as done,
          ${lastAs('failed')} as failed
        from pgboss.job group by name`)
      return jobNames.map((name) => {
        const row = rows.find((one) => one.name === name)
        const done = row?.done ?? null
        return {
          name,
          state: row ? stateOf(row) : 'idle',
          waiting: row?.waiting ?? 0,
          lastDoneAt: done === null ? null : new Date(done),
        }
      })
    },
  }
}

type QueueRow = {
  name: string
  waiting: number
  running: number
  done: number | null
  failed: number | null
}

/** When the latest job ended in this state, in milliseconds: both engines return numbers alike, but not timestamps. */
function lastAs(state: 'completed' | 'failed') {
  return sql`(extract(epoch from max(completed_on) filter (where state = ${state})) * 1000)::float8`
}

function stateOf({ waiting, running, done, failed }: QueueRow): QueueState['state'] {
  if (failed !== null && (done === null || failed > done)) return 'failed'
  if (waiting > backlogSize) return 'behind'
  return running > 0 ? 'running' : 'idle'
}

/** Runs the engine's statements. An outage fails each of its polls, but is reported once at its beginning and end. */
function watched(run: RunSql, report: JobReport): { run: RunSql; away(): boolean } {
  let away = false
  return {
    away: () => away,
    async run(text, values) {
      try {
        const result = await run(text, values)
        if (away) report.problem('database_available', {})
        away = false
        return result
      } catch (error) {
        if (!away && isUnavailable(error)) {
          away = true
          report.problem('database_unavailable', {})
        }
        throw error
      }
    },
  }
}

function isUnavailable(error: unknown): boolean {
  return isStorageAway(error) || storageBlock(error) !== null
}
