import { and, eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Cloud } from '@/lib/alicloud'
import { member } from '@/lib/db'
import type { Subject } from '@/lib/ledger'
import { abandonSync, claimSync, fetchMember, findMember, readDirectory, syncState } from '@/lib/mirror'
import type { Operator } from './actor'
import { refreshMembers } from './members'
import { bindPhone, getBindFlow, sendCode } from './phone'
import { startTestConsole, type TestConsole } from './testing'

// Answers of Alibaba Cloud arrive in any order: the mirror orders them by when they were requested.

let muster: TestConsole
let wei: Operator

beforeAll(async () => {
  muster = await startTestConsole()
  wei = await muster.signedInAs('intl-admin')
  await refreshMembers.run(wei, {})
})
afterAll(() => muster.close())

const db = () => muster.services.db

function defer() {
  let resolve = () => {}
  const promise = new Promise<void>((done) => {
    resolve = done
  })
  return { promise, resolve }
}

/** A cloud that answers one operation with the state at the time of the call, but delivers the answer only after `release`. */
function held(name: 'member' | 'listMembers') {
  const asked = defer()
  const gate = defer()
  const answered = async <T>(call: Promise<T>) => {
    const answer = await call.then(
      (value) => () => value,
      (error: unknown) => () => {
        throw error
      },
    )
    asked.resolve()
    await gate.promise
    return answer()
  }
  const cloud: Cloud =
    name === 'member'
      ? { ...wei.cloud, member: (id) => answered(wei.cloud.member(id)) }
      : { ...wei.cloud, listMembers: (input) => answered(wei.cloud.listMembers(input)) }
  return { cloud, asked: asked.promise, release: gate.resolve }
}

const readOne = (memberId: string, cloud = wei.cloud) => fetchMember(db(), cloud, wei.accountId, memberId)

async function rowOf(memberId: string) {
  const [row] = await db()
    .select()
    .from(member)
    .where(and(eq(member.accountId, wei.accountId), eq(member.memberId, memberId)))
  return row
}

async function knownMember() {
  const memberId = await muster.newMember()
  await readOne(memberId)
  return memberId
}

async function claimed() {
  const { accountId, site, directoryId } = wei.session
  const owner = { accountId, site, directoryId: directoryId ?? '' }
  const claim = await claimSync(db(), owner, { by: 'wei.tan', leaseSeconds: 60 })
  if (!claim) throw new Error('another sync is running')
  return claim
}

/** A sync whose page of members is held; `end` releases it and waits for the sync to end. */
async function heldSync() {
  const claim = await claimed()
  const { cloud, asked, release } = held('listMembers')
  const ended = readDirectory(db(), cloud, claim)
  await asked
  return {
    async end() {
      release()
      expect(await ended).toBe('done')
    },
  }
}

test('a status requested before a bind and answered after it removes neither phone nor masked number', async () => {
  const memberId = await knownMember()
  const sent = await sendCode.run(wei, { memberId, phone: '65-91234567' })
  const [message] = await muster.sandbox.messages({ accountId: memberId })
  const slow = held('member')
  const before = readOne(memberId, slow.cloud)
  await slow.asked
  await bindPhone.run(wei, { memberId, requestId: sent.request?.id ?? '', code: message?.code ?? '' })
  slow.release()
  expect(await before).toEqual({ phone: 'missing' })
  expect(await rowOf(memberId)).toMatchObject({ phone: 'bound', phoneMasked: '+65-****4567' })
  expect(await getBindFlow.run(wei, { memberId })).toMatchObject({ step: 'done', member: { phone: 'bound' } })

  // A status requested afterward is newer.
  await muster.sandbox.changeMember(memberId, { phone: null })
  await readOne(memberId)
  expect(await rowOf(memberId)).toMatchObject({ phone: 'missing', phoneMasked: null })
})

test('of two answers about one member, the one requested later wins, whichever arrives last', async () => {
  const memberId = await knownMember()
  const slow = held('member')
  const older = readOne(memberId, slow.cloud)
  await slow.asked
  await muster.sandbox.changeMember(memberId, { displayName: 'newer-name', phone: '65-92223333' })
  await readOne(memberId)
  slow.release()
  await older
  expect(await rowOf(memberId)).toMatchObject({ displayName: 'newer-name', phone: 'bound' })
})

test('a page requested before a member was read individually does not overwrite it', async () => {
  const memberId = await knownMember()
  const sync = await heldSync()
  await muster.sandbox.changeMember(memberId, { displayName: 'read-alone' })
  await readOne(memberId)
  await sync.end()
  expect(await rowOf(memberId)).toMatchObject({ displayName: 'read-alone', unseenPasses: 0, goneAt: null })

  // A page requested afterward is newer.
  await muster.sandbox.changeMember(memberId, { displayName: 'in-the-list' })
  await refreshMembers.run(wei, {})
  expect(await rowOf(memberId)).toMatchObject({ displayName: 'in-the-list' })
})

test('a page requested before a member was found gone does not bring it back', async () => {
  const memberId = await knownMember()
  const sync = await heldSync()
  await muster.sandbox.removeMember(memberId)
  expect(await readOne(memberId)).toEqual({ phone: 'gone' })
  await sync.end()
  expect((await rowOf(memberId))?.goneAt).toBeInstanceOf(Date)
})

