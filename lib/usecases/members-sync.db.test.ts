import { and, eq, sql } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { type Cloud, CloudError } from '@/lib/alicloud'
import { directory, folder, member } from '@/lib/db'
import {
  abandonSync,
  claimSync,
  fetchMember,
  forgetInterruptedSyncs,
  readDirectory,
  type SyncClaim,
  syncState,
} from '@/lib/mirror'
import type { Operator } from './actor'
import { listMembers, readPhones, refreshMembers, rereadMember } from './members'
import { signInAsPersona } from './sign-in/sign-in'
import { failureOf, startTestConsole, type TestConsole, tokenOf } from './testing'

const patience = { timeout: 30_000 }

let muster: TestConsole
let wei: Operator

beforeAll(async () => {
  muster = await startTestConsole()
  const token = await signedIn()
  await refreshMembers.run(await muster.actorOf(token), {})
  // The access check is done, so that only syncs call ListAccounts.
  wei = await muster.actorOf(token)
})
afterAll(() => muster.close())
afterEach(() => muster.sandbox.disarmAll())

async function signedIn(): Promise<string> {
  return tokenOf(signInAsPersona.perform(muster.visitor(), { persona: 'intl-admin' }))
}

const list = (actor = wei) => listMembers.run(actor, { page: 1 })
const db = () => muster.services.db

async function change(values: Partial<Record<'readAt' | 'syncAliveUntil' | 'readFailedAt', string>>) {
  const ago = Object.entries(values).map(([name, age]) => [name, sql`now() - ${age}::interval`])
  await db().update(directory).set(Object.fromEntries(ago)).where(eq(directory.accountId, wei.accountId))
}

/** Counts syncs: each makes this call once, and nothing else here does. */
async function syncs(actor = wei): Promise<number> {
  const calls = await muster.sandbox.calls({ operation: 'GetResourceDirectory' })
  return calls.filter(({ callerAccountId }) => callerAccountId === actor.accountId).length
}

async function settled(actor = wei) {
  return vi.waitFor(async () => {
    const page = await list(actor)
    expect(page.sync).toBeNull()
    return page
  }, patience)
}

async function memberRow(memberId: string) {
  const [row] = await db()
    .select()
    .from(member)
    .where(and(eq(member.accountId, wei.accountId), eq(member.memberId, memberId)))
  return row
}

async function claim(by = 'li.na'): Promise<SyncClaim> {
  const { accountId, site, directoryId } = wei.session
  const owner = { accountId, site, directoryId: directoryId ?? '' }
  const found = await claimSync(db(), owner, { by, leaseSeconds: 60 })
  if (found === null) throw new Error('another sync is running')
  return found
}

