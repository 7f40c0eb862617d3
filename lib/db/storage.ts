import { sql } from 'drizzle-orm'
import type { Db } from './db.ts'
import type { DiskSpace } from './disk.ts'
import { appliedMigrations, knownMigrations } from './migrate.ts'

/** Why nothing can be stored: the disk of the database is (nearly) full, or the server is a read-only standby. */
export type StorageBlock = 'no_space' | 'read_only'

/** Why this process cannot serve. */
export type Unready = StorageBlock | 'database_unreachable' | 'not_migrated'

export interface Storage {
  /** Why no change may begin now; null if changes are possible. */
  blocked(): Promise<StorageBlock | null>
  /** Records and returns what a failed statement shows about the storage. */
  failed(error: unknown): StorageBlock | null
  /** Probes the database; null if it is reachable, migrated and writable. */
  unready(): Promise<Unready | null>
}

/** If a probe takes longer, the database counts as unreachable. */
const PROBE_LIMIT_MS = 3_000
/** Within this time a result is reused, because probes can be requested without a session. */
const PROBE_EVERY_MS = 1_000

/** @param disk of the embedded engine; null for a server or an in-memory database */
export function createStorage(db: Db, disk: DiskSpace | null, migrationsDir: string): Storage {
  const known = knownMigrations(migrationsDir)
  let block: StorageBlock | null = null
  let latest: { at: number; answer: Promise<Unready | null> } | undefined

  async function probe(): Promise<Unready | null> {
    try {
      const applied = await appliedMigrations(db)
      if (known.some((migration) => !applied.includes(migration))) return 'not_migrated'
      if (disk) return (await disk.allowsChanges()) ? null : 'no_space'
      // `rate` is unlogged: the table with the cheapest writes.
      await db.execute(sql`
        insert into rate as r (key, tat) values ('probe', now()) on conflict (key) do update set tat = now()`)
      block = null
      return null
    } catch (error) {
      return storage.failed(error) ?? 'database_unreachable'
    }
  }

  const storage: Storage = {
    async blocked() {
      if (disk) return (await disk.allowsChanges()) ? null : 'no_space'
      // A server shows a block only by refusing a write, which may be possible again by now.
      if (block) await storage.unready()
      return block
    },
    failed(error) {
      const found = storageBlock(error)
      // The embedded engine is read-only only for lack of space.
      if (found && disk) return 'no_space'
      if (found) block = found
      return found
    },
    unready() {
      const now = performance.now()
      if (!latest || now - latest.at >= PROBE_EVERY_MS) latest = { at: now, answer: inTime(probe()) }
      return latest.answer
    },
  }
  return storage
}

function inTime(probe: Promise<Unready | null>): Promise<Unready | null> {
  let timer: NodeJS.Timeout
  const late = new Promise<Unready>((resolve) => {
    timer = setTimeout(() => resolve('database_unreachable'), PROBE_LIMIT_MS)
  })
  return Promise.race([probe, late]).finally(() => clearTimeout(timer))
}

/** Whether a statement failed because of lack of space or a read-only database, however deeply the error is wrapped. */
export function storageBlock(error: unknown): StorageBlock | null {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { code } = cause as { code?: unknown }
    if (code === '53100') return 'no_space'
    if (code === '25006') return 'read_only'
  }
  return null
}

/** For optional writes made while reading: skipped while nothing can be stored. Not inside a transaction. */
export async function ignoringFullStorage(write: Promise<unknown>): Promise<void> {
  try {
    await write
  } catch (error) {
    if (!storageBlock(error)) throw error
  }
}
