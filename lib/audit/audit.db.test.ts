import { type SQL, sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { audit, type Db } from '../db/index.ts'
import { openTestDatabase, type TestDatabase } from '../db/testing.ts'
import { type AuditEntry, appendAudit, listAudit } from './index.ts'
import { verifyAudit } from './testing.ts'

// Much longer than the tests take, for busy machines.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

let database: TestDatabase
beforeAll(async () => {
  database = await openTestDatabase()
  for (let n = 1; n <= 6; n += 1) await appendAudit(database.db, entry({ target: `member-${n}` }))
})
afterAll(() => database.close())

function entry(changes: Partial<AuditEntry> = {}): AuditEntry {
  return {
    accountId: 'chained',
    operatorId: '2001',
    operatorName: '王 "Ann" \\ O’Neil',
    method: 'access_key',
    address: '127.0.0.1',
    action: 'phone.bind',
    target: null,
    outcome: 'started',
    correlationId: 'c-1',
    detail: { number: '65-91**4567', tries: 1.5, nested: { b: null, a: ['x'] } },
    ...changes,
  }
}

/** Changes the log as only the database owner can, runs `check` on it, and rolls back. */
async function tampered(statement: SQL, check: (db: Db) => Promise<void>) {
  const undo = new Error('undo')
  const attempt = database.db.transaction(async (tx) => {
    await tx.execute(sql`alter table audit disable trigger user`)
    await tx.execute(statement)
    await check(tx)
    throw undo
  })
  await expect(attempt).rejects.toBe(undo)
}

const faultsOf = async (db: Db) => (await verifyAudit(db)).faults

test('rows have consecutive IDs and non-decreasing times, and verify', async () => {
  const { faults, checked, nextAfterId, head } = await verifyAudit(database.db)
  expect(faults).toEqual([])
  expect(nextAfterId).toBeNull()
  const rows = await listAudit(database.db, { accountId: 'chained' }, { afterId: 0, limit: 500 })
  expect(rows.slice(0, 6).map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6])
  expect(rows[0]).toMatchObject(entry({ target: 'member-1' }))
  expect(rows[0]?.prev).toBe('0'.repeat(64))
  for (const [n, row] of rows.entries()) {
    const next = rows[n + 1]
    if (!next) continue
    expect(next.prev).toBe(row.hash)
    expect(next.at.getTime()).toBeGreaterThanOrEqual(row.at.getTime())
  }
  expect(head.id).toBe(checked)
})

test('verification is paged, and only the last page checks the end', async () => {
  const visited: number[] = []
  let afterId: number | null = 0
  while (afterId !== null) {
    const page = await verifyAudit(database.db, { afterId, limit: 4 })
    expect(page.faults).toEqual([])
    visited.push(page.checked)
    afterId = page.nextAfterId
  }
  const { head } = await verifyAudit(database.db)
  expect(visited.reduce((sum, n) => sum + n, 0)).toBe(head.id)
  expect(visited.length).toBeGreaterThan(1)
})

test('a changed row is found, whichever field was changed', async () => {
  const changes = [
    sql`outcome = 'accepted'`,
    sql`detail = '{}'`,
    sql`account_id = null`,
    sql`operator_id = 'else'`,
    sql`operator_name = 'else'`,
    sql`method = 'else'`,
    sql`address = 'else'`,
    sql`action = 'else'`,
    sql`target = null`,
    sql`code = 'else'`,
    sql`upstream_request_id = 'else'`,
    sql`correlation_id = 'else'`,
    sql`at = at + interval '1 millisecond'`,
  ]
  for (const change of changes) {
    await tampered(sql`update audit set ${change} where id = 3`, async (db) => {
      expect(await faultsOf(db)).toEqual([{ kind: 'changed', fromId: 3, toId: 3 }])
      expect((await verifyAudit(db, { afterId: 3 })).faults).toEqual([])
    })
  }
})

test('a row that was changed and rehashed no longer links to the next one', async () => {
  await tampered(sql`update audit set outcome = 'accepted' where id = 3`, async (db) => {
    await db.execute(sql`update audit set hash = audit_hash(audit) where id = 3`)
    expect(await faultsOf(db)).toEqual([{ kind: 'unlinked', fromId: 4, toId: 4 }])
    expect((await verifyAudit(db, { afterId: 3 })).faults).toEqual([{ kind: 'unlinked', fromId: 4, toId: 4 }])
  })
})

test('missing rows are found at the start, in the middle, at a page boundary and at the end', async () => {
  const { head } = await verifyAudit(database.db)
  await tampered(sql`delete from audit where id = 1`, async (db) => {
    expect(await faultsOf(db)).toEqual([{ kind: 'missing', fromId: 1, toId: 1 }])
  })
  await tampered(sql`delete from audit where id in (3, 4)`, async (db) => {
    expect(await faultsOf(db)).toEqual([{ kind: 'missing', fromId: 3, toId: 4 }])
    expect((await verifyAudit(db, { afterId: 4 })).faults).toEqual([{ kind: 'missing', fromId: 3, toId: 4 }])
  })
  await tampered(sql`delete from audit where id >= 5`, async (db) => {
    expect(await faultsOf(db)).toEqual([{ kind: 'missing', fromId: 5, toId: head.id }])
  })
  await tampered(sql`delete from audit`, async (db) => {
    expect(await faultsOf(db)).toEqual([{ kind: 'missing', fromId: 1, toId: head.id }])
  })
})