test('an answer that a member is gone, requested before a newer read, changes nothing', async () => {
  const memberId = await knownMember()
  const { accountId } = wei.session
  await muster.sandbox.arm({
    operation: 'GetAccount',
    fault: 'code:EntityNotExists.Account',
    match: { accountId: memberId },
  })
  const slow = held('member')
  const older = readOne(memberId, slow.cloud)
  await slow.asked
  await fetchMember(db(), wei.cloud, accountId, memberId)
  slow.release()
  expect(await older).toEqual({ phone: 'gone' })
  expect(await rowOf(memberId)).toMatchObject({ goneAt: null, phone: 'missing' })
})

test('a member read individually during a sync that does not list it yet does not count as missing', async () => {
  const sync = await heldSync()
  const memberId = await knownMember()
  await sync.end()
  expect(await rowOf(memberId)).toMatchObject({ unseenPasses: 0, goneAt: null })
})

test('a pending call of an abandoned sync does not resume it', async () => {
  const claim = await claimed()
  let pages = 0
  const endless: Cloud = {
    ...wei.cloud,
    async listMembers(input) {
      pages += 1
      if (pages === 1) await abandonSync(db(), claim, new Error('another call of it failed'))
      return { ...(await wei.cloud.listMembers(input)), total: 1_000_000 }
    },
  }
  expect(await readDirectory(db(), endless, claim)).toBe('overtaken')
  expect(pages).toBe(1)
  const { sync } = await syncState(db(), wei.accountId)
  expect(sync).toBeNull()
})

test('a bind answered long ago does not overwrite what was read since', async () => {
  const { ledger, outcomes } = muster.services
  const { accountId, operatorId, operatorName } = wei.session
  const operator = { operatorId, operatorName }
  /** A bind whose answer is only in the console's spool file while the member is read. */
  async function answeredBeforeSync(phone: string | null) {
    const memberId = await knownMember()
    const subject: Subject = { accountId, operation: 'bind_phone', target: memberId }
    const sent = await sendCode.run(wei, { memberId, phone: '65-91234567' })
    const id = sent.request?.id ?? ''
    const { attempt } = await ledger.beginApply(subject, id, operator)
    const answeredAt = Date.now()
    await muster.sandbox.changeMember(memberId, { phone })
    await readOne(memberId)
    const outcome = { kind: 'accepted', requestId: 'LATE' } as const
    const audit = {
      ...{ accountId, ...operator, method: null, address: null, target: memberId },
      ...{ action: 'phone.bind', outcome: 'accepted' as const, correlationId: memberId },
    }
    // As if the process was killed in between and the next one writes the outcome.
    const settle = { subject, id, kind: 'use' as const, attempt, outcome }
    await outcomes.put({ answeredAt, settle, audit }, { ahead: false })
    expect((await ledger.view(subject)).current).toMatchObject({ state: 'applied' })
    return rowOf(memberId)
  }
  expect(await answeredBeforeSync(null)).toMatchObject({ phone: 'missing', phoneMasked: null })
  expect(await answeredBeforeSync('65-91234567')).toMatchObject({
    phone: 'bound',
    phoneMasked: '+65-****4567',
  })
})

describe('after the clock is set back by an hour', () => {
  /** As if the stored member had been written before. */
  async function goBack(memberId: string) {
    const later = (column: 'readAt' | 'phoneReadAt' | 'phoneAskedAt') =>
      sql`${member[column]} + interval '1 hour'`
    await db()
      .update(member)
      .set({
        readAt: later('readAt'),
        phoneReadAt: later('phoneReadAt'),
        phoneAskedAt: later('phoneAskedAt'),
      })
      .where(and(eq(member.accountId, wei.accountId), eq(member.memberId, memberId)))
  }

  test('a new read replaces stored data, and is made without waiting for the clock', async () => {
    const memberId = await knownMember()
    await goBack(memberId)
    await muster.sandbox.changeMember(memberId, { displayName: 'after-the-jump', phone: '65-92223333' })
    expect((await findMember(db(), wei.accountId, memberId))?.secondsSincePhoneAsked).toBeNull()
    expect(await getBindFlow.run(wei, { memberId })).toMatchObject({
      member: { displayName: 'after-the-jump', phone: 'bound' },
    })
  })

  test('an accepted bind is kept', async () => {
    const memberId = await knownMember()
    const sent = await sendCode.run(wei, { memberId, phone: '65-91234567' })
    const [message] = await muster.sandbox.messages({ accountId: memberId })
    await goBack(memberId)
    await bindPhone.run(wei, { memberId, requestId: sent.request?.id ?? '', code: message?.code ?? '' })
    expect(await rowOf(memberId)).toMatchObject({ phone: 'bound', phoneMasked: '+65-****4567' })
  })

  test('a member that no longer exists is marked gone, by one read of it or two syncs of the list', async () => {
    const [alone, listed] = [await knownMember(), await knownMember()]
    for (const memberId of [alone, listed]) {
      await goBack(memberId)
      await muster.sandbox.removeMember(memberId)
    }
    expect(await readOne(alone)).toEqual({ phone: 'gone' })
    for (let pass = 0; pass < 2; pass += 1) await refreshMembers.run(wei, {})
    for (const memberId of [alone, listed]) expect((await rowOf(memberId))?.goneAt).toBeInstanceOf(Date)
  })
})