describe('a failed background sync', () => {
  test('is shown with the rows, is not repeated immediately, and is cleared by the next success', async () => {
    const { total, readAt } = await list()
    await muster.sandbox.arm({ operation: 'ListFoldersForParent', fault: 'unavailable', times: 99 })
    await change({ readAt: '10 minutes' })
    await list()
    const page = await settled()
    expect(page).toMatchObject({
      total,
      readError: {
        code: 'cloud.unavailable',
        upstream: { operation: 'ListFoldersForParent', code: 'ServiceUnavailable' },
      },
    })
    expect(page.readError?.upstream?.requestId).toMatch(/^[0-9A-F-]{36}$/)
    expect(page.readAt).not.toBe(readAt)

    const tried = await syncs()
    await list()
    expect((await settled()).readError).not.toBeNull()
    expect(await syncs()).toBe(tried)

    // A sync that an operator requests runs immediately.
    expect(await failureOf(refreshMembers, wei, {})).toMatchObject({ code: 'cloud.unavailable' })
    expect(await syncs()).toBe(tried + 1)

    await muster.sandbox.disarmAll()
    await change({ readFailedAt: '61 seconds' })
    await list()
    await vi.waitFor(
      async () => expect(await list()).toMatchObject({ sync: null, readError: null }),
      patience,
    )
    expect(await syncs()).toBe(tried + 2)
  })

  test('is shown for a directory without a list', async () => {
    const li = await muster.signedInAs('china-admin')
    await muster.sandbox.arm({ operation: 'ListFoldersForParent', fault: 'unavailable', times: 99 })
    expect(await list(li)).toMatchObject({
      readAt: null,
      sync: null,
      readError: { code: 'cloud.unavailable' },
    })
    const tried = await syncs(li)
    expect(await list(li)).toMatchObject({ readAt: null, readError: { code: 'cloud.unavailable' } })
    expect(await syncs(li)).toBe(tried)
    await muster.sandbox.disarmAll()
    await refreshMembers.run(li, {})
    expect(await list(li)).toMatchObject({ readError: null, sync: null })
  })

  test('caused by a bug or a missing answer is logged, because no one waits for it', async () => {
    const reported: unknown[] = []
    const report = (error: unknown) => void reported.push(error)
    const fault = new TypeError('a bug')
    const cloud: Cloud = { ...wei.cloud, listFolders: () => Promise.reject(fault) }
    await change({ readAt: '10 minutes' })
    await list({ ...wei, cloud, report })
    await vi.waitFor(() => expect(reported).toEqual([fault]), patience)
    expect(await list()).toMatchObject({ sync: null, readError: { code: 'internal' } })

    await change({ readAt: '10 minutes', readFailedAt: '61 seconds' })
    await muster.sandbox.arm({ operation: 'ListFoldersForParent', fault: 'unavailable' })
    await list({ ...wei, report })
    await vi.waitFor(() => expect(reported[1]).toMatchObject({ code: 'cloud.unavailable' }), patience)
    await refreshMembers.run(wei, {})
  })

  test('for rejected credentials ends their session and is not shown to others', async () => {
    const token = await signedIn()
    const actor = await muster.actorOf(token)
    await muster.sandbox.arm({ operation: 'ListFoldersForParent', fault: 'code:InvalidAccessKeyId.Inactive' })
    await change({ readAt: '10 minutes' })
    await list(actor)
    await vi.waitFor(
      () => expect(muster.actorOf(token)).rejects.toMatchObject({ code: 'signin.ended' }),
      patience,
    )
    expect((await syncState(db(), wei.accountId)).readError).toBeNull()
    await refreshMembers.run(wei, {})
  })
})

test('a throttled page is repeated, and the sync continues', async () => {
  await muster.newMember({ displayName: 'patience' })
  await muster.sandbox.arm({ operation: 'ListAccounts', fault: 'throttle' })
  const before = await syncs()
  expect(await refreshMembers.run(wei, {})).toMatchObject({ state: 'done' })
  expect(await syncs()).toBe(before + 1)
  expect(await list()).toMatchObject({ readError: null })
  expect((await listMembers.run(wei, { page: 1, q: 'patience' })).total).toBe(1)
})

test('a page that stays throttled fails the sync after the third pause, and the list shows why', async () => {
  const before = await list()
  const caller = 'muster-operator/wei.tan'
  const tried = async () => (await muster.sandbox.calls({ operation: 'ListAccounts', caller })).length
  const triedBefore = await tried()
  await muster.sandbox.arm({ operation: 'ListAccounts', fault: 'throttle', times: 99 })
  expect(await failureOf(refreshMembers, wei, {})).toMatchObject({ code: 'cloud.busy' })
  expect(await tried()).toBe(triedBefore + 4)
  expect(await list()).toMatchObject({
    total: before.total,
    readAt: before.readAt,
    sync: null,
    readError: { code: 'cloud.busy', upstream: { operation: 'ListAccounts', code: 'Throttling.User' } },
  })
  await muster.sandbox.disarmAll()
  await refreshMembers.run(wei, {})
  expect(await list()).toMatchObject({ readError: null })
})

test('a member listed twice and a folder listed inside itself are stored once', async () => {
  const [twice = ''] = await muster.sandbox.addMembers('international', [{ displayName: 'listed-twice' }])
  const cloud: Cloud = {
    ...wei.cloud,
    async listMembers(input) {
      const answer = await wei.cloud.listMembers(input)
      const again = answer.members.filter(({ id }) => id === twice)
      const { total, received } = answer
      const shown = { total: total + again.length, received: received + again.length }
      return { ...shown, members: [...answer.members, ...again] }
    },
    async listFolders(input) {
      const answer = await wei.cloud.listFolders(input)
      const itself = input.parentId === null ? [] : [{ id: input.parentId, name: 'itself' }]
      const { total, received } = answer
      const shown = { total: total + itself.length, received: received + itself.length }
      return { ...shown, folders: [...answer.folders, ...itself] }
    },
  }
  expect(await readDirectory(db(), cloud, await claim())).toBe('done')
  expect((await listMembers.run(wei, { page: 1, q: 'listed-twice' })).rows).toHaveLength(1)
})

