import { createHash, randomUUID } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { drizzle as drizzlePglite } from 'drizzle-orm/pglite'
import { Client } from 'pg'
import type { Db } from './db.ts'
import { type Database, openDatabase } from './open.ts'
import { migrated, openPglite, type PgliteTemplate } from './pglite.ts'
import { openPool, type ServerPool } from './pool.ts'
import { createStorage } from './storage.ts'

export const MIGRATIONS_DIR = join(import.meta.dirname, 'migrations')
const MODULES = join(import.meta.dirname, '..', '..', 'node_modules')
const PGLITE = join(MODULES, '@electric-sql', 'pglite')

export interface TestDatabase extends Database {
  /** Opens the same database again, as a second process would; the embedded engine shares its one session. */
  openAgain(): Promise<Database>
  /** The same database; `show` is called with each statement before it runs. */
  watched(show: (text: string, params: unknown[]) => void): Db
}

/**
 * A new, migrated database on the engine named by `MUSTER_TEST_ENGINE`. Open one per test file; `close()` also removes it.
 */
export async function openTestDatabase(): Promise<TestDatabase> {
  return process.env.MUSTER_TEST_ENGINE === 'postgres' ? openOnServer() : openInMemory()
}

/** Half of a long table of cases; the other engine gets the other half. For SQL that other tests run on both engines. */
export function sharedByEngines<T>(cases: readonly T[]): T[] {
  const rest = process.env.MUSTER_TEST_ENGINE === 'postgres' ? 1 : 0
  return cases.filter((_, number) => number % 2 === rest)
}

async function openOnServer(): Promise<TestDatabase> {
  const { url, drop } = await createServerDatabase()
  const openAgain = () => openDatabase({ url, migrationsDir: MIGRATIONS_DIR })
  const opened = await openAgain()
  const watchedPools: ServerPool[] = []
  const watched: TestDatabase['watched'] = (logQuery) => {
    const pool = openPool(url, { logQuery })
    watchedPools.push(pool)
    return pool.db
  }
  const close = async () => {
    await Promise.all([opened, ...watchedPools].map((one) => one.close()))
    await drop()
  }
  return { ...opened, openAgain, watched, close }
}

/**
 * A new, empty database on the tests' PostgreSQL server.
 * @param locale defaults to the server's
 */
export async function createServerDatabase(locale?: string): Promise<{ url: string; drop(): Promise<void> }> {
  const server = process.env.MUSTER_TEST_DATABASE_URL
  if (!server) {
    throw new Error(
      'MUSTER_TEST_DATABASE_URL is not set: `npm test` sets it, or run `node scripts/postgres.mjs`',
    )
  }
  const name = `muster_test_${randomUUID().replaceAll('-', '')}`
  const settings = locale ? `template template0 encoding 'UTF8' locale '${locale}'` : ''
  await administer(server, `create database ${name} ${settings}`)
  const url = new URL(server)
  url.pathname = `/${name}`
  return { url: url.href, drop: () => administer(server, `drop database ${name} with (force)`) }
}

async function administer(server: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: server })
  await client.connect()
  await client.query(statement).finally(() => client.end())
}

async function openInMemory(): Promise<TestDatabase> {
  const { db, run, client, close } = await openPglite({
    migrationsDir: MIGRATIONS_DIR,
    template: await template(),
  })
  const storage = createStorage(db, null, MIGRATIONS_DIR)
  const database: Database = { db, run, soleOpener: true, storage, close }
  let turn: Promise<unknown> = Promise.resolve()
  const openAgain = async () => {
    // On a server, a lock makes migrations run one after the other; within one session, this queue does.
    const opened = turn.then(() => migrated(client, MIGRATIONS_DIR))
    turn = opened
    return { ...database, db: await opened, close: async () => {} }
  }
  const watched: TestDatabase['watched'] = (logQuery) =>
    drizzlePglite(client, { logger: { logQuery } }) as unknown as Db
  return { ...database, openAgain, watched }
}

/** With this template, an in-memory database starts in a fraction of a second instead of several seconds. */
export async function template(): Promise<PgliteTemplate> {
  compiled ??= WebAssembly.compile(readFileSync(join(PGLITE, 'dist', 'pglite.wasm')))
  return { dataDir: await migratedFolder(), engine: await compiled }
}

/** Shared by the files of one test process, together with its optimized code. */
let compiled: Promise<WebAssembly.Module> | undefined

/**
 * A migrated data folder in one file, created once per version of engine and schema. The test run creates it before its
 * files run in parallel.
 */
export async function migratedFolder(): Promise<Blob> {
  const folder = join(MODULES, '.cache', 'muster')
  const file = join(folder, `pglite-${templateVersion()}.tar`)
  if (!existsSync(file)) {
    const { client, close } = await openPglite({ migrationsDir: MIGRATIONS_DIR })
    const dump = await client.dumpDataDir('none')
    await close()
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
    // A temporary name until it is complete: an interrupted run must not leave half a template.
    const unfinished = `${file}.${randomUUID()}`
    writeFileSync(unfinished, Buffer.from(await dump.arrayBuffer()))
    renameSync(unfinished, file)
  }
  return new Blob([readFileSync(file)])
}

function templateVersion(): string {
  const hash = createHash('sha256').update(readFileSync(join(PGLITE, 'package.json')))
  for (const name of readdirSync(MIGRATIONS_DIR)
    .filter((file) => file.endsWith('.sql'))
    .sort()) {
    hash.update(name).update(readFileSync(join(MIGRATIONS_DIR, name)))
  }
  return hash.digest('hex').slice(0, 16)
}

/**
 * Fills a folder with the migrations of an earlier or later version.
 * @param change `upTo` = only the first ones; `plus` = the statements of an additional one
 */
export function withMigrations(folder: string, change: { upTo?: number; plus?: string[] }): string {
  cpSync(MIGRATIONS_DIR, folder, { recursive: true })
  const file = join(folder, 'meta', '_journal.json')
  const journal = JSON.parse(readFileSync(file, 'utf8')) as { entries: { when: number; tag: string }[] }
  const last = journal.entries.at(-1)
  journal.entries = journal.entries.slice(0, change.upTo)
  if (change.plus && last) {
    const [tag, when] = ['9999_one_more', last.when + 1]
    writeFileSync(join(folder, `${tag}.sql`), change.plus.join('\n--> statement-breakpoint\n'))
    journal.entries.push({ ...last, tag, when })
  }
  writeFileSync(file, JSON.stringify(journal))
  return folder
}
