import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eq, isNull, sql } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { StartupFault } from '../startup-fault.ts'
import { type Database, member, openDatabase, session } from './index.ts'
import { signinFailure } from './schema/access.ts'
import { setting } from './schema/console.ts'
import { createServerDatabase, MIGRATIONS_DIR, withMigrations } from './testing.ts'

const cleanUp: (() => unknown)[] = []
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo()
})

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'muster-migrate-'))
  cleanUp.push(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

/** Our migrations by name, oldest first. */
function tags(): string[] {
  const journal = readFileSync(join(MIGRATIONS_DIR, 'meta', '_journal.json'), 'utf8')
  return (JSON.parse(journal) as { entries: { tag: string }[] }).entries.map(({ tag }) => tag)
}

const emptyFolder = mkdtempSync(join(tmpdir(), 'muster-migrate-'))
// Setting up an embedded database takes seconds; copying one is faster.
beforeAll(async () => {
  if (process.env.MUSTER_TEST_ENGINE === 'postgres') return
  const none = withMigrations(mkdtempSync(join(tmpdir(), 'muster-migrate-')), { upTo: 0 })
  await (await openDatabase({ dataDir: emptyFolder, migrationsDir: none })).close()
  rmSync(none, { recursive: true })
})
afterAll(() => rmSync(emptyFolder, { recursive: true, force: true }))

/** An empty database that can be opened repeatedly, each time with the given migrations. */
async function emptyDatabase(): Promise<(migrationsDir: string) => Promise<Database>> {
  if (process.env.MUSTER_TEST_ENGINE === 'postgres') {
    const { url, drop } = await createServerDatabase()
    cleanUp.push(drop)
    return (migrationsDir) => openDatabase({ url, migrationsDir })
  }
  const dataDir = join(folder(), 'data')
  cpSync(emptyFolder, dataDir, { recursive: true })
  return (migrationsDir) => openDatabase({ dataDir, migrationsDir })
}

test('a migration that fails halfway leaves the database unchanged, so that the next start can continue', async () => {
  const open = await emptyDatabase()
  const first = await open(withMigrations(folder(), { upTo: 1 }))
  await first.db.insert(setting).values({ key: 'kept', value: 'from before' })
  await first.close()

  // After ours, one that fails halfway.
  const broken = withMigrations(folder(), { plus: ['create table half (id int)', 'select 1 / 0'] })
  const fault = await open(broken).catch((error: unknown) => error)
  expect(fault).toBeInstanceOf(StartupFault)
  expect(String(fault)).toMatch(
    /(DATABASE_URL|MUSTER_DATA_DIR): the database migration failed \(division by zero\)\. Example: .+$/,
  )

  const half = await open(withMigrations(folder(), { upTo: 1 }))
  const { rows } = await half.db.execute<{ half: string | null; applied: number }>(sql`
    select to_regclass('half')::text as half, (select count(*)::int from drizzle.__drizzle_migrations) as applied`)
  expect(rows).toEqual([{ half: null, applied: 1 }])
  await half.close()

  const whole = await open(MIGRATIONS_DIR)
  expect(await whole.db.select().from(setting)).toEqual([{ key: 'kept', value: 'from before' }])
  await whole.close()
})

describe('a database that a newer version has migrated', () => {
  const newer = (oldest: string) =>
    withMigrations(folder(), {
      plus: [
        'create table of_tomorrow (id int)',
        `insert into compatibility (migration, oldest) values ('9999_one_more', '${oldest}')`,
      ],
    })

  async function faultAfter(newerMigrations: string): Promise<string> {
    const open = await emptyDatabase()
    await (await open(MIGRATIONS_DIR)).close()
    await (await open(newerMigrations)).close()
    const opened = await open(MIGRATIONS_DIR).catch((error: unknown) => String(error))
    if (typeof opened === 'string') return opened
    const tables = sql`select to_regclass('of_tomorrow')::text as kept`
    expect((await opened.db.execute(tables)).rows).toEqual([{ kept: 'of_tomorrow' }])
    await opened.close()
    // The newer version can still use it, too.
    await (await open(newerMigrations)).close()
    return 'none'
  }

  test('can be used if every newer migration allows it', async () => {
    expect(await faultAfter(newer(tags().at(-1) ?? ''))).toBe('none')
  })

  test('is refused if a newer migration requires one that this version does not know', async () => {
    expect(await faultAfter(newer('9999_one_more'))).toMatch(
      /the database was migrated by a newer or different version of Muster\. Example: start that version again, restore/,
    )
  })

  test('is refused if a newer migration declares nothing', async () => {
    const undeclared = withMigrations(folder(), { plus: ['create table of_tomorrow (id int)'] })
    expect(await faultAfter(undeclared)).toMatch(/migrated by a newer or different version of Muster/)
  })
})

test('every migration since 0008 declares which builds may run on it', async () => {
  const open = await emptyDatabase()
  const { db, close } = await open(MIGRATIONS_DIR)
  const rows = await db.execute<{ migration: string; oldest: string }>(
    sql`select migration, oldest from compatibility order by migration`,
  )
  await close()
  const first = tags().indexOf('0008_sign_in') + 1
  expect(rows.rows.map(({ migration }) => migration)).toEqual(tags().slice(first))
  for (const { migration, oldest } of rows.rows) {
    expect(tags()).toContain(oldest)
    expect(oldest <= migration).toBe(true)
  }
})

test('an older console that still runs after the migration can count failed sign-ins', async () => {
  const open = await emptyDatabase()
  const before = await open(withMigrations(folder(), { upTo: tags().indexOf('0008_sign_in') }))
  await before.close()
  const after = await open(MIGRATIONS_DIR)
  // The statements it runs at each sign-in.
  await after.db.insert(signinFailure).values({ keyFingerprint: 'of a key', address: '192.0.2.1' })
  expect(await after.db.$count(signinFailure, eq(signinFailure.address, '192.0.2.1'))).toBe(1)
  await after.close()
})

test('an older console can still sync and list members, and the stored rows are kept', async () => {
  const open = await emptyDatabase()
  const add = (db: Database['db'], id: string, name: string) =>
    db.execute(sql`
      insert into member (account_id, member_id, display_name, type, status, folder_id, pass)
      values ('a', ${id}, ${name}, 'resource', 'CreateSuccess', 'fd-1', 1)
      on conflict (account_id, member_id) do update set display_name = excluded.display_name`)
  const before = await open(withMigrations(folder(), { upTo: tags().indexOf('0012_name_keys') }))
  await add(before.db, '1', 'Shop')
  await before.close()
  const { db, close } = await open(MIGRATIONS_DIR)
  // The statements it runs at each sync and for each page of the list.
  await add(db, '2', 'Depot')
  await add(db, '1', 'STORE')
  const listed = sql`select display_name as name from member
    where account_id = 'a' and gone_at is null and name_key like '%o%' order by name_key, member_id`
  expect((await db.execute(listed)).rows).toEqual([{ name: 'Depot' }, { name: 'STORE' }])
  expect(await db.$count(member, isNull(member.nameFold))).toBe(2)
  await close()
})

test('tables of another program are reported and left alone', async () => {
  const open = await emptyDatabase()
  const otherTables = withMigrations(folder(), { upTo: 0, plus: ['create table audit (somebodys text)'] })
  const other = await open(otherTables)
  await other.db.execute(sql`insert into audit values ('own row')`)
  // Another program would not have the list of migrations.
  await other.db.execute(sql`drop schema drizzle cascade`)
  await other.close()

  const fault = await open(MIGRATIONS_DIR).catch((error: unknown) => error)
  expect(String(fault)).toMatch(/the database migration failed \(relation "audit" already exists\)/)

  const again = await open(withMigrations(folder(), { upTo: 0 }))
  expect((await again.db.execute(sql`select * from audit`)).rows).toEqual([{ somebodys: 'own row' }])
  await again.close()
})

test('older sessions: those with a role of another account are ended, role sessions are marked', async () => {
  const open = await emptyDatabase()
  const before = await open(withMigrations(folder(), { upTo: 6 }))
  const add = (name: string, principal: string, roleArn: string | null) =>
    before.db.execute(sql`
      insert into session (token_hash, site, account_id, operator_id, operator_name, arn, method, role_arn,
        credentials, address, user_agent, ends_at)
      values (${name}, 'international', '5182640937715520', ${principal}, ${name}, 'arn', 'access_key', ${roleArn},
        'sealed', '127.0.0.1', '', now() + interval '1 hour')`)
  await add('own-role', '2001', 'acs:ram::5182640937715520:role/muster-operator')
  await add('foreign-role', '2001', 'acs:ram::5930174486201845:role/harbour-group-admin')
  await add('key', '2001', null)
  await add('role-session', '3001:wei.tan', null)
  await before.close()

  const after = await open(MIGRATIONS_DIR)
  const rows = await after.db
    .select({ name: session.operatorName, method: session.method })
    .from(session)
    .orderBy(session.operatorName)
  expect(rows).toEqual([
    { name: 'key', method: 'access_key' },
    { name: 'own-role', method: 'access_key' },
    { name: 'role-session', method: 'role_session' },
  ])
  await after.close()
})
