import { randomBytes } from 'node:crypto'
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { StartupFault } from '../startup-fault.ts'
import { AUDIT_OUTCOMES, PHONE_STATES } from './enums.ts'
import {
  audit,
  CODE_REQUEST_STATES,
  type CodeRequestState,
  checkSecret,
  codeRequest,
  createVault,
  directory,
  hasSecret,
  member,
  session,
} from './index.ts'
import { applyMigrations } from './migrate.ts'
import { setting } from './schema/console.ts'
import { MIGRATIONS_DIR, openTestDatabase, type TestDatabase } from './testing.ts'

// Generous, for busy machines.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 })

let database: TestDatabase
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

/**
 * The name of the constraint or unique index that refused a write, however deeply the driver's error is wrapped;
 * `undefined` for any other failure.
 */
function violatedConstraint(error: unknown): string | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { code, constraint } = cause as { code?: unknown; constraint?: unknown }
    // Class 23 is "integrity constraint violation" in both drivers.
    if (typeof code === 'string' && code.startsWith('23') && typeof constraint === 'string') return constraint
  }
  return undefined
}

/** The constraint that refuses a write; undefined if the write succeeds or fails otherwise. */
async function refusal(write: PromiseLike<unknown>) {
  const error = await Promise.resolve(write).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  return violatedConstraint(error)
}

const request = (target: string, state: CodeRequestState) => ({
  accountId: 'account',
  operation: 'bind_phone' as const,
  target,
  state,
  numberMasked: '65-91**4567',
  numberFingerprint: 'f',
  operatorId: 'operator',
  operatorName: 'Operator',
})

const memberRow = (memberId: string, displayName: string) => ({
  accountId: 'account',
  memberId,
  displayName,
  type: 'ResourceAccount',
  status: 'CreateSuccess',
  folderId: 'r-1',
  generation: 1,
})

test('migrating again changes nothing', async () => {
  const applied = sql`select count(*)::int as n from drizzle.__drizzle_migrations`
  const before = await database.db.execute<{ n: number }>(applied)
  const again = await database.openAgain()
  expect(await again.storage.unready()).toBeNull()
  await again.close()
  expect((await database.db.execute<{ n: number }>(applied)).rows).toEqual(before.rows)
  expect(before.rows[0]?.n).toBeGreaterThan(0)
})

test('a database that a newer version has migrated is refused and left alone', async () => {
  const rollback = new Error('undo the newer version')
  const attempt = database.db.transaction(async (tx) => {
    await tx.execute(
      sql`insert into drizzle.__drizzle_migrations (hash, created_at) values ('newer', 9999999999999)`,
    )
    const fault = await applyMigrations(
      tx,
      () => Promise.reject(new Error('migrated')),
      MIGRATIONS_DIR,
      'DATABASE_URL',
    ).catch((error: unknown) => error)
    expect(fault).toBeInstanceOf(StartupFault)
    expect(String(fault)).toContain('newer or different version of Muster')
    throw rollback
  })
  await expect(attempt).rejects.toBe(rollback)
})

test('a failed migration is reported with the database’s message, on one line', async () => {
  const run = async () =>
    void (await database.db.execute(sql`create table "member" (secret text default 'hidden')`))
  const fault = await applyMigrations(database.db, run, MIGRATIONS_DIR, 'DATABASE_URL').catch(
    (error: unknown) => error,
  )
  expect(fault).toBeInstanceOf(StartupFault)
  expect(String(fault)).toContain(
    'DATABASE_URL: the database migration failed (relation "member" already exists)',
  )
  expect(String(fault)).not.toContain('hidden')
})

test('one code request per target may be sending, and one in use', async () => {
  const { db } = database
  for (const [state, index] of [
    ['sending', 'code_request_one_sending'],
    ['applying', 'code_request_one_use'],
    ['trying', 'code_request_one_use'],
  ] as const) {
    const [one, other] = [`${state}-1`, `${state}-2`]
    const [first] = await db.insert(codeRequest).values(request(one, state)).returning()
    expect(await refusal(db.insert(codeRequest).values(request(one, state)))).toBe(index)
    await db.insert(codeRequest).values(request(other, state))
    await db.insert(codeRequest).values({ ...request(one, state), accountId: 'other' })
    await db
      .update(codeRequest)
      .set({ state: 'unknown' })
      .where(eq(codeRequest.id, first?.id ?? ''))
    await db.insert(codeRequest).values(request(one, state))
  }
})

test('each enum column accepts the values of its union and refuses others', async () => {
  const { db } = database
  const cases = [
    ['code_request', 'state', 'code_request_state_check', [...CODE_REQUEST_STATES]],
    ['audit', 'outcome', 'audit_outcome_check', [...AUDIT_OUTCOMES]],
    ['member', 'phone', 'member_phone_check', [...PHONE_STATES]],
  ] as const
  const insert = {
    code_request: (state: string, n: number) => ({
      into: codeRequest,
      row: { ...request(`t${n}`, 'void'), state },
    }),
    audit: (outcome: string) => ({ into: audit, row: { action: 'a', correlationId: 'c', outcome } }),
    member: (phone: string, n: number) => ({ into: member, row: { ...memberRow(`check-${n}`, 'M'), phone } }),
  }
  for (const [table, , constraint, values] of cases) {
    for (const [n, value] of values.entries()) {
      const { into, row } = insert[table](value, n)
      await db.insert(into).values(row as never)
    }
    const { into, row } = insert[table]('other', 99)
    expect(await refusal(db.insert(into).values(row as never))).toBe(constraint)
  }
  const site = db.insert(directory).values({ accountId: 'a', site: 'mars' as never, directoryId: 'rd' })
  expect(await refusal(site)).toBe('directory_site_check')
})

