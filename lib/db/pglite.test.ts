import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { StartupFault } from '../startup-fault.ts'
import { openDatabase } from './index.ts'
import { openPglite } from './pglite.ts'
import { setting } from './schema/console.ts'
import { MIGRATIONS_DIR, withMigrations } from './testing.ts'

const home = mkdtempSync(join(tmpdir(), 'muster-pglite-'))
const dataDir = join(home, 'data')
const options = { dataDir, migrationsDir: MIGRATIONS_DIR }
// Generous, for busy machines.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

let firstStarts = 0
const onFirstStart = () => {
  firstStarts += 1
}

beforeAll(async () => {
  // Left behind by an interrupted first start.
  mkdirSync(join(dataDir, 'db.unfinished'), { recursive: true })
  writeFileSync(join(dataDir, 'db.unfinished', 'PG_VERSION'), '18\n')
  const database = await openDatabase({ ...options, onFirstStart })
  await database.close()
})
afterAll(() => rmSync(home, { recursive: true, force: true }))

async function faultOf(opening: Promise<unknown>): Promise<StartupFault> {
  const fault = await opening.catch((error: unknown) => error)
  if (!(fault instanceof StartupFault)) throw new Error(`expected a start-up fault, got ${fault}`)
  return fault
}

/** Another Muster process: prints the number of each row once it is committed, until it is killed. */
function startWriter(): ChildProcess {
  const moduleOf = (name: string) => JSON.stringify(join(import.meta.dirname, name))
  const code = `
    const { openDatabase } = await import(${moduleOf('index.ts')})
    const { setting } = await import(${moduleOf('schema/console.ts')})
    const { db } = await openDatabase(${JSON.stringify(options)})
    for (let n = 0; ; n += 1) {
      await db.insert(setting).values({ key: 'written-' + n, value: 'x' })
      console.log(n)
    }`
  return spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

test('the first start is announced once, and removes an unfinished folder', async () => {
  expect(firstStarts).toBe(1)
  expect(existsSync(join(dataDir, 'db.unfinished'))).toBe(false)
  const database = await openDatabase({ ...options, onFirstStart })
  expect(database).toMatchObject({ soleOpener: true })
  await database.close()
  expect(firstStarts).toBe(1)
})

test('a folder in use by a second process is refused; after SIGKILL it opens with every acknowledged row', async () => {
  const writer = startWriter()
  const ended = once(writer, 'exit')
  let acknowledged = -1
  try {
    if (!writer.stdout) throw new Error('the writer has no output')
    for await (const line of createInterface(writer.stdout)) {
      acknowledged = Number(line)
      if (acknowledged === 10) {
        const fault = await faultOf(openDatabase(options))
        expect(fault.message).toMatch(
          /^MUSTER_DATA_DIR: the data folder .* is in use by another Muster process\. Example: /,
        )
      }
      if (acknowledged === 40) writer.kill('SIGKILL')
    }
    await ended
  } finally {
    writer.kill('SIGKILL')
  }
  expect(acknowledged).toBeGreaterThanOrEqual(40)
  const { db, close } = await openDatabase(options)
  const { rows } = await db.execute<{ n: number }>(
    sql`select count(*)::int as n from setting where key like 'written-%' and substr(key, 9)::int <= ${acknowledged}`,
  )
  await close()
  expect(rows[0]?.n).toBe(acknowledged + 1)
})

test('a second opening in the same process is refused too, and the folder is free after closing', async () => {
  const first = await openDatabase(options)
  expect((await faultOf(openDatabase(options))).message).toContain('in use')
  await first.close()
  await (await openDatabase(options)).close()
})

test('every commit is synced to disk', async () => {
  const { db, files, close } = await openPglite(options)
  const before = files?.syncs ?? Number.NaN
  for (let n = 0; n < 5; n += 1) await db.insert(setting).values({ key: `synced-${n}`, value: 'x' })
  const after = files?.syncs ?? Number.NaN
  await close()
  expect(after - before).toBeGreaterThanOrEqual(5)
})

test('a checkpoint syncs every file it has written, since the earlier WAL is not kept', async () => {
  const { client, files, close } = await openPglite(options)
  for (const table of ['one', 'two', 'three']) await client.query(`create table ${table} as select 1 as n`)
  const before = files?.syncs ?? Number.NaN
  await client.query('checkpoint')
  const after = files?.syncs ?? Number.NaN
  await close()
  // Three tables, the catalog and the WAL.
  expect(after - before).toBeGreaterThanOrEqual(5)
})

test('a folder that cannot be created is a fault that names the variable and the reason', async () => {
  const file = join(home, 'a-file')
  writeFileSync(file, '')
  const fault = await faultOf(openDatabase({ ...options, dataDir: join(file, 'data') }))
  expect(fault.message).toMatch(/^MUSTER_DATA_DIR: the data folder .* cannot be written \(.*ENOTDIR/)
})

test('a database of another version is a fault', async () => {
  const unrelated = join(home, 'unrelated')
  mkdirSync(join(unrelated, 'db'), { recursive: true })
  writeFileSync(join(unrelated, 'db', 'PG_VERSION'), '9.6\n')
  for (const _ of ['first', 'again']) {
    const fault = await faultOf(openDatabase({ ...options, dataDir: unrelated }))
    expect(fault.message).toContain('MUSTER_DATA_DIR: the embedded database in')
  }
})

test('a folder whose `db` contains unrelated files is left unchanged', async () => {
  const unrelated = join(home, 'other')
  mkdirSync(join(unrelated, 'db'), { recursive: true })
  writeFileSync(join(unrelated, 'db', 'thesis.odt'), 'years of work')
  const fault = await faultOf(openDatabase({ ...options, dataDir: unrelated }))
  expect(fault.message).toMatch(/^MUSTER_DATA_DIR: .+db contains files of something else/)
  expect(readdirSync(join(unrelated, 'db'))).toEqual(['thesis.odt'])
  expect(existsSync(join(unrelated, 'db.unfinished'))).toBe(false)
})

test('a process killed during a migration leaves the database unchanged; the next one completes it', async () => {
  const killed = join(home, 'killed')
  const folder = (name: string) => mkdtempSync(join(home, name))
  const early = await openDatabase({
    dataDir: killed,
    migrationsDir: withMigrations(folder('early-'), { upTo: 1 }),
  })
  await early.db.insert(setting).values({ key: 'kept', value: 'from before' })
  await early.close()

  // The last but one statement signals that those before it are done; the last one runs practically forever.
  const migrationsDir = withMigrations(folder('endless-'), {
    plus: [
      'create table half (id int)',
      `copy (select 1) to '/pglite/data/half-way'`,
      'select count(*) from generate_series(1, 1000000000000)',
    ],
  })
  const index = JSON.stringify(join(import.meta.dirname, 'index.ts'))
  const code = `
    const { openDatabase } = await import(${index})
    await openDatabase(${JSON.stringify({ dataDir: killed, migrationsDir })})`
  const migrating = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: 'inherit' })
  const ended = once(migrating, 'exit')
  try {
    await vi.waitUntil(() => existsSync(join(killed, 'db', 'half-way')) || migrating.exitCode !== null, {
      timeout: 50_000,
    })
  } finally {
    migrating.kill('SIGKILL')
  }
  expect(await ended).toEqual([null, 'SIGKILL'])

  const { db, close } = await openDatabase({ ...options, dataDir: killed })
  const { rows } = await db.execute(sql`select to_regclass('half')::text as half`)
  expect(rows).toEqual([{ half: null }])
  expect(await db.select().from(setting)).toEqual([{ key: 'kept', value: 'from before' }])
  await close()
})
