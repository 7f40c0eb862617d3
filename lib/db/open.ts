import { sql } from 'drizzle-orm'
import type { Db } from './db.ts'
import { openPglite } from './pglite.ts'
import { openPostgres } from './postgres.ts'

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
}

export interface Database {
  db: Db
  engine: 'pglite' | 'postgres'
  /** True if no other process can have this database open, so that open calls found at start are orphans. */
  soleOpener: boolean
  /** Rejects if the database does not answer. */
  ping(): Promise<void>
  close(): Promise<void>
}

/** Opens and migrates the database. Whatever keeps it from opening is a `StartupFault`. */
export async function openDatabase(options: OpenOptions): Promise<Database> {
  const { db, close } = options.url
    ? await openPostgres(options.url, options.migrationsDir)
    : await openPglite(options)
  return {
    db,
    engine: options.url ? 'postgres' : 'pglite',
    soleOpener: !options.url,
    ping: async () => void (await db.execute(sql`select 1`)),
    close,
  }
}