test('a session token is unique', async () => {
  const row = {
    tokenHash: 'hash',
    site: 'china' as const,
    accountId: 'account',
    operatorId: 'operator',
    operatorName: 'Operator',
    arn: 'acs:ram::1:user/operator',
    method: 'access_key' as const,
    credentials: 'v1.sealed',
    address: '127.0.0.1',
    userAgent: 'test',
    endsAt: new Date('2030-01-01T08:00:00.123Z'),
  }
  const [stored] = await database.db.insert(session).values(row).returning()
  expect(stored).toMatchObject({ ...row, directoryId: null, mayListUntil: null })
  expect(await refusal(database.db.insert(session).values(row))).toBe('session_token_hash_key')
})

test('an error that is not a violation names no constraint', async () => {
  const error = await database.db.execute(sql`select 1 / 0`).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(Error)
  expect(violatedConstraint(error)).toBeUndefined()
  expect(violatedConstraint('text')).toBeUndefined()
})

test('the secret of a new database is recorded, and another one is refused', async () => {
  const vault = createVault(randomBytes(32))
  expect(await hasSecret(database.db)).toBe(false)
  await checkSecret(database.db, vault)
  await checkSecret(database.db, vault)
  expect(await hasSecret(database.db)).toBe(true)
  const refused = checkSecret(database.db, createVault(randomBytes(32)))
  await expect(refused).rejects.toThrow(/^MUSTER_SECRET: it is not the secret/)
  await expect(refused).rejects.toBeInstanceOf(StartupFault)
  expect(await database.db.select().from(setting)).toHaveLength(1)
})

test('a rollback removes the rows', async () => {
  const rollback = new Error('rollback')
  const attempt = database.db.transaction(async (tx) => {
    await tx.insert(setting).values({ key: 'rolled-back', value: 'x' })
    throw rollback
  })
  await expect(attempt).rejects.toBe(rollback)
  expect(await database.db.select().from(setting).where(eq(setting.key, 'rolled-back'))).toEqual([])
})

test('lists of 10,000 members come from an index, without sorting', async () => {
  const { db } = database
  await db.execute(sql`
    insert into member
      (account_id, member_id, display_name, name_fold, name_pinyin, type, status, folder_id, phone, pass)
    select 'big', (1000000000000000 + n)::text, 'Shop ' || n, 'shop ' || n, 'dian4店 ' || n, 'type-' || n % 20,
      'status-' || n % 20, 'fd-' || n % 20, case when n % 50 = 0 then 'missing' else 'bound' end, 1
    from generate_series(1, 10000) n`)
  const present = sql`account_id = 'big' and gone_at is null`
  const inOrder = (key: string) => sql`order by ${sql.identifier(`name_${key}`)}, member_id limit 50`
  const plansIn = (key: string) => ({
    [`member_${key}_idx`]: sql`select * from member where ${present} ${inOrder(key)}`,
    [`member_phone_${key}_idx`]: sql`select * from member where ${present} and phone = 'missing' ${inOrder(key)}`,
    [`member_type_${key}_idx`]: sql`select * from member where ${present} and type = 'type-7' ${inOrder(key)}`,
    [`member_status_${key}_idx`]: sql`select * from member where ${present} and status = 'status-7' ${inOrder(key)}`,
    [`member_folder_${key}_idx`]: sql`select * from member where ${present} and folder_id = 'fd-7' ${inOrder(key)}`,
  })
  const plans = {
    ...plansIn('fold'),
    ...plansIn('pinyin'),
    member_pk: sql`select * from member where account_id = 'big' and member_id like '10000000000012%'`,
  }
  async function unfit(): Promise<string[]> {
    const found: string[] = []
    for (const [index, query] of Object.entries(plans)) {
      const { rows } = await db.execute<{ 'QUERY PLAN': string }>(sql`explain ${query}`)
      const plan = rows.map((row) => row['QUERY PLAN']).join('\n')
      if (!plan.includes(index) || plan.includes('Sort')) found.push(plan)
    }
    return found
  }
  // The planner's statistics follow soon after the rows, by autovacuum or the embedded engine's own upkeep.
  await expect.poll(unfit, { timeout: 110_000, interval: 500 }).toEqual([])
})

test('processes that start together on an empty database migrate it once', async () => {
  const { db } = database
  for (const schema of ['public', 'drizzle', 'pgboss'])
    await db.execute(sql.raw(`drop schema ${schema} cascade`))
  await db.execute(sql`create schema public`)
  const opened = await Promise.all([database.openAgain(), database.openAgain(), database.openAgain()])
  for (const { db: other, close } of opened) {
    expect(await other.select().from(setting)).toEqual([])
    await close()
  }
})
