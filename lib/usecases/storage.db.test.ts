import { sql } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { listAudit } from '@/lib/audit'
import { AppError } from '@/lib/contract/errors'
import { storageBlock } from '@/lib/db/storage'
import type { Operator } from './actor'
import { getEnableFlow } from './enable'
import { getMember, listMembers, readPhones, refreshMembers, rereadMember } from './members'
import { getAttachFlow, listNetworks } from './networks'
import { getBindFlow, sendCode } from './phone'
import { getReady } from './ready'
import { getMe, signOut } from './session'
import { signInAsPersona } from './sign-in/sign-in'
import { asAppError } from './storage'
import { failureOf, startTestConsole, type TestConsole } from './testing'

// Much longer than the tests take, for busy machines.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const region = 'ap-southeast-1'

let muster: TestConsole
let actor: Operator
let memberId: string
beforeAll(async () => {
  muster = await startTestConsole()
  actor = await muster.signedInAs('intl-admin')
  memberId = await muster.newMember()
  await getMember.run(actor, { memberId })
})
afterEach(() => writable(true))
afterAll(() => muster.close())

/**
 * Simulates a read-only standby, or the embedded engine without space: all sessions refuse writes with 25006.
 */
async function writable(yes: boolean): Promise<void> {
  const { db } = muster.services
  if (process.env.MUSTER_TEST_ENGINE === 'pglite') {
    await db.execute(sql.raw(`set default_transaction_read_only = ${!yes}`))
    return
  }
  await db.transaction(
    async (tx) => {
      const name = await tx.execute<{ name: string }>(sql`select current_database() as name`)
      const setting = `alter database ${name.rows[0]?.name} set default_transaction_read_only = ${!yes}`
      await tx.execute(sql.raw(setting))
      // Ends the pool's other connections, which still have the old setting.
      await tx.execute(sql`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()`)
    },
    { accessMode: 'read write' },
  )
  // Ends this connection as well.
  await db.execute(sql`select pg_terminate_backend(pg_backend_pid())`).catch(() => {})
}

/** Inserts a change that ended an hour ago in this state. */
async function insertChange(
  accountId: string,
  operation: string,
  target: string,
  state: string,
): Promise<void> {
  const ago = sql`now() - interval '1 hour'`
  const intent = { act: 'attach', mode: 'current', cenId: 'cen-storage' }
  await muster.services.db.execute(sql`
    insert into code_request (account_id, operation, target, state, operator_id, operator_name, coded, intent,
      started_at, settled_at, apply_started_at, apply_settled_at, apply_attempt)
    values (${accountId}, ${operation}, ${target}, ${state}, 'x', 'x', false, ${JSON.stringify(intent)}::jsonb,
      ${ago}, ${ago}, ${ago}, ${ago}, 1)`)
}

/** The error code that a route would return, or `done`. */
async function answer(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'done',
    (error: unknown) => asAppError(muster.services, error).code,
  )
}

test('a change is refused before Alibaba Cloud is called, and possible again without a restart', async () => {
  const send = { memberId, phone: '65-91234567' }
  const before = (await muster.sandbox.calls()).length
  await writable(false)
  // The first change finds out from the error of the server; the next ones are refused up front.
  for (const change of [() => sendCode.run(actor, send), () => refreshMembers.run(actor, {})])
    expect(await answer(change())).toBe('storage.full')
  expect(await answer(signInAsPersona.run(muster.visitor(), { persona: 'intl-admin' }))).toBe('storage.full')
  expect(await answer(signOut.run(actor, {}))).toBe('storage.full')
  expect(await muster.sandbox.calls()).toHaveLength(before)
  await writable(true)
  // The result of a probe is reused for a second.
  await expect.poll(() => muster.services.storage.blocked(), { timeout: 60_000 }).toBeNull()
  expect(await answer(sendCode.run(actor, send))).toBe('done')
})

