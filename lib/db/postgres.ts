import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate } from 'drizzle-orm/node-postgres/migrator'
import { Client } from 'pg'
import { parsePostgresUrl } from '../postgres-url.ts'
import { StartupFault } from '../startup-fault.ts'
import type { Db } from './db.ts'
import { applyMigrations } from './migrate.ts'
import { openPool, type ServerPool } from './pool.ts'

const EXAMPLE = 'DATABASE_URL=postgres://muster:password@db.example.com:5432/muster'
const VERSION_MIN = 15
// Identifies the advisory lock for migrations: any number, the same in every version of Muster.
const MIGRATION_LOCK = 7_737_201_846
const MIGRATION_LOCK_WAIT_SECONDS = 60

/** Checks and migrates a PostgreSQL database, then opens a pool of connections to it. */
export async function openPostgres(url: string, migrationsDir: string): Promise<ServerPool> {
  const place = describe(url)
  await prepare(url, place, migrationsDir)
  return openPool(url)
}

/** Checks the server and migrates it. On one connection, so that replicas that start together take turns. */
async function prepare(url: string, place: string, migrationsDir: string): Promise<void> {
  const client = new Client({
    connectionString: url,
    application_name: 'muster start',
    connectionTimeoutMillis: 10_000,
    // The pool sends these when it connects: a pooler that refuses them must do so now, before anything is migrated.
    statement_timeout: 3_600_000,
    idle_in_transaction_session_timeout: 60_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  })
  let lost: Error | undefined
  client.on('error', (error) => {
    lost = error
  })
  try {
    await client.connect()
    await checkVersion(client, place)
    await lockMigrations(client, place)
    const db = drizzle(client)
    const run = (folder: string) => migrate(db, { migrationsFolder: folder })
    await applyMigrations(db as unknown as Db, run, migrationsDir, 'DATABASE_URL')
  } catch (error) {
    if (lost) throw connectionFault(lost, place)
    throw error instanceof StartupFault ? error : connectionFault(error, place)
  } finally {
    await client.end().catch(() => {})
  }
}

async function checkVersion(client: Client, place: string): Promise<void> {
  const { rows } = await client.query<{ version: string }>(
    `select current_setting('server_version') as version`,
  )
  const version = rows[0]?.version ?? ''
  if (Number.parseInt(version, 10) >= VERSION_MIN) return
  throw new StartupFault(
    'DATABASE_URL',
    `PostgreSQL ${version} at ${place} is too old; ${VERSION_MIN} or newer is required`,
    EXAMPLE,
  )
}

async function lockMigrations(client: Client, place: string): Promise<void> {
  try {
    await client.query(`set lock_timeout = '${MIGRATION_LOCK_WAIT_SECONDS}s'`)
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK])
    await client.query('set lock_timeout = 0')
  } catch (error) {
    if (codeOf(error) !== '55P03') throw error
    throw new StartupFault(
      'DATABASE_URL',
      `another Muster process has been migrating ${place} for over ${MIGRATION_LOCK_WAIT_SECONDS} s`,
      'wait until it finishes or stop it, then start again',
    )
  }
}

/** The server, database and user of a URL, for messages; never the password. */
function describe(url: string): string {
  const { hostname, port, pathname, username, searchParams } = parsePostgresUrl(url)
  const host = hostname || searchParams.get('host') || 'localhost'
  return `${host}:${port || 5432}${pathname}${username && ` as ${username}`}`
}

function connectionFault(error: unknown, place: string): StartupFault {
  const code = codeOf(error)
  const reason = error instanceof Error ? error.message : String(error)
  if (code === '28P01' || code === '28000') {
    return new StartupFault('DATABASE_URL', `PostgreSQL at ${place} refused the user or password`, EXAMPLE)
  }
  if (code === '3D000') {
    return new StartupFault(
      'DATABASE_URL',
      `the database does not exist: ${place}`,
      'create it: createdb muster',
    )
  }
  const [, parameter] = /unsupported startup parameter\D*?(\w+)$/.exec(reason) ?? []
  if (parameter) {
    return new StartupFault(
      'DATABASE_URL',
      `the pooler at ${place} refuses the startup parameter ${parameter}, which limits how long a statement may take`,
      `connect directly to PostgreSQL, or with PgBouncer in session mode set ignore_startup_parameters = ${parameter} there and the same limit on the role`,
    )
  }
  // The driver's message may quote its input, so other failures show only their code or a fixed text.
  const detail = code ?? (/timeout/i.test(reason) ? 'no response in 10 s' : 'the connection failed')
  return new StartupFault('DATABASE_URL', `PostgreSQL at ${place} cannot be reached (${detail})`, EXAMPLE)
}

/** The code of a driver or network error; for a host with several addresses, one error per address is wrapped. */
function codeOf(error: unknown): string | undefined {
  const first = error instanceof AggregateError ? error.errors[0] : error
  return first instanceof Error && 'code' in first && typeof first.code === 'string' ? first.code : undefined
}
