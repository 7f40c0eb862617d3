import { sql } from 'drizzle-orm'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import { StartupFault } from '../startup-fault.ts'
import type { Db } from './db.ts'

/**
 * Brings the schema up to date. A migration that fails leaves nothing behind, for all pending ones share a
 * transaction; so what is refused here is a database that another version, or something else, has written to.
 */
export async function applyMigrations(
  db: Db,
  run: (migrationsDir: string) => Promise<void>,
  migrationsDir: string,
  resource: 'DATABASE_URL' | 'MUSTER_DATA_DIR',
): Promise<void> {
  const known = knownMigrations(migrationsDir)
  const example = resource === 'DATABASE_URL' ? 'postgres://muster@db.example.com/muster' : '/var/lib/muster'
  try {
    const applied = await appliedMigrations(db)
    if (applied.some((migration, at) => migration !== known[at])) {
      throw new StartupFault(
        resource,
        'the database was migrated by a newer or different version of Muster',
        `start that version again, or use an empty database: ${resource}=${example}`,
      )
    }
    await run(migrationsDir)
  } catch (error) {
    if (error instanceof StartupFault) throw error
    throw new StartupFault(
      resource,
      `the migration of the database failed (${innermost(error)})`,
      `an empty database, or one used by Muster alone: ${resource}=${example}`,
    )
  }
}

/** The times that name the migrations of this version, oldest first. */
export function knownMigrations(migrationsDir: string): number[] {
  return readMigrationFiles({ migrationsFolder: migrationsDir }).map(({ folderMillis }) => folderMillis)
}

/** The times that name the applied migrations, oldest first. */
export async function appliedMigrations(db: Db): Promise<number[]> {
  const journal = sql`select to_regclass('drizzle.__drizzle_migrations') is not null as "exists"`
  if (!(await db.execute<{ exists: boolean }>(journal)).rows[0]?.exists) return []
  const { rows } = await db.execute<{ at: string }>(
    sql`select created_at::text as at from drizzle.__drizzle_migrations order by created_at`,
  )
  return rows.map((row) => Number(row.at))
}

/** The driver's own words: the wrapping error quotes the whole statement and its parameters. */
function innermost(error: unknown): string {
  let cause = error
  while (cause instanceof Error && cause.cause) cause = cause.cause
  return cause instanceof Error ? cause.message : String(cause)
}