describe('a page with fewer rows than requested', () => {
  test('does not end the sync until the rows add up to the total', async () => {
    await muster.sandbox.addMembers(
      'international',
      Array.from({ length: 60 }, (_, n) => ({ displayName: `clamped-${n}` })),
    )
    const cloud: Cloud = {
      ...wei.cloud,
      listMembers: ({ page }) => wei.cloud.listMembers({ page, pageSize: 50 }),
    }
    expect(await readDirectory(db(), cloud, await claim())).toBe('done')
    expect((await listMembers.run(wei, { page: 1, q: 'clamped-' })).total).toBe(60)
    expect(await list()).toMatchObject({ sync: null, readError: null })
  })

  test('does not mark members as unseen if the list ends early', async () => {
    const before = await list()
    const cloud: Cloud = {
      ...wei.cloud,
      async listMembers(input) {
        const answer = await wei.cloud.listMembers(input)
        const members = input.page === 1 ? answer.members.slice(0, 3) : []
        return { ...answer, members, received: members.length }
      },
    }
    expect(await failureOf(refreshMembers, { ...wei, cloud }, {})).toMatchObject({
      code: 'cloud.not_understood',
    })
    const after = await list()
    expect(after).toMatchObject({
      total: before.total,
      readAt: before.readAt,
      readError: { code: 'cloud.not_understood', upstream: { operation: 'ListAccounts' } },
    })
    const unseen = await db()
      .select({ id: member.memberId })
      .from(member)
      .where(and(eq(member.accountId, wei.accountId), sql`${member.unseenPasses} > 0`))
    expect(unseen).toEqual([])
    await refreshMembers.run(wei, {})
  })
})

describe('a row', () => {
  const readTwice = async (cloud: Cloud) => {
    for (let n = 0; n < 2; n++) expect(await readDirectory(db(), cloud, await claim())).toBe('done')
  }

  test('of a member that cannot be read marks no one as gone, however often it appears', async () => {
    const unread = await muster.newMember({ displayName: 'unread-row' })
    await refreshMembers.run(wei, {})
    const left = await muster.newMember({ displayName: 'left-beside-it' })
    await refreshMembers.run(wei, {})
    await muster.sandbox.removeMember(left)
    await readTwice({
      ...wei.cloud,
      async listMembers(input) {
        const answer = await wei.cloud.listMembers(input)
        return { ...answer, members: answer.members.filter(({ id }) => id !== unread) }
      },
    })
    for (const id of [unread, left])
      expect(await memberRow(id)).toMatchObject({ unseenPasses: 0, goneAt: null })
    expect(await list()).toMatchObject({ sync: null, readError: null })

    await readTwice(wei.cloud)
    expect(await memberRow(unread)).toMatchObject({ unseenPasses: 0, goneAt: null })
    expect((await memberRow(left))?.goneAt).not.toBeNull()
  })

  test.each([
    ['that cannot be read', true],
    ['missing from a list that ends early', false],
  ])('of a folder %s removes no folder', async (_, counted) => {
    const { accountId } = wei.session
    const folders = async () => {
      const rows = await db().select().from(folder).where(eq(folder.accountId, accountId))
      return rows.map(({ folderId }) => folderId).sort()
    }
    await refreshMembers.run(wei, {})
    const before = await folders()
    expect(before.length).toBeGreaterThan(1)
    await readTwice({
      ...wei.cloud,
      async listFolders(input) {
        const answer = await wei.cloud.listFolders(input)
        const rest = answer.folders.slice(1)
        return { ...answer, folders: rest, received: counted ? answer.received : rest.length }
      },
    })
    expect(await folders()).toEqual(before)
  })
})

