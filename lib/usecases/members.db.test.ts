import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Cloud, CloudError } from '@/lib/alicloud'
import { connectSandbox } from '@/lib/sandbox'
import type { Operator } from './actor'
import { getMember, listMembers, readPhones, refreshMembers, rereadMember } from './members'
import { bindPhone, getBindFlow, sendCode } from './phone'
import { failureOf, startTestConsole, type TestConsole } from './testing'

const muted = { product: 'ResourceDirectoryMaster', operation: 'GetAccount' }

let muster: TestConsole
let wei: Operator

beforeAll(async () => {
  muster = await startTestConsole()
  wei = await muster.signedInAs('intl-admin')
  await refreshMembers.run(wei, {})
})
afterAll(() => muster.close())
afterEach(() => muster.sandbox.disarmAll())

describe('the list', () => {
  test('has every page of the directory, with folders and counts', async () => {
    const { rows, total, counts, folders, readAt, sync } = await listMembers.run(wei, { page: 1 })
    expect(total).toBe(counts.all)
    expect(rows).toHaveLength(Math.min(50, total))
    expect(counts.bound + counts.missing + counts.unread + counts.not_applicable).toBe(total)
    expect(counts.not_applicable).toBeGreaterThan(0)
    expect(folders.some(({ names }) => names.includes(' / '))).toBe(true)
    expect(rows.every(({ folder }) => typeof folder === 'string')).toBe(true)
    expect(readAt).not.toBeNull()
    expect(sync).toBeNull()
    const names = rows.map(({ displayName }) => displayName.toLowerCase())
    expect(names).toEqual(names.toSorted())
  })

  test('counts 1,001 members, and search finds the last one', async () => {
    const names = Array.from({ length: 1001 - (await listMembers.run(wei, { page: 1 })).total }, (_, n) => ({
      displayName: `bulk-${n}`,
    }))
    await muster.sandbox.addMembers('international', names)
    await refreshMembers.run(wei, {})
    const { total } = await listMembers.run(wei, { page: 1 })
    expect(total).toBe(1001)
    const last = await listMembers.run(wei, { page: 21 })
    expect(last.rows).toHaveLength(1)
    const wanted = names.at(-1)?.displayName
    expect(
      (await listMembers.run(wei, { page: 1, q: wanted })).rows.map(({ displayName }) => displayName),
    ).toEqual([wanted])
  })

  test('finds part of a name in any case and the start of an ID with spaces, and takes wildcards literally', async () => {
    const id = await muster.newMember({ displayName: 'Ünusual_Name' })
    await refreshMembers.run(wei, {})
    const find = async (q: string) => (await listMembers.run(wei, { page: 1, q })).rows.map((row) => row.id)
    expect(await find('usual_n')).toEqual([id])
    expect(await find(`${id.slice(0, 4)} ${id.slice(4, 8)} ${id.slice(8, 12)} ${id.slice(12)}`)).toEqual([id])
    expect(await find('%')).toEqual([])
    expect(await find('usual-n')).toEqual([])
  })

  test('filters by phone, type, status, and folder including subfolders', async () => {
    const { folders, statuses } = await listMembers.run(wei, { page: 1 })
    const status = statuses.find((one) => one !== 'CreateSuccess') ?? ''
    const byStatus = await listMembers.run(wei, { page: 1, status })
    expect(byStatus.rows.length).toBeGreaterThan(0)
    expect(new Set(byStatus.rows.map((row) => row.status))).toEqual(new Set([status]))
    expect(
      new Set((await listMembers.run(wei, { page: 1, type: 'cloud' })).rows.map(({ type }) => type)),
    ).toEqual(new Set(['cloud']))
    expect(
      new Set(
        (await listMembers.run(wei, { page: 1, phone: 'not_applicable' })).rows.map(({ type }) => type),
      ),
    ).toEqual(new Set(['cloud']))
    const parent = folders.find(({ names }) => folders.some((one) => one.names.startsWith(`${names} / `)))
    const inside = await listMembers.run(wei, { page: 1, folder: parent?.id })
    expect(inside.rows.length).toBeGreaterThan(0)
    expect(
      inside.rows.every(({ folder }) => folder === parent?.names || folder.startsWith(`${parent?.names} / `)),
    ).toBe(true)
    expect(inside.rows.some(({ folder }) => folder !== parent?.names)).toBe(true)
  })

  test('counts each phone status within the other filters, and the directory as a whole', async () => {
    const folder = (await muster.sandbox.addFolders('international', 'Counted/Inside')).id
    await muster.sandbox.addMembers('international', [
      { displayName: 'counted-a', folder, phone: '65-92223333' },
      { displayName: 'counted-b', folder },
      { displayName: 'counted-c', folder, type: 'CloudAccount' },
      { displayName: 'counted-d' },
    ])
    await refreshMembers.run(wei, {})
    const all = await listMembers.run(wei, { page: 1, q: 'counted-' })
    await readPhones.run(wei, { memberIds: all.rows.map(({ id }) => id) })
    const numbers = { all: 3, bound: 1, missing: 1, unread: 0, not_applicable: 1 }
    const { inDirectory } = all
    expect(inDirectory).toBeGreaterThan(4)
    expect(await listMembers.run(wei, { page: 1, folder })).toMatchObject({
      total: 3,
      counts: numbers,
      inDirectory,
    })
    const found = await listMembers.run(wei, { page: 1, folder, q: 'counted-b', phone: 'bound' })
    expect(found).toMatchObject({ total: 0, counts: { all: 1, bound: 0, missing: 1 }, inDirectory })
    // The tab does not change the counts of the other tabs.
    const tab = await listMembers.run(wei, { page: 1, phone: 'bound', q: 'counted-' })
    expect(tab).toMatchObject({ total: 1, counts: { ...numbers, all: 4, missing: 2 } })
  })

  test('filters by open requests: a code was sent, or the outcome is unknown', async () => {
    const [sent = '', unknown = '', bound = ''] = await muster.sandbox.addMembers(
      'international',
      ['a', 'b', 'c', 'd'].map((name) => ({ displayName: `open-${name}` })),
    )
    await refreshMembers.run(wei, {})
    const phone = (n: number) => `65-9111222${n}`
    for (const [n, memberId] of [sent, unknown, bound].entries()) {
      if (memberId === unknown)
        await muster.sandbox.arm({
          operation: 'SendVerificationCodeForBindSecureMobilePhone',
          fault: 'reset',
          match: { accountId: unknown },
        })
      await sendCode.run(wei, { memberId, phone: phone(n) })
    }
    const { request } = await getBindFlow.run(wei, { memberId: bound })
    const [message] = await muster.sandbox.messages({ accountId: bound })
    await bindPhone.run(wei, { memberId: bound, requestId: request?.id ?? '', code: message?.code ?? '' })
    const find = async (open: 'code_sent' | 'outcome_unknown') => {
      const { rows, total, counts } = await listMembers.run(wei, { page: 1, open, q: 'open-' })
      expect(counts.all).toBe(total)
      expect(rows.every((row) => row.open === open)).toBe(true)
      return rows.map(({ id }) => id)
    }
    expect(await find('code_sent')).toEqual([sent])
    expect(await find('outcome_unknown')).toEqual([unknown])
    // The newest send counts, as in the row itself.
    await muster.sandbox.advance(61)
    await sendCode.run(wei, { memberId: unknown, phone: phone(1), confirmResend: true })
    expect(await find('code_sent')).toEqual([sent, unknown])
    expect(await find('outcome_unknown')).toEqual([])
    expect((await listMembers.run(wei, { page: 1, open: 'code_sent', q: 'open-d' })).total).toBe(0)
  })

  test('marks a member that left as gone after the second full sync, not after the first', async () => {
    const id = await muster.newMember({ displayName: 'leaving-soon' })
    await refreshMembers.run(wei, {})
    await muster.sandbox.removeMember(id)
    const found = async () => (await listMembers.run(wei, { page: 1, q: 'leaving-soon' })).total
    await refreshMembers.run(wei, {})
    expect(await found()).toBe(1)
    await refreshMembers.run(wei, {})
    expect(await found()).toBe(0)
  })

  test('keeps its rows after a failed sync, and the next sync may start at once', async () => {
    const { total } = await listMembers.run(wei, { page: 1 })
    await muster.sandbox.arm({ operation: 'ListAccounts', fault: 'unavailable', times: 9 })
    expect(await failureOf(refreshMembers, wei, {})).toMatchObject({ code: 'cloud.unavailable' })
    await muster.sandbox.disarmAll()
    expect(await listMembers.run(wei, { page: 1 })).toMatchObject({ total, sync: null })
    expect(await refreshMembers.run(wei, {})).toEqual({ state: 'done', since: null, by: null })
  })
})

