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
  /** Opens the same database once more, as a second process would; the embedded engine shares its one session. */
  openAgain(): Promise<Database>
  /** The same database, each statement shown before it is run. */
  watched(show: (text: string, params: unknown[]) => void): Db
}

/**
 * A fresh, migrated database on the engine that `MUSTER_TEST_ENGINE` names. Open one for each test file;
 * `close()` also removes it.
 */
export async function openTestDatabase(): Promise<TestDatabase> {
  return process.env.MUSTER_TEST_ENGINE === 'postgres' ? openOnServer() : openInMemory()
}

/** Every second case of a long table, the others on the other engine: for what goes through SQL that other tests run on both. */
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
 * An empty database of its own on the PostgreSQL server of the tests.
 * @param locale left out for the server's own
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
  const { db, client, close } = await openPglite({
    migrationsDir: MIGRATIONS_DIR,
    template: await template(),
  })
  const storage = createStorage(db, null, MIGRATIONS_DIR)
  const database: Database = { db, soleOpener: true, storage, close }
  let turn: Promise<unknown> = Promise.resolve()
  const openAgain = async () => {
    // The server lets its openers migrate one after the other; within one session that is left to us.
    const opened = turn.then(() => migrated(client, MIGRATIONS_DIR))
    turn = opened
    return { ...database, db: await opened, close: async () => {} }
  }
  const watched: TestDatabase['watched'] = (logQuery) =>
    drizzlePglite(client, { logger: { logQuery } }) as unknown as Db
  return { ...database, openAgain, watched }
}

/** An in-memory database that starts from it is there in a fraction of a second instead of several. */
export async function template(): Promise<PgliteTemplate> {
  compiled ??= WebAssembly.compile(readFileSync(join(PGLITE, 'dist', 'pglite.wasm')))
  return { dataDir: await migratedFolder(), engine: await compiled }
}

/** The files of one test process share it, and with it what the engine's code was optimised to. */
let compiled: Promise<WebAssembly.Module> | undefined

/**
 * A migrated data folder in one file, made once for each version of engine and schema. The test run makes it before the
 * files start side by side.
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
    // A name of its own until it is whole: a run cut short must not leave half a template.
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
 * Fills a folder with our migrations, as an earlier or a later version has them.
 * @param change `upTo` = how many of ours; `plus` = the statements of one more
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