test('stored data can still be read, and pages show why nothing can be changed', async () => {
  // Even with a timed-out send, which would be settled if it could be stored.
  await muster.services.db.execute(sql`
    insert into code_request (account_id, operation, target, state, operator_id, operator_name, started_at)
    values (${actor.accountId}, 'bind_phone', ${memberId}, 'sending', 'x', 'x', now() - interval '1 hour')`)
  await muster.services.db.execute(
    sql`update session set last_seen_at = now() - interval '2 minutes', may_list_until = null`,
  )
  const [old, open] = [await muster.newMember(), await muster.newMember()]
  for (const id of [old, open]) await getMember.run(actor, { memberId: id })
  await muster.services.db.execute(sql`update member set
    phone_read_at = now() - interval '2 minutes', phone_asked_at = now() - interval '2 minutes'`)
  const [applied = '', undecided = ''] = await muster.sandbox.addNetworks(
    'international',
    [{ cenId: 'cen-storage' }, {}],
    region,
  )
  const founder = await muster.signedInAs('no-directory')
  await insertChange(founder.accountId, 'enable_directory', founder.accountId, 'applied')
  await insertChange(actor.accountId, 'bind_phone', open, 'apply_unknown')
  await insertChange(actor.accountId, 'join_network', applied, 'applied')
  await insertChange(actor.accountId, 'join_network', undecided, 'apply_unknown')
  await writable(false)
  await answer(refreshMembers.run(actor, {}))
  const again = await muster.actorAgain(actor)
  expect(await getMe.run(again, {})).toMatchObject({ storage: 'read_only' })
  const list = await listMembers.run(again, { page: 1 })
  expect(list.rows.length).toBeGreaterThan(0)
  expect(await getMember.run(again, { memberId })).toMatchObject({ id: memberId })
  expect((await getBindFlow.run(again, { memberId })).request).not.toBeUndefined()
  // An old phone status, unknown outcomes, and a change that Alibaba Cloud reports as complete: all updates wait.
  expect(await getBindFlow.run(again, { memberId: old })).toMatchObject({ step: 'number' })
  expect(await getBindFlow.run(again, { memberId: open })).toMatchObject({ step: 'checking' })
  expect(await getAttachFlow.run(again, { region, networkId: applied })).toMatchObject({ step: 'done' })
  expect(await getAttachFlow.run(again, { region, networkId: undecided })).toMatchObject({ step: 'checking' })
  expect(await getEnableFlow.run(founder, {})).toMatchObject({ step: 'done' })
  expect(await readPhones.run(again, { memberIds: [list.rows[0]?.id ?? ''] })).toMatchObject({ read: 0 })
  expect((await failureOf(rereadMember, again, { memberId })).code).toBe('storage.full')
  expect((await listNetworks.run(again, { region: 'ap-southeast-1' })).networks).toBeDefined()
  await writable(true)
  await expect.poll(() => getMe.run(again, {}), { timeout: 60_000 }).toMatchObject({ storage: null })
})

test('readiness is public, includes the reason, and only queries the database', async () => {
  const ready = () => getReady.run(muster.visitor(), {})
  const before = (await muster.sandbox.calls()).length
  await expect.poll(ready, { timeout: 60_000 }).toEqual({ ready: true })
  await writable(false)
  if (process.env.MUSTER_TEST_ENGINE === 'postgres')
    await expect.poll(ready, { timeout: 60_000 }).toEqual({ ready: false, reason: 'read_only' })
  await writable(true)
  await expect.poll(ready, { timeout: 60_000 }).toEqual({ ready: true })
  const work = { ...muster.services.work, shutdown: AbortSignal.abort() }
  expect(await getReady.run({ ...muster.visitor(), services: { ...muster.services, work } }, {})).toEqual({
    ready: false,
    reason: 'shutting_down',
  })
  expect(await muster.sandbox.calls()).toHaveLength(before)
})

test('a database that is closed or not fully migrated is not ready', async () => {
  const other = await muster.database.openAgain()
  const [{ at } = { at: 0 }] = (
    await other.db.execute<{ at: number }>(
      sql`select max(created_at)::float8 as at from drizzle.__drizzle_migrations`,
    )
  ).rows
  const move = (from: number, to: number) =>
    other.db.execute(
      sql`update drizzle.__drizzle_migrations set created_at = ${to}::bigint where created_at = ${from}::bigint`,
    )
  await move(at, at + 1)
  await expect.poll(() => other.storage.unready(), { timeout: 60_000 }).toBe('not_migrated')
  await move(at + 1, at)
  await other.close()
  if (process.env.MUSTER_TEST_ENGINE === 'postgres') {
    const closed = await muster.database.openAgain()
    await closed.close()
    expect(await closed.storage.unready()).toBe('database_unreachable')
  }
})

test('a change refused for this reason writes no audit row', async () => {
  const { accountId } = actor
  const rows = async () => (await listAudit(muster.services.db, { accountId }, { limit: 500 })).length
  const before = await rows()
  await writable(false)
  await answer(sendCode.run(actor, { memberId, phone: '65-91234567' }))
  expect(await rows()).toBe(before)
})

test('only the two error codes of a database that cannot store count', () => {
  const wrapped = (code: string) =>
    new Error('statement', { cause: Object.assign(new Error('inner'), { code }) })
  expect(storageBlock(wrapped('53100'))).toBe('no_space')
  expect(storageBlock(wrapped('25006'))).toBe('read_only')
  expect(storageBlock(wrapped('23505'))).toBeNull()
  expect(storageBlock('text')).toBeNull()
  expect(asAppError(muster.services, wrapped('53100'))).toMatchObject({ code: 'storage.full' })
  expect(asAppError(muster.services, wrapped('23505'))).toMatchObject({ code: 'internal' })
  expect(asAppError(muster.services, new AppError('page.not_found'))).toMatchObject({
    code: 'page.not_found',
  })
})