test('a last row that was rehashed does not match the head', async () => {
  const { head } = await verifyAudit(database.db)
  await tampered(sql`update audit set outcome = 'accepted' where id = ${head.id}`, async (db) => {
    await db.execute(sql`update audit set hash = audit_hash(audit) where id = ${head.id}`)
    expect(await faultsOf(db)).toEqual([{ kind: 'head', fromId: head.id, toId: head.id }])
  })
})

test('database session settings do not change the hash of a row', async () => {
  await database.db.transaction(async (tx) => {
    await tx.execute(sql`set local timezone = 'Asia/Shanghai'`)
    await tx.execute(sql`set local datestyle = 'German'`)
    await tx.execute(sql`set local extra_float_digits = -5`)
    await appendAudit(tx, entry())
    expect(await faultsOf(tx)).toEqual([])
  })
  expect(await faultsOf(database.db)).toEqual([])
})

test('the log can only grow', async () => {
  const statements = [
    sql`update audit set outcome = 'accepted'`,
    sql`update audit set outcome = 'accepted' where false`,
    sql`delete from audit where id = 1`,
    sql`truncate audit`,
    sql`update audit_head set last_id = 1`,
    sql`insert into audit_head values (true, 1, '')`,
    sql`delete from audit_head`,
    sql`truncate audit_head`,
  ]
  for (const statement of statements) {
    const error = await database.db.execute(statement).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(Error)
    expect(String((error as Error).cause)).toMatch(/append-only: (INSERT|UPDATE|DELETE|TRUNCATE) refused/)
  }
  expect(await faultsOf(database.db)).toEqual([])
})

test('an insert cannot set ID, time or chain', async () => {
  const forged = { id: 1, at: new Date(0), prev: 'x', hash: 'y' }
  const [row] = await database.db
    .insert(audit)
    .values({ ...entry(), ...forged })
    .returning()
  expect(row?.id).toBeGreaterThan(1)
  expect(row?.at.getTime()).toBeGreaterThan(0)
  expect(await faultsOf(database.db)).toEqual([])
})

test('a rollback leaves no gap, and concurrent writers produce one chain', async () => {
  const undo = new Error('undo')
  const attempt = database.db.transaction(async (tx) => {
    await appendAudit(tx, entry())
    throw undo
  })
  await expect(attempt).rejects.toBe(undo)
  const again = await database.openAgain()
  const ids = await Promise.all(
    Array.from({ length: 20 }, (_, n) =>
      appendAudit((n % 2 ? again : database).db, entry({ correlationId: 'many' })),
    ),
  )
  await again.close()
  expect(new Set(ids).size).toBe(20)
  expect(Math.max(...ids) - Math.min(...ids)).toBe(19)
  expect(await faultsOf(database.db)).toEqual([])
})

test('lists are limited to one account, filtered, and paged in both directions', async () => {
  const { db } = database
  const mine = { accountId: 'listed' }
  const add = (changes: Partial<AuditEntry>) => appendAudit(db, entry({ ...mine, ...changes }))
  const start = await add({ correlationId: 'act', target: 'm-1' })
  const end = await add({ correlationId: 'act', target: 'm-1', outcome: 'refused', code: 'code.wrong' })
  const other = await add({ action: 'code.send', operatorId: '2002', target: 'm-2' })
  await appendAudit(db, entry({ accountId: 'other', target: 'm-1' }))
  const unknown = await appendAudit(
    db,
    entry({ accountId: null, action: 'session.start', outcome: 'refused' }),
  )

  const ids = async (
    ...[filter, page]: [Parameters<typeof listAudit>[1], Parameters<typeof listAudit>[2]?]
  ) => (await listAudit(db, filter, page ?? { limit: 50 })).map(({ id }) => id)
  expect(await ids(mine)).toEqual([other, end, start])
  expect(await ids(mine, { limit: 2 })).toEqual([other, end])
  expect(await ids(mine, { limit: 2, beforeId: end })).toEqual([start])
  expect(await ids(mine, { limit: 2, afterId: 0 })).toEqual([start, end])
  expect(await ids(mine, { limit: 2, afterId: end })).toEqual([other])
  expect(await ids({ ...mine, target: 'm-1' })).toEqual([end, start])
  expect(await ids({ ...mine, actions: ['code.send', 'x'] })).toEqual([other])
  expect(await ids({ ...mine, actions: [] })).toEqual([])
  expect(await ids({ ...mine, outcomes: ['refused'] })).toEqual([end])
  expect(await ids({ ...mine, operatorId: '2002' })).toEqual([other])
  expect(await ids({ ...mine, correlationId: 'act' })).toEqual([end, start])
  expect(await ids({ accountId: null })).toEqual([unknown])

  const [last] = await listAudit(db, mine, { limit: 1 })
  const at = last?.at ?? new Date(Number.NaN)
  expect(await ids({ ...mine, from: at })).toContain(other)
  expect(await ids({ ...mine, to: at })).not.toContain(other)
  expect(await ids({ ...mine, from: new Date(at.getTime() + 1) })).toEqual([])
})
