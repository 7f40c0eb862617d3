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

// Answers of Alibaba Cloud arrive in any order: what the mirror keeps goes by when they were asked for.

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

/** A cloud whose answers of one operation are those of the moment of the call, and arrive when they are let go. */
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
  return { cloud, asked: asked.promise, letGo: gate.resolve }
}

const reconcile = (memberId: string, cloud = wei.cloud) => fetchMember(db(), cloud, wei.accountId, memberId)

async function rowOf(memberId: string) {
  const [row] = await db()
    .select()
    .from(member)
    .where(and(eq(member.accountId, wei.accountId), eq(member.memberId, memberId)))
  return row
}

async function knownMember() {
  const memberId = await muster.newMember()
  await reconcile(memberId)
  return memberId
}

async function claimed() {
  const { accountId, site, directoryId } = wei.session
  const owner = { accountId, site, directoryId: directoryId ?? '' }
  const claim = await claimSync(db(), owner, { by: 'wei.tan', leaseSeconds: 60 })
  if (!claim) throw new Error('somebody else reads')
  return claim
}

/** A sync whose page of members is held; `end` lets it go and waits for the end. */
async function heldSync() {
  const claim = await claimed()
  const { cloud, asked, letGo } = held('listMembers')
  const ended = readDirectory(db(), cloud, claim)
  await asked
  return {
    async end() {
      letGo()
      expect(await ended).toBe('done')
    },
  }
}

test('a status asked for before a bind and answered after it takes neither phone nor mask away', async () => {
  const memberId = await knownMember()
  const sent = await sendCode.run(wei, { memberId, phone: '65-91234567' })
  const [message] = await muster.sandbox.messages({ accountId: memberId })
  const slow = held('member')
  const before = reconcile(memberId, slow.cloud)
  await slow.asked
  await bindPhone.run(wei, { memberId, requestId: sent.request?.id ?? '', code: message?.code ?? '' })
  slow.letGo()
  expect(await before).toEqual({ phone: 'missing' })
  expect(await rowOf(memberId)).toMatchObject({ phone: 'bound', phoneMasked: '+65-****4567' })
  expect(await getBindFlow.run(wei, { memberId })).toMatchObject({ step: 'done', member: { phone: 'bound' } })

  // One that was asked for afterwards is newer.
  await muster.sandbox.changeMember(memberId, { phone: null })
  await reconcile(memberId)
  expect(await rowOf(memberId)).toMatchObject({ phone: 'missing', phoneMasked: null })
})

test('of two answers about one member, the one asked for later stays, whichever arrives last', async () => {
  const memberId = await knownMember()
  const slow = held('member')
  const older = reconcile(memberId, slow.cloud)
  await slow.asked
  await muster.sandbox.changeMember(memberId, { displayName: 'newer-name', phone: '65-92223333' })
  await reconcile(memberId)
  slow.letGo()
  await older
  expect(await rowOf(memberId)).toMatchObject({ displayName: 'newer-name', phone: 'bound' })
})

test('a page asked for before a member was read alone undoes nothing of that', async () => {
  const memberId = await knownMember()
  const sync = await heldSync()
  await muster.sandbox.changeMember(memberId, { displayName: 'read-alone' })
  await reconcile(memberId)
  await sync.end()
  expect(await rowOf(memberId)).toMatchObject({ displayName: 'read-alone', unseenPasses: 0, goneAt: null })

  // And one asked for afterwards is newer.
  await muster.sandbox.changeMember(memberId, { displayName: 'in-the-list' })
  await refreshMembers.run(wei, {})
  expect(await rowOf(memberId)).toMatchObject({ displayName: 'in-the-list' })
})

test('a page asked for before a member was found gone does not bring it back', async () => {
  const memberId = await knownMember()
  const sync = await heldSync()
  await muster.sandbox.removeMember(memberId)
  expect(await reconcile(memberId)).toEqual({ phone: 'gone' })
  await sync.end()
  expect((await rowOf(memberId))?.goneAt).toBeInstanceOf(Date)
})

test('an answer that a member is gone, asked for before it was read again, changes nothing', async () => {
  const memberId = await knownMember()
  const { accountId } = wei.session
  await muster.sandbox.arm({
    operation: 'GetAccount',
    fault: 'code:EntityNotExists.Account',
    match: { accountId: memberId },
  })
  const slow = held('member')
  const older = reconcile(memberId, slow.cloud)
  await slow.asked
  await fetchMember(db(), wei.cloud, accountId, memberId)
  slow.letGo()
  expect(await older).toEqual({ phone: 'gone' })
  expect(await rowOf(memberId)).toMatchObject({ goneAt: null, phone: 'missing' })
})

test('a member read alone while a sync runs that does not list it yet was not missed by it', async () => {
  const sync = await heldSync()
  const memberId = await knownMember()
  await sync.end()
  expect(await rowOf(memberId)).toMatchObject({ unseenPasses: 0, goneAt: null })
})

test('a call of a sync that was given up meanwhile does not make it run again', async () => {
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

test('what was answered to a bind long ago undoes nothing that was read since', async () => {
  const { ledger, outcomes } = muster.services
  const { accountId, operatorId, operatorName } = wei.session
  const operator = { operatorId, operatorName }
  /** A bind whose answer is known to the console's file only, while the member is read. */
  async function answeredBeforeSync(phone: string | null) {
    const memberId = await knownMember()
    const subject: Subject = { accountId, operation: 'bind_phone', target: memberId }
    const sent = await sendCode.run(wei, { memberId, phone: '65-91234567' })
    const id = sent.request?.id ?? ''
    const { attempt } = await ledger.beginApply(subject, id, operator)
    const answeredAt = Date.now()
    await muster.sandbox.changeMember(memberId, { phone })
    await reconcile(memberId)
    const outcome = { kind: 'accepted', requestId: 'LATE' } as const
    const audit = {
      ...{ accountId, ...operator, method: null, address: null, target: memberId },
      ...{ action: 'phone.bind', outcome: 'accepted' as const, correlationId: memberId },
    }
    // The process was killed in between, and the next one writes it.
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

describe('the clock goes back by an hour', () => {
  /** As if what is stored of a member had been written before. */
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

  test('what is read then replaces what was there, and is asked for without waiting for the clock', async () => {
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

  test('a member that is not there any more is marked gone, by its own reading or by two of the list', async () => {
    const [alone, listed] = [await knownMember(), await knownMember()]
    for (const memberId of [alone, listed]) {
      await goBack(memberId)
      await muster.sandbox.removeMember(memberId)
    }
    expect(await reconcile(alone)).toEqual({ phone: 'gone' })
    for (let pass = 0; pass < 2; pass += 1) await refreshMembers.run(wei, {})
    for (const memberId of [alone, listed]) expect((await rowOf(memberId))?.goneAt).toBeInstanceOf(Date)
  })
})
