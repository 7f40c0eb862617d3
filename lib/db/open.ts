import type { Db } from './db.ts'
import type { DiskOptions } from './disk.ts'
import { openPglite } from './pglite.ts'
import { openPostgres } from './postgres.ts'
import { createStorage, type Storage } from './storage.ts'
import type { UpkeepFailure } from './upkeep.ts'

export type { Db } from './db.ts'

export interface OpenOptions {
  /** A PostgreSQL connection string; without it the embedded engine is used. */
  url?: string
  /** Absolute folder of the embedded engine; without it the database lives in memory and ends with the process. */
  dataDir?: string
  /** Absolute folder of the SQL migrations. */
  migrationsDir: string
  /** Called before the embedded engine sets up a new data folder, which takes seconds. */
  onFirstStart?: () => void
  /** How the embedded engine watches its disk. */
  disk?: DiskOptions
  /** Told of each statement of the embedded engine's upkeep that fails, once until it succeeds. */
  onUpkeepFailure?: UpkeepFailure
}

export interface Database {
  db: Db
  /** True if no other process can have this database open, so that open calls found at start are orphans. */
  soleOpener: boolean
  storage: Storage
  close(): Promise<void>
}

/** Opens and migrates the database. Whatever keeps it from opening is a `StartupFault`. */
export async function openDatabase(options: OpenOptions): Promise<Database> {
  const { url, migrationsDir } = options
  if (url) {
    const { db, close } = await openPostgres(url, migrationsDir)
    return {
      db,
      soleOpener: false,
      storage: createStorage(db, null, migrationsDir),
      close,
    }
  }
  const { db, disk, close } = await openPglite(options)
  return { db, soleOpener: true, storage: createStorage(db, disk, migrationsDir), close }
}
