// Replaces PostgreSQL's checkpointer and autovacuum, which the embedded engine lacks.

const CHECKPOINT_WAL_BYTES = 16 * 1024 * 1024
/** More than `max_wal_size`: left behind by an earlier run. */
const WAL_BYTES_MAX = 96 * 1024 * 1024
const DELAY_MS = 1_000

/** Runs one statement and returns its rows. */
type Run = (statement: string) => Promise<Record<string, unknown>[]>

interface Permission {
  /** Whether there is enough space for the engine to write at all. */
  writable(): boolean
  /** Whether space is so low that only a checkpoint, which can free some, makes sense. */
  low(): boolean
}

export type UpkeepFailure = (statement: string, error: unknown) => void

export interface Upkeep {
  /** Call after every statement: there may be work to do. */
  touch(): void
  /** Waits for the running step and starts no other. */
  stop(): Promise<void>
}

/**
 * Checkpoints, vacuums and analyzes after a certain amount of WAL or changed rows. Each step is one short statement, so
 * that others can use the only connection in between. An idle database is left alone.
 */
export function startUpkeep(
  run: Run,
  { writable, low }: Permission,
  onFailure: UpkeepFailure = () => {},
): Upkeep {
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | undefined
  let stopped = false
  let checkedAt = -1
  let trimmed = false
  const failing = new Set<string>()

  /** A failed step is due again after the next change, and does not stop the other steps. */
  async function attempt(step: string, work: () => Promise<unknown>): Promise<void> {
    try {
      await work()
      failing.delete(step)
    } catch (error) {
      if (!failing.has(step) && !stopped) onFailure(step, error)
      failing.add(step)
    }
  }

  async function round(): Promise<void> {
    if (stopped || !writable()) return
    const [wal] = await run(walState)
    const { position, since, size } = wal as { position: number; since: number; size: number }
    if (position === checkedAt) return
    if (since >= CHECKPOINT_WAL_BYTES || (!trimmed && size > WAL_BYTES_MAX)) {
      trimmed = true
      await attempt('checkpoint', () => run('checkpoint'))
    }
    // Otherwise the engine's counts of changed rows lag by up to a second.
    await run('select pg_stat_force_next_flush()')
    for (const { statement } of await run(dueTables)) {
      if (stopped || low()) return
      await attempt(String(statement), () => run(String(statement)))
    }
    const [after] = await run(walState)
    checkedAt = Number(after?.position)
  }

  return {
    touch() {
      if (stopped || timer || running) return
      timer = setTimeout(() => {
        timer = undefined
        running = attempt('check', round).finally(() => {
          running = undefined
        })
      }, DELAY_MS).unref()
    },
    async stop() {
      stopped = true
      clearTimeout(timer)
      await running
    },
  }
}

const walState = `
  select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::float8 as position,
    pg_wal_lsn_diff(pg_current_wal_insert_lsn(), redo_lsn)::float8 as since,
    (select coalesce(sum(size), 0) from pg_ls_waldir())::float8 as size
  from pg_control_checkpoint()`

/**
 * PostgreSQL's own conditions (https://www.postgresql.org/docs/18/routine-vacuuming.html#AUTOVACUUM), with upper limits
 * that keep a single step short. Tables are analyzed first: plans suffer sooner than space.
 */
const dueTables = `
  with counted as (
    select format('%I.%I', s.schemaname, s.relname) as name, s.schemaname, s.n_dead_tup, s.n_mod_since_analyze,
      s.n_ins_since_vacuum, greatest(c.reltuples, 0) as rows, age(c.relfrozenxid) as age
    from pg_stat_all_tables s join pg_class c on c.oid = s.relid
    where c.relkind in ('r', 't', 'm') and c.relpersistence <> 't')
  select 'analyze ' || name as statement from counted
  where n_mod_since_analyze > 50 + 0.1 * rows and schemaname <> 'pg_toast'
  union all
  select 'vacuum ' || name from counted
  where n_dead_tup > least(50 + 0.2 * rows, 10000) or n_ins_since_vacuum > least(1000 + 0.2 * rows, 10000)
    or age > 150000000`
