import type { Db, RunSql } from './db.ts'
import type { DiskOptions } from './disk.ts'
import { openPglite } from './pglite.ts'
import { openPostgres } from './postgres.ts'
import { createStorage, type Storage } from './storage.ts'
import type { UpkeepFailure } from './upkeep.ts'

export type { Db } from './db.ts'

export interface OpenOptions {
  /** A PostgreSQL connection string; without it, the embedded engine is used. */
  url?: string
  /** Absolute path of the embedded engine's folder; without it, the database is in memory and lost with the process. */
  dataDir?: string
  /** Absolute path of the SQL migrations. */
  migrationsDir: string
  /** Called before the embedded engine sets up a new data folder, which takes seconds. */
  onFirstStart?: () => void
  /** Disk monitoring of the embedded engine. */
  disk?: DiskOptions
  /** Called when a statement of the embedded engine's upkeep fails, once until it succeeds again. */
  onUpkeepFailure?: UpkeepFailure
}

export interface Database {
  db: Db
  run: RunSql
  /** True if no other process can have this database open, so that calls found in flight at start-up are orphans. */
  soleOpener: boolean
  storage: Storage
  close(): Promise<void>
}

/** Opens and migrates the database. @throws StartupFault if it cannot be opened */
export async function openDatabase(options: OpenOptions): Promise<Database> {
  const { url, migrationsDir } = options
  if (url) {
    const { db, run, close } = await openPostgres(url, migrationsDir)
    return {
      db,
      run,
      soleOpener: false,
      storage: createStorage(db, null, migrationsDir),
      close,
    }
  }
  const { db, run, disk, close } = await openPglite(options)
  return { db, run, soleOpener: true, storage: createStorage(db, disk, migrationsDir), close }
}