test('a sync interrupted by a restart does not block the next one', async () => {
  await claim()
  await expect(claim()).rejects.toThrow('another sync is running')
  await forgetInterruptedSyncs(db())
  expect(await list()).toMatchObject({ sync: null })
  await refreshMembers.run(wei, {})
})

test('a sync that was taken over neither completes nor abandons the later one', async () => {
  const { accountId } = wei.session
  const left = await muster.newMember({ displayName: 'overtaken' })
  await refreshMembers.run(wei, {})
  const folders = await db().select().from(folder).where(eq(folder.accountId, accountId))
  const first = await claim()
  await expect(claim()).rejects.toThrow('another sync is running')
  await change({ syncAliveUntil: '1 second' })
  const second = await claim()
  expect(second.generation).toBe(first.generation + 1)
  const { readAt } = await syncState(db(), accountId)
  const running = { sync: { by: 'li.na' } }

  await abandonSync(db(), first, new Error('too late'))
  expect(await syncState(db(), accountId)).toMatchObject({ ...running, readError: null })

  await muster.sandbox.removeMember(left)
  expect(await readDirectory(db(), wei.cloud, first)).toBe('overtaken')
  expect(await syncState(db(), accountId)).toMatchObject({ ...running, readAt })
  expect(await memberRow(left)).toMatchObject({ unseenPasses: 0, goneAt: null })

  expect(await readDirectory(db(), wei.cloud, second)).toBe('done')
  expect(await syncState(db(), accountId)).toMatchObject({ sync: null })
  expect(await memberRow(left)).toMatchObject({ unseenPasses: 1 })

  // Nor does it overwrite folders that the slow first sync writes last.
  expect(await readDirectory(db(), wei.cloud, first)).toBe('overtaken')
  const kept = await db().select().from(folder).where(eq(folder.accountId, accountId))
  expect(kept).toHaveLength(folders.length)
  expect(new Set(kept.map(({ generation }) => generation))).toEqual(new Set([second.generation]))
  expect(await memberRow(left)).toMatchObject({ unseenPasses: 1, goneAt: null })
})

test('reading a member returns what this answer said, not what was stored before', async () => {
  const { accountId } = wei.session
  const [missing = '', bound = ''] = await muster.sandbox.addMembers('international', [
    { displayName: 'fetched-a' },
    { displayName: 'fetched-b', phone: '65-92223333' },
  ])
  const readOne = (id: string, cloud = wei.cloud) => fetchMember(db(), cloud, accountId, id)
  expect(await readOne(missing)).toEqual({ phone: 'missing' })
  expect(await readOne(bound)).toEqual({ phone: 'bound' })
  const mute: Cloud = {
    ...wei.cloud,
    member: async (id) => ({ ...(await wei.cloud.member(id)), hasSecurePhone: null }),
  }
  expect(await readOne(bound, mute)).toEqual({ phone: 'unknown' })
  expect(await memberRow(bound)).toMatchObject({ phone: 'bound' })
  await muster.sandbox.removeMember(bound)
  expect(await readOne(bound)).toEqual({ phone: 'gone' })
  expect(await rereadMember.run(wei, { memberId: bound })).toMatchObject({ blockedReason: 'gone' })

  await muster.sandbox.arm({ operation: 'GetAccount', fault: 'unavailable', match: { accountId: missing } })
  await expect(readOne(missing)).rejects.toBeInstanceOf(CloudError)

  const silent = await muster.newMember({ displayName: 'fetched-c' })
  await refreshMembers.run(wei, {})
  expect(await readPhones.run({ ...wei, cloud: mute }, { memberIds: [silent] })).toEqual({
    read: 0,
    failed: [silent],
    notAsked: [],
  })
})

test('the root folder is the first choice and filters by members directly in it', async () => {
  await muster.newMember({ displayName: 'at-the-root' })
  await refreshMembers.run(wei, {})
  const { folders, counts } = await list()
  expect(folders[0]?.names).toBe('')
  expect(folders.filter(({ names }) => names === '')).toHaveLength(1)
  const { rows, total } = await listMembers.run(wei, { page: 1, folder: folders[0]?.id })
  expect(total).toBeGreaterThan(0)
  expect(total).toBeLessThan(counts.all)
  expect(new Set(rows.map((row) => row.folder))).toEqual(new Set(['']))
})