describe('phone status', () => {
  test('is read for the rows shown, once, and never for cloud accounts', async () => {
    const [missing, bound, cloud] = await muster.sandbox.addMembers('international', [
      { displayName: 'phone-a' },
      { displayName: 'phone-b', phone: '65-92223333' },
      { displayName: 'phone-c', type: 'CloudAccount' },
    ])
    await refreshMembers.run(wei, {})
    const memberIds = [missing, bound, cloud].filter((id) => id !== undefined)
    expect(await readPhones.run(wei, { memberIds })).toEqual({ read: 2, failed: [], notAsked: [] })
    const { rows } = await listMembers.run(wei, { page: 1, q: 'phone-' })
    expect(rows.map(({ displayName, phone }) => [displayName, phone])).toEqual([
      ['phone-a', 'missing'],
      ['phone-b', 'bound'],
      ['phone-c', 'not_applicable'],
    ])
    expect(await readPhones.run(wei, { memberIds })).toEqual({ read: 0, failed: [], notAsked: [] })
    expect(await muster.sandbox.calls({ operation: 'GetAccount', target: cloud })).toEqual([])
  })

  test('is reported as not asked, not as failed, if the call did not get a turn', async () => {
    const [busy = '', read = ''] = await muster.sandbox.addMembers('international', [
      { displayName: 'turn-a' },
      { displayName: 'turn-b' },
    ])
    await refreshMembers.run(wei, {})
    const withoutTurn = new CloudError({ code: 'cloud.busy', kind: 'busy', executed: 'no', upstream: muted })
    const cloud: Cloud = {
      ...wei.cloud,
      member: (id) => (id === busy ? Promise.reject(withoutTurn) : wei.cloud.member(id)),
    }
    expect(await readPhones.run({ ...wei, cloud }, { memberIds: [busy, read] })).toEqual({
      read: 1,
      failed: [],
      notAsked: [busy],
    })
  })

  test('stays "not read" if Alibaba Cloud does not answer', async () => {
    const id = await muster.newMember({ displayName: 'mute' })
    await refreshMembers.run(wei, {})
    await muster.sandbox.arm({
      operation: 'GetAccount',
      fault: 'throttle',
      times: 3,
      match: { accountId: id },
    })
    expect(await readPhones.run(wei, { memberIds: [id] })).toEqual({ read: 0, failed: [id], notAsked: [] })
    expect((await listMembers.run(wei, { page: 1, q: 'mute' })).rows[0]?.phone).toBe('unread')
  })
})

