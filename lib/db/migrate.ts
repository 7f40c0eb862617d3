import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import { StartupFault } from '../startup-fault.ts'
import type { Db } from './db.ts'
import { compatibility } from './schema/console.ts'

/**
 * Brings the schema up to date. A failed migration leaves nothing behind, because all pending ones share a transaction.
 * Refuses a database that was written by another version or another program. A newer version's migrations are accepted
 * if each of them declares, in its row of `compatibility`, that this build may still run on it: this allows a rollback,
 * and restarting an older replica beside a newer one.
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
    const later = applied.slice(known.length)
    const same = applied.slice(0, known.length).every((migration, at) => migration === known[at])
    if (same && later.length > 0 && (await mayRunOn(db, later.length, migrationsDir))) return
    if (!same || later.length > 0) {
      throw new StartupFault(
        resource,
        'the database was migrated by a newer or different version of Muster',
        `start that version again, restore an earlier backup, or use an empty database: ${resource}=${example}`,
      )
    }
    await run(migrationsDir)
  } catch (error) {
    if (error instanceof StartupFault) throw error
    throw new StartupFault(
      resource,
      `the database migration failed (${innermost(error)})`,
      `an empty database, or one used only by Muster: ${resource}=${example}`,
    )
  }
}

/** The timestamps that identify this version's migrations, oldest first. */
export function knownMigrations(migrationsDir: string): number[] {
  return readMigrationFiles({ migrationsFolder: migrationsDir }).map(({ folderMillis }) => folderMillis)
}

/** The timestamps that identify the applied migrations, oldest first. */
export async function appliedMigrations(db: Db): Promise<number[]> {
  const journal = sql`select to_regclass('drizzle.__drizzle_migrations') is not null as "exists"`
  if (!(await db.execute<{ exists: boolean }>(journal)).rows[0]?.exists) return []
  const { rows } = await db.execute<{ at: string }>(
    sql`select created_at::text as at from drizzle.__drizzle_migrations order by created_at`,
  )
  return rows.map((row) => Number(row.at))
}

/** Whether every migration that this build does not know allows it to run. */
async function mayRunOn(db: Db, unknown: number, migrationsDir: string): Promise<boolean> {
  const journal = readFileSync(join(migrationsDir, 'meta', '_journal.json'), 'utf8')
  const tags = new Set((JSON.parse(journal) as { entries: { tag: string }[] }).entries.map(({ tag }) => tag))
  const rows = await db.select().from(compatibility)
  const later = rows.filter(({ migration }) => !tags.has(migration))
  return later.length === unknown && later.every(({ oldest }) => tags.has(oldest))
}

/** The driver's message: the wrapping error quotes the whole statement and its parameters. */
function innermost(error: unknown): string {
  let cause = error
  while (cause instanceof Error && cause.cause) cause = cause.cause
  return cause instanceof Error ? cause.message : String(cause)
}
