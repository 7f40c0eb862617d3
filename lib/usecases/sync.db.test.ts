import { and, eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import type { Cloud } from '@/lib/alicloud'
import { listAudit } from '@/lib/audit'
import { directory, member } from '@/lib/db'
import { claimSync, syncState } from '@/lib/mirror'
import type { Operator } from './actor'
import { listMembers, refreshMembers } from './members'
import { failureOf, startTestConsole, type TestConsole } from './testing'

const patience = { timeout: 30_000 }

let muster: TestConsole
let wei: Operator
let lin: Operator

beforeAll(async () => {
  muster = await startTestConsole({ MUSTER_CALL_DEADLINE_SECONDS: '15', MUSTER_SETTLE_SECONDS: '60' })
  // Two replicas, as far as the database can tell. Both have passed the access check, so that only syncs request pages.
  ;[wei, lin] = await Promise.all([mayList(), mayList()])
})
afterAll(() => muster.close())

async function mayList(): Promise<Operator> {
  const actor = await muster.signedInAs('intl-admin')
  await refreshMembers.run(actor, {})
  return muster.actorAgain(actor)
}

const db = () => muster.services.db
const accountId = () => wei.accountId
const list = (actor: Operator) => listMembers.run(actor, { page: 1 })
const state = () => syncState(db(), accountId())

/** As if the clock of the database had advanced by `seconds`. */
async function pass(seconds: number) {
  const earlier = (column: 'readAt' | 'readStartedAt' | 'syncAliveUntil' | 'readFailedAt') =>
    sql`${directory[column]} - make_interval(secs => ${seconds})`
  await db()
    .update(directory)
    .set({
      readAt: earlier('readAt'),
      readStartedAt: earlier('readStartedAt'),
      syncAliveUntil: earlier('syncAliveUntil'),
      readFailedAt: earlier('readFailedAt'),
    })
    .where(eq(directory.accountId, accountId()))
}

/** A cloud whose pages of members wait for `release`. */
function held(cloud: Cloud) {
  const waiting: (() => void)[] = []
  let open = false
  return {
    cloud: {
      ...cloud,
      async listMembers(input: Parameters<Cloud['listMembers']>[0]) {
        if (!open) await new Promise<void>((resolve) => waiting.push(resolve))
        return cloud.listMembers(input)
      },
    },
    async arrived() {
      await vi.waitFor(() => expect(waiting.length).toBeGreaterThan(0), patience)
    },
    release() {
      open = true
      for (const resolve of waiting.splice(0)) resolve()
    },
  }
}

/** Sets whether the database lets a failed sync release its claim. */
async function releases(yes: boolean) {
  if (yes) {
    await db().execute(sql`drop trigger no_release on directory`)
    return
  }
  await db().execute(sql`create or replace function no_release() returns trigger language plpgsql as
    $$ begin raise exception 'not now'; end $$`)
  await db().execute(sql`create trigger no_release before update on directory for each row
    when (old.sync_alive_until is not null and new.sync_alive_until is null) execute function no_release()`)
}

/** Waits until the running sync has ended. */
async function syncEnded() {
  await vi.waitFor(async () => expect((await state()).sync).toBeNull(), { timeout: 100_000, interval: 500 })
}

async function countGone() {
  const rows = await db()
    .select({ id: member.memberId })
    .from(member)
    .where(and(eq(member.accountId, accountId()), sql`${member.goneAt} is not null`))
  return rows.length
}

test('a shutdown stops the sync at its next page and releases it; the next replica starts at once', async () => {
  // More than one page: the one in flight is still read.
  await muster.sandbox.addMembers('international', Array(250).fill({}))
  const gone = await countGone()
  const shutdown = new AbortController()
  const tracked: Promise<unknown>[] = []
  const work = {
    underWay<T>(promise: Promise<T>) {
      tracked.push(promise)
      return promise
    },
    shutdown: shutdown.signal,
  }
  const { cloud, arrived, release } = held(wei.cloud)
  const dying = { ...wei, cloud, services: { ...wei.services, work } }
  const refused = failureOf(refreshMembers, dying, {})
  await arrived()
  expect(tracked).toHaveLength(1)
  const { readAt } = await state()
  shutdown.abort()
  release()
  expect(await refused).toMatchObject({ code: 'sync.stopped' })
  expect(await tracked[0]).toBe('stopped')
  expect(await state()).toMatchObject({ sync: null, readAt, readError: null })
  expect(await countGone()).toBe(gone)
  const next = held(lin.cloud)
  const started = refreshMembers.run({ ...lin, cloud: next.cloud }, {})
  await next.arrived()
  expect((await state()).sync).not.toBeNull()
  next.release()
  expect((await started).state).not.toBe('running')
  await syncEnded()
}, 120_000)

test('a killed sync is taken over once its lease expires, and not before; no member is lost', async () => {
  const gone = await countGone()
  const { site, directoryId } = wei.session
  const owner = { accountId: accountId(), site, directoryId: directoryId ?? '' }
  await claimSync(db(), owner, { by: 'li.na', leaseSeconds: 75 })
  await pass(60)
  expect(await refreshMembers.run(wei, {})).toMatchObject({ state: 'running', by: 'li.na' })
  await pass(16)
  expect((await state()).sync).toBeNull()
  expect((await refreshMembers.run(wei, {})).state).not.toBe('running')
  await syncEnded()
  expect(await state()).toMatchObject({ readError: null, due: false })
  expect(await countGone()).toBe(gone)
}, 120_000)

test('after the clock was set back by an hour, a killed sync is taken over, and the list is synced automatically', async () => {
  const { site, directoryId } = wei.session
  const owner = { accountId: accountId(), site, directoryId: directoryId ?? '' }
  expect(await claimSync(db(), owner, { by: 'li.na', leaseSeconds: 75 })).not.toBeNull()
  await pass(-3600)
  expect(await state()).toMatchObject({ sync: null, due: true })
  expect((await refreshMembers.run(wei, {})).state).not.toBe('running')
  await syncEnded()
  expect(await state()).toMatchObject({ readError: null, due: false })
  await pass(-3600)
  await db().update(directory).set({ readFailedAt: sql`now() + interval '1 hour'` })
  expect((await state()).due).toBe(true)
  await list(wei)
  await syncEnded()
  expect((await state()).due).toBe(false)
}, 120_000)

test('credentials rejected in a background sync end their session, with an audit row', async () => {
  // Even if the claim cannot be released.
  await releases(false)
  onTestFinished(async () => {
    await releases(true)
    await pass(100)
  })
  const doomed = await muster.signedInAs('intl-admin')
  await list(doomed)
  await pass(3600)
  await muster.sandbox.arm({
    operation: 'ListFoldersForParent',
    fault: 'code:InvalidSecurityToken.Expired',
    match: { caller: doomed.operatorName },
  })
  const actor = await muster.actorAgain(doomed)
  await list(actor)
  await vi.waitFor(
    () => expect(muster.actorAgain(doomed)).rejects.toMatchObject({ code: 'signin.ended' }),
    patience,
  )
  const rows = await listAudit(
    db(),
    { accountId: accountId(), actions: ['session.end'], correlationId: actor.requestId },
    { limit: 5 },
  )
  expect(rows).toMatchObject([
    {
      operatorName: 'wei.tan',
      detail: { code: 'InvalidSecurityToken.Expired', requestId: expect.any(String) },
    },
  ])
  await muster.sandbox.disarmAll()
})

test('a sync that takes longer than the wait is reported as started', async () => {
  const { cloud, arrived, release } = held(wei.cloud)
  const answer = refreshMembers.run({ ...wei, cloud }, {})
  await arrived()
  expect(await answer).toEqual({ state: 'started', since: null, by: null })
  expect((await state()).sync).toMatchObject({ by: 'wei.tan' })
  release()
  await syncEnded()
}, 120_000)

test('with 14 seconds per page, one sync reads 10,000 members, even if others open the list meanwhile', async () => {
  await muster.sandbox.addMembers('international', Array(10_000).fill({}))
  await pass(3600)
  let pages = 0
  let claimed = 0
  const cloud: Cloud = {
    ...wei.cloud,
    async listMembers(input) {
      const answer = await wei.cloud.listMembers(input)
      pages += 1
      await pass(14)
      // On every tenth page another operator opens the list and requests a refresh.
      if (pages % 10 === 5) {
        const seen = await list(lin)
        expect(seen.sync).toEqual({ since: expect.any(String), by: 'wei.tan' })
        const answer = await refreshMembers.run(lin, {})
        if (answer.state !== 'running') claimed += 1
        expect(answer).toEqual({ state: 'running', since: expect.any(String), by: 'wei.tan' })
      }
      return answer
    },
  }
  await refreshMembers.run({ ...wei, cloud }, {})
  await syncEnded()
  expect(claimed).toBe(0)
  expect(pages).toBeGreaterThan(100)
  expect(await state()).toMatchObject({ due: false, readError: null })
  const { counts } = await list(lin)
  expect(counts.all).toBeGreaterThan(10_000)
  expect(pages).toBe(Math.ceil(counts.all / 100))
}, 180_000)