describe('one member', () => {
  test('that is not in the mirror is read from Alibaba Cloud', async () => {
    const id = await muster.newMember({ displayName: 'brand-new', tags: [{ key: 'env', value: 'prod' }] })
    expect(await getMember.run(wei, { memberId: id })).toMatchObject({
      displayName: 'brand-new',
      phone: 'missing',
      tags: [{ key: 'env', value: 'prod' }],
    })
  })

  test('shows its code requests, newest first, and the open one', async () => {
    const id = await muster.newMember()
    await sendCode.run(wei, { memberId: id, phone: '65-91112222' })
    const detail = await getMember.run(wei, { memberId: id })
    expect(detail).toMatchObject({ open: 'code_sent', sentToday: 1 })
    expect(detail.events[0]).toMatchObject({
      kind: 'sent',
      operatorName: 'wei.tan',
      numberMasked: '+65-****2222',
    })
    expect(detail.events[0]?.requestId).toMatch(/^[0-9A-F-]{36}$/)
  })

  test('that left is shown as gone when it is read again', async () => {
    const id = await muster.newMember({ displayName: 'moving-out' })
    await getMember.run(wei, { memberId: id })
    await muster.sandbox.removeMember(id)
    expect(await rereadMember.run(wei, { memberId: id })).toMatchObject({ blockedReason: 'gone' })
  })

  test('is not found by an ID that does not exist or belongs to another directory', async () => {
    const elsewhere = await muster.newMember({}, 'china')
    expect(await failureOf(getMember, wei, { memberId: elsewhere })).toMatchObject({
      code: 'member.not_found',
    })
    expect(await failureOf(rereadMember, wei, { memberId: '1234567890123456' })).toMatchObject({
      code: 'member.not_found',
    })
  })
})

test('one company never sees the other’s members', async () => {
  const li = await muster.signedInAs('china-admin')
  await refreshMembers.run(li, {})
  const { rows } = await listMembers.run(li, { page: 1 })
  const ours = await connectSandbox(muster.sandbox.url).member(rows[0]?.id ?? '')
  expect(ours.displayName).toBe(rows[0]?.displayName)
  expect(rows.some(({ displayName }) => /\p{Script=Han}/u.test(displayName))).toBe(true)
  expect((await listMembers.run(li, { page: 1, q: 'bulk-' })).total).toBe(0)
})
