import { eq, sql } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Cloud, CloudError } from '@/lib/alicloud'
import { listAudit } from '@/lib/audit'
import { laterCodes } from '@/lib/contract/errors'
import type { BindFlow } from '@/lib/contract/phone'
import { codeRequest } from '@/lib/db'
import type { Operator } from './actor'
import { getMember, refreshMembers } from './members'
import { createOutcomes } from './outcomes'
import { bindPhone, checkNumber, discardCode, getBindFlow, lookUpPhone, sendCode } from './phone'
import { failureOf, startTestConsole, type TestConsole } from './testing'

let muster: TestConsole
let wei: Operator
const phone = '65-91234567'
const sendOperation = 'SendVerificationCodeForBindSecureMobilePhone'
const bindOperation = 'BindSecureMobilePhone'

beforeAll(async () => {
  muster = await startTestConsole()
  wei = await muster.signedInAs('intl-admin')
})
afterAll(() => muster.close())
afterEach(() => muster.sandbox.disarmAll())

async function send(memberId: string, actor = wei): Promise<BindFlow> {
  return sendCode.run(actor, { memberId, phone })
}

async function codeOf(memberId: string): Promise<string> {
  const [newest] = await muster.sandbox.messages({ accountId: memberId })
  if (!newest) throw new Error('no message')
  return newest.code
}

function idOf(flow: BindFlow): string {
  if (!flow.request) throw new Error('no request')
  return flow.request.id
}

async function callsOf(operation: string, memberId: string) {
  return muster.sandbox.calls({ operation, target: memberId })
}

async function auditOf(memberId: string, actor = wei) {
  const rows = await listAudit(
    muster.services.db,
    { accountId: actor.accountId, target: memberId },
    { limit: 50 },
  )
  return rows.map(({ action, outcome, code }) => ({ action, outcome, code })).reverse()
}

describe('the good path', () => {
  test('number, code, bound, with its proof and its audit rows', async () => {
    const memberId = await muster.newMember({ displayName: 'pos-kiosk' })
    expect(await getBindFlow.run(wei, { memberId })).toMatchObject({
      step: 'number',
      obstacle: null,
      member: { phone: 'missing' },
    })

    const sent = await send(memberId)
    expect(sent).toMatchObject({
      step: 'code',
      sentToday: 1,
      sendNumber: 1,
      request: { numberMasked: '+65-****4567', byYou: true },
    })
    expect(sent.request?.secondsLeft).toBeGreaterThan(14 * 60)
    expect(JSON.stringify(sent)).not.toContain('91234567')

    const bound = await bindPhone.run(wei, { memberId, requestId: idOf(sent), code: await codeOf(memberId) })
    expect(bound).toMatchObject({ step: 'done', member: { phone: 'bound', phoneMasked: '+65-****4567' } })
    expect(bound.request?.sendRequestId).toBe((await callsOf(sendOperation, memberId))[0]?.requestId)
    expect(bound.request?.applyRequestId).toBe((await callsOf(bindOperation, memberId))[0]?.requestId)
    expect((await muster.sandbox.member(memberId)).securePhone).toBe(phone)

    const rows = await listAudit(
      muster.services.db,
      { accountId: wei.accountId, target: memberId },
      { limit: 10 },
    )
    expect(rows.map(({ action, outcome }) => `${action} ${outcome}`).reverse()).toEqual([
      'phone.send_code started',
      'phone.send_code accepted',
      'phone.bind started',
      'phone.bind accepted',
    ])
    // Neither the number nor the code: what identifies the act is enough.
    const requestId = idOf(sent)
    expect(rows.map(({ detail }) => detail).reverse()).toEqual([
      { memberId },
      { memberId },
      { memberId, requestId },
      { memberId, requestId },
    ])
  })

  test('the China site takes +86 numbers only, and says so before any call', async () => {
    const li = await muster.signedInAs('china-admin')
    const memberId = await muster.newMember({}, 'china')
    const refused = await failureOf(sendCode, li, { memberId, phone })
    expect(refused).toMatchObject({ code: 'phone.country_not_allowed', params: { site: 'china' } })
    expect(await callsOf(sendOperation, memberId)).toEqual([])
    expect(await sendCode.run(li, { memberId, phone: '86-13812345678' })).toMatchObject({
      step: 'code',
      site: 'china',
    })
  })

  test('a second operator sees the same step and goes on with it', async () => {
    const memberId = await muster.newMember()
    const sent = await send(memberId)
    const other = await muster.signedInAs('intl-admin')
    const seen = await getBindFlow.run(other, { memberId })
    expect(seen).toMatchObject({ step: 'code', request: { id: idOf(sent), numberMasked: '+65-****4567' } })
    expect(
      await bindPhone.run(other, { memberId, requestId: idOf(seen), code: await codeOf(memberId) }),
    ).toMatchObject({ step: 'done' })
  })
})

describe('two operators and two numbers', () => {
  const other = '65-98765432'
  const alike = '65-90004567'

  test('at once: one counts, and the other is told whose, and that theirs was not used', async () => {
    const memberId = await muster.newMember()
    const amira: Operator = { ...wei, operatorId: 'amira', operatorName: 'amira.said' }
    await muster.sandbox.arm({ operation: sendOperation, fault: 'slow:500', match: { accountId: memberId } })
    const both = await Promise.allSettled([
      sendCode.run(wei, { memberId, phone, seen: null }),
      sendCode.run(amira, { memberId, phone: other, seen: null }),
    ])
    const lost = both.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))
    const { request } = await getBindFlow.run(wei, { memberId })
    const weiWon = request?.operatorName === 'wei.tan'
    expect(lost).toMatchObject([
      {
        code: 'send.other_first',
        params: {
          by: 'other',
          name: request?.operatorName,
          counts: request?.numberMasked,
          unused: weiWon ? '+65-****5432' : '+65-****4567',
          alike: 'no',
        },
      },
    ])
    expect(JSON.stringify(lost[0])).not.toContain(weiWon ? '98765432' : '91234567')
    expect(await callsOf(sendOperation, memberId)).toHaveLength(1)
  })

  test('one after the other, unseen: also once the pause is over, and also from another window', async () => {
    const memberId = await muster.newMember()
    const first = await sendCode.run(wei, { memberId, phone, seen: null })
    await muster.sandbox.advance(60)
    expect(await failureOf(sendCode, wei, { memberId, phone: alike, seen: null })).toMatchObject({
      code: 'send.other_first',
      params: { by: 'you', counts: '+65-****4567', unused: '+65-****4567', alike: 'yes' },
    })
    expect(await callsOf(sendOperation, memberId)).toHaveLength(1)
    // The same number is no other recipient, and what was seen may be replaced.
    await sendCode.run(wei, { memberId, phone, seen: null })
    await muster.sandbox.advance(60)
    const { request } = await getBindFlow.run(wei, { memberId })
    expect(request?.id).not.toBe(idOf(first))
    expect(await sendCode.run(wei, { memberId, phone: alike, seen: request?.id ?? null })).toMatchObject({
      step: 'code',
    })
  })

  test('that look the same when masked are told apart, wherever they are named', async () => {
    const memberId = await muster.newMember()
    const sent = await send(memberId)
    expect(sent).toMatchObject({ request: { alike: null }, replaced: null })
    await muster.sandbox.advance(60)
    const again = await send(memberId)
    expect(again).toMatchObject({ request: { alike: null }, replaced: null })
    await muster.sandbox.advance(60)
    const changed = await sendCode.run(wei, { memberId, phone: alike })
    expect(changed).toMatchObject({
      request: { numberMasked: '+65-****4567', alike: 2 },
      replaced: { numberMasked: '+65-****4567', alike: 1, operatorName: 'wei.tan', byYou: true },
    })
    const bound = await bindPhone.run(wei, {
      memberId,
      requestId: idOf(changed),
      code: await codeOf(memberId),
    })
    expect(bound.request?.alike).toBe(2)
    const { events } = await getMember.run(wei, { memberId })
    expect(events.flatMap(({ kind, alike }) => (kind === 'joined' ? [] : [`${kind} ${alike}`]))).toEqual([
      'bound 2',
      'sent 2',
      'sent 1',
      'sent 1',
    ])
    expect(events.find(({ ended }) => ended === 'superseded')?.endedBy).toBe('wei.tan')
    expect(JSON.stringify([changed, bound, events])).not.toMatch(/91234567|90004567/)
  })
})

describe('what forbids a send is told before any call', () => {
  test.each([
    ['a cloud account', { type: 'CloudAccount' as const }, 'cloud_account', 'member.is_cloud_account'],
    ['a phone that is bound', { phone: '65-90000000' }, 'already_bound', 'phone.already_bound'],
    [
      'an upgrade under way',
      { status: 'PromoteVerifying' as const },
      'status_unfit',
      'member.type_or_status_unfit',
    ],
  ])('%s', async (_, order, obstacle, code) => {
    const memberId = await muster.newMember(order)
    expect(await getBindFlow.run(wei, { memberId })).toMatchObject({ step: 'blocked', obstacle })
    expect(await failureOf(sendCode, wei, { memberId, phone })).toMatchObject({ code })
    expect(await callsOf(sendOperation, memberId)).toEqual([])
    expect(await auditOf(memberId)).toContainEqual({ action: 'phone.send_code', outcome: 'refused', code })
  })

  test('a member that is being deleted; what only may come of it is shown', async () => {
    const deleted = await muster.newMember({ deletionStatus: 'Deleting' })
    const checked = await muster.newMember({ deletionStatus: 'Checking' })
    await refreshMembers.run(wei, {})
    // A single member's answer does not say it: what the list said stays.
    await lookUpPhone.run(wei, { memberId: deleted })
    expect(await getBindFlow.run(wei, { memberId: deleted })).toMatchObject({
      step: 'blocked',
      obstacle: 'being_deleted',
      member: { deletion: 'Deleting' },
    })
    expect(await failureOf(sendCode, wei, { memberId: deleted, phone })).toMatchObject({
      code: 'member.being_deleted',
    })
    expect(await callsOf(sendOperation, deleted)).toEqual([])
    const { next } = await getBindFlow.run(wei, { memberId: checked })
    expect(next.map(({ id }) => id)).not.toContain(deleted)
    expect(await getBindFlow.run(wei, { memberId: checked })).toMatchObject({
      step: 'number',
      obstacle: null,
      member: { deletion: 'Checking' },
    })
    await muster.sandbox.changeMember(deleted, { deletionStatus: '' })
    await refreshMembers.run(wei, {})
    expect(await getBindFlow.run(wei, { memberId: deleted })).toMatchObject({ obstacle: null })
  })

  test('a member of another directory does not exist here', async () => {
    const memberId = await muster.newMember({}, 'china')
    expect(await failureOf(getBindFlow, wei, { memberId })).toMatchObject({ code: 'member.not_found' })
    expect(await failureOf(sendCode, wei, { memberId, phone })).toMatchObject({ code: 'member.not_found' })
  })
})

test('two clicks send one code', async () => {
  const memberId = await muster.newMember()
  const results = await Promise.allSettled([send(memberId), send(memberId)])
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  expect(await callsOf(sendOperation, memberId)).toHaveLength(1)
})

test('a read-only operator may look but not send; the missing action is named', async () => {
  const amira = await muster.signedInAs('read-only')
  const memberId = await muster.newMember()
  expect(await getBindFlow.run(amira, { memberId })).toMatchObject({ step: 'number' })
  const refused = await failureOf(sendCode, amira, { memberId, phone })
  expect(refused).toMatchObject({
    code: 'cloud.permission',
    params: { action: `resourcemanager:${sendOperation}` },
  })
  expect(await auditOf(memberId, amira)).toContainEqual({
    action: 'phone.send_code',
    outcome: 'refused',
    code: 'NoPermission',
  })
  expect(await getBindFlow.run(amira, { memberId })).toMatchObject({ step: 'number', request: null })
})

describe('codes', () => {
  test('a wrong code costs a try, keeps the request, and the right one still binds', async () => {
    const memberId = await muster.newMember()
    const sent = await send(memberId)
    const right = await codeOf(memberId)
    const wrong = right === '000000' ? '111111' : '000000'
    const refused = await failureOf(bindPhone, wei, { memberId, requestId: idOf(sent), code: wrong })
    expect(refused).toMatchObject({
      code: 'code.incorrect',
      params: { triesLeft: 9 },
      fields: { code: 'code.incorrect' },
    })
    expect((await getBindFlow.run(wei, { memberId })).request?.triesLeft).toBe(9)
    const { events } = await getMember.run(wei, { memberId })
    expect(events[0]).toMatchObject({ kind: 'bind_refused', reason: 'code.incorrect' })
    expect(await bindPhone.run(wei, { memberId, requestId: idOf(sent), code: right })).toMatchObject({
      step: 'done',
    })
  })

  test('a wrong code is told with the tries that are left, even when its note had to be taken twice', async () => {
    const memberId = await muster.newMember()
    const sent = await send(memberId)
    const wrong = (await codeOf(memberId)) === '000000' ? '111111' : '000000'
    const { ledger } = muster.services
    let unheard = 1
    const flawed = {
      ...ledger,
      async settleApply(...noted: Parameters<typeof ledger.settleApply>) {
        const settled = await ledger.settleApply(...noted)
        // As a connection does that breaks after the commit and before the news of it.
        if (unheard-- > 0) throw new Error('Connection terminated unexpectedly')
        return settled
      },
    }
    const outcomes = createOutcomes({ ...muster.services, ledger: flawed, dataDir: null, report: () => {} })
    const services = { ...muster.services, outcomes }
    const input = { memberId, requestId: idOf(sent), code: wrong }
    expect(await failureOf(bindPhone, { ...wei, services }, input)).toMatchObject({
      code: 'code.incorrect',
      params: { triesLeft: 9 },
    })
    expect((await getBindFlow.run(wei, { memberId })).request?.triesLeft).toBe(9)
    const rows = await listAudit(
      muster.services.db,
      { accountId: wei.accountId, target: memberId, actions: ['phone.bind'] },
      { limit: 5 },
    )
    expect(rows.map(({ outcome }) => outcome)).toEqual(['refused', 'started'])
  })

  test('past its known expiry a refused code is called expired', async () => {
    const memberId = await muster.newMember()
    const sent = await send(memberId)
    const code = await codeOf(memberId)
    await muster.sandbox.advance(15 * 60 + 1)
    expect(await failureOf(bindPhone, wei, { memberId, requestId: idOf(sent), code })).toMatchObject({
      code: 'code.expired',
    })
  })

  test('after a resend the older code no longer binds, the newest does', async () => {
    const memberId = await muster.newMember()
    const first = await send(memberId)
    expect(await failureOf(sendCode, wei, { memberId })).toMatchObject({ code: 'send.cooling_down' })
    await muster.sandbox.advance(60)
    const again = await sendCode.run(wei, { memberId })
    expect(again).toMatchObject({ sendNumber: 2, request: { numberMasked: '+65-****4567' } })
    const code = await codeOf(memberId)
    expect(await failureOf(bindPhone, wei, { memberId, requestId: idOf(first), code })).toMatchObject({
      code: 'code.request_closed',
    })
    expect(await bindPhone.run(wei, { memberId, requestId: idOf(again), code })).toMatchObject({
      step: 'done',
    })
  })

  test('a discarded code cannot be entered any more, and it is told who discarded it', async () => {
    const memberId = await muster.newMember()
    const sent = await send(memberId)
    const code = await codeOf(memberId)
    expect(await discardCode.run(wei, { memberId, requestId: idOf(sent) })).toMatchObject({
      step: 'number',
      request: null,
      refused: { what: 'given_up', discarded: { operatorName: 'wei.tan', byYou: true } },
    })
    expect(await failureOf(bindPhone, wei, { memberId, requestId: idOf(sent), code })).toMatchObject({
      code: 'code.request_closed',
    })
    expect(await failureOf(discardCode, wei, { memberId, requestId: idOf(sent) })).toMatchObject({
      code: 'code.request_closed',
    })
    expect((await auditOf(memberId)).filter(({ action }) => action === 'phone.discard_code')).toEqual([
      { action: 'phone.discard_code', outcome: 'started', code: null },
      { action: 'phone.discard_code', outcome: 'accepted', code: null },
      { action: 'phone.discard_code', outcome: 'started', code: null },
      { action: 'phone.discard_code', outcome: 'refused', code: 'code.request_closed' },
    ])
    const { events } = await getMember.run(wei, { memberId })
    expect(events[0]).toMatchObject({ kind: 'sent', ended: 'given_up', endedBy: 'wei.tan' })
  })

  test('a changed number takes the place of the older one once its send was accepted', async () => {
    const memberId = await muster.newMember()
    const sent = await send(memberId)
    const code = await codeOf(memberId)
    await muster.sandbox.advance(60)
    expect(await sendCode.run(wei, { memberId, phone: '65-98887777' })).toMatchObject({
      request: { numberMasked: '+65-****7777' },
      sendNumber: 1,
      sentToday: 2,
    })
    expect(await failureOf(bindPhone, wei, { memberId, requestId: idOf(sent), code })).toMatchObject({
      code: 'code.request_closed',
    })
  })

  test('a changed number that is refused leaves the older code good, and both are shown', async () => {
    const memberId = await muster.newMember()
    const sent = await send(memberId)
    const code = await codeOf(memberId)
    await muster.sandbox.advance(60)
    await muster.sandbox.arm({ operation: sendOperation, fault: 'code:InvalidSecureMobilePhone' })
    await failureOf(sendCode, wei, { memberId, phone: '65-98887777' })
    expect(await getBindFlow.run(wei, { memberId })).toMatchObject({
      step: 'code',
      request: { id: idOf(sent), numberMasked: '+65-****4567' },
      refused: { what: 'send', about: '+65-****7777', byYou: true },
    })
    expect(await bindPhone.run(wei, { memberId, requestId: idOf(sent), code })).toMatchObject({
      step: 'done',
      request: { numberMasked: '+65-****4567' },
    })
  })

  test('a phone bound elsewhere meanwhile ends the request and is shown as bound', async () => {
    const memberId = await muster.newMember()
    const sent = await send(memberId)
    const code = await codeOf(memberId)
    await muster.sandbox.changeMember(memberId, { phone: '65-90001111' })
    expect(await failureOf(bindPhone, wei, { memberId, requestId: idOf(sent), code })).toMatchObject({
      code: 'phone.already_bound',
    })
    const after = await getBindFlow.run(wei, { memberId })
    expect(after).toMatchObject({
      step: 'blocked',
      obstacle: 'already_bound',
      request: null,
      member: { phone: 'bound', phoneMasked: null },
    })
  })

  test('a number that another member uses is told by that member’s name', async () => {
    const [first, second] = [await muster.newMember({ displayName: 'first-user' }), await muster.newMember()]
    const number = '65-83334444'
    await sendCode.run(wei, { memberId: first, phone: number })
    expect(await checkNumber.run(wei, { memberId: second, phone: number })).toEqual({
      usedBy: [{ id: first, displayName: 'first-user', bound: false }],
    })
    expect(await checkNumber.run(wei, { memberId: second, phone: '65-83334445' })).toEqual({ usedBy: [] })
  })
})

test('opening the page looks an unknown bind up by itself', async () => {
  const memberId = await muster.newMember()
  const sent = await send(memberId)
  await muster.sandbox.arm({
    operation: bindOperation,
    fault: 'reset',
    effect: true,
    match: { accountId: memberId },
  })
  await bindPhone.run(wei, { memberId, requestId: idOf(sent), code: await codeOf(memberId) })
  expect(await getBindFlow.run(wei, { memberId })).toMatchObject({
    step: 'done',
    request: { lookupResult: 'done' },
  })
})

describe('what a look-up may prove', () => {
  async function unknownBind(fault: { effect: boolean }) {
    const memberId = await muster.newMember()
    const sent = await send(memberId)
    await muster.sandbox.arm({
      operation: bindOperation,
      fault: 'reset',
      ...fault,
      match: { accountId: memberId },
    })
    await bindPhone.run(wei, { memberId, requestId: idOf(sent), code: await codeOf(memberId) })
    return memberId
  }

  test('a member that left ends the bind as never known, and the page and the time line say so', async () => {
    const memberId = await unknownBind({ effect: true })
    await muster.sandbox.removeMember(memberId)
    await muster.sandbox.advance(6)
    expect(await lookUpPhone.run(wei, { memberId })).toMatchObject({
      step: 'blocked',
      obstacle: 'gone',
      request: null,
      refused: { what: 'gone', operatorName: 'wei.tan', byYou: true },
      member: { phone: 'unread' },
    })
    const { open, events } = await getMember.run(wei, { memberId })
    expect(open).toBeNull()
    expect(events.map(({ kind, ended }) => [kind, ended])).toEqual([
      ['bind_unresolved', 'gone'],
      ['sent', null],
      ['joined', null],
    ])
  })

  test('an answer without a word about the phone is asked for once a pause; who knows may go on and send anew', async () => {
    const memberId = await unknownBind({ effect: false })
    await muster.sandbox.changeMember(memberId, { phoneReported: false })
    const asked = async () => (await callsOf('GetAccount', memberId)).length
    const before = await asked()
    await muster.sandbox.advance(6)
    const flow = await getBindFlow.run(wei, { memberId })
    expect(flow).toMatchObject({
      step: 'checking',
      request: { state: 'apply_unknown', lookupResult: 'not_reported', mayConclude: true },
    })
    const { db } = muster.services
    // Polls within the pause, however long this machine takes for them.
    const ahead = { lookupAskedAt: sql`${codeRequest.lookupAskedAt} + interval '1 hour'` }
    await db.update(codeRequest).set(ahead).where(eq(codeRequest.target, memberId))
    await getBindFlow.run(wei, { memberId })
    await getBindFlow.run(wei, { memberId })
    expect(await asked()).toBe(before + 1)
    // A person may look at once.
    expect(await lookUpPhone.run(wei, { memberId })).toMatchObject({ step: 'checking' })
    expect(await asked()).toBe(before + 2)

    const requestId = idOf(flow)
    expect(await failureOf(discardCode, wei, { memberId, requestId })).toMatchObject({
      code: 'apply.outcome_unknown',
    })
    expect(await discardCode.run(wei, { memberId, requestId, unresolved: true })).toMatchObject({
      step: 'number',
      request: null,
      refused: { what: 'unresolved' },
      // What was read before the bind says nothing any more.
      member: { phone: 'unread', phoneReadAt: null },
    })
    const { events } = await getMember.run(wei, { memberId })
    expect(events[0]).toMatchObject({ kind: 'bind_unresolved', ended: 'unresolved' })
    await muster.sandbox.advance(60)
    expect(await send(memberId)).toMatchObject({ step: 'code' })
  })

  test('an unknown bind is shown, and can be concluded, also by who may not read the member', async () => {
    const memberId = await unknownBind({ effect: true })
    await muster.sandbox.advance(6)
    await muster.sandbox.arm({
      operation: 'GetAccount',
      fault: 'code:NoPermission',
      times: 2,
      match: { accountId: memberId },
    })
    const flow = await getBindFlow.run(wei, { memberId })
    expect(flow).toMatchObject({ step: 'checking', request: { mayConclude: true, lookedUpAt: null } })
    expect(await failureOf(lookUpPhone, wei, { memberId })).toMatchObject({ code: 'cloud.permission' })
    expect(await discardCode.run(wei, { memberId, requestId: idOf(flow), unresolved: true })).toMatchObject({
      step: 'number',
    })
  })

  test('before a send, a status that no answer tells is asked for once a minute, not with every poll', async () => {
    const memberId = await muster.newMember({ phoneReported: false })
    // The first one is of a member that this console has never seen.
    await getBindFlow.run(wei, { memberId })
    const before = (await callsOf('GetAccount', memberId)).length
    for (const _ of [1, 2, 3])
      expect(await getBindFlow.run(wei, { memberId })).toMatchObject({
        step: 'number',
        member: { phone: 'unread' },
      })
    expect((await callsOf('GetAccount', memberId)).length).toBeLessThanOrEqual(before + 1)
  })

  test('a bind settled as "not bound" was refused by nobody, and the time line says so', async () => {
    const memberId = await unknownBind({ effect: false })
    await muster.sandbox.advance(6)
    await lookUpPhone.run(wei, { memberId })
    const { events } = await getMember.run(wei, { memberId })
    expect(events.map(({ kind }) => kind)).toEqual(['bind_not_found', 'sent', 'joined'])
    expect(events[0]).toMatchObject({ code: null, reason: null })
  })

  test('a phone that was removed at Alibaba Cloud later can be bound anew', async () => {
    const memberId = await muster.newMember()
    const sent = await send(memberId)
    await bindPhone.run(wei, { memberId, requestId: idOf(sent), code: await codeOf(memberId) })
    await muster.sandbox.changeMember(memberId, { phone: null })
    await muster.sandbox.advance(60)
    expect(await lookUpPhone.run(wei, { memberId })).toMatchObject({ step: 'number', request: null })
    expect(await send(memberId)).toMatchObject({ step: 'code' })
    const { events } = await getMember.run(wei, { memberId })
    expect(events).toContainEqual(expect.objectContaining({ kind: 'bound', ended: 'undone' }))
  })
})

test('an accepted send stays accepted, and is told so, when our own database cannot take note of it', async () => {
  const memberId = await muster.newMember()
  const { db } = muster.services
  await muster.sandbox.arm({ operation: sendOperation, fault: 'slow:1200', match: { accountId: memberId } })
  const sending = failureOf(sendCode, wei, { memberId, phone })
  await expect.poll(() => callsOf(sendOperation, memberId), { interval: 20, timeout: 30_000 }).toHaveLength(1)
  await db.execute(sql`alter table code_request rename to code_request_away`)
  const failure = await sending.finally(() =>
    db.execute(sql`alter table code_request_away rename to code_request`),
  )
  const [call] = await callsOf(sendOperation, memberId)
  const { requestId } = call ?? {}
  expect(failure).toMatchObject({
    code: 'storage.outcome_unsaved',
    params: { outcome: 'accepted', requestId },
  })
  // As soon as the database takes it.
  await expect
    .poll(async () => (await getBindFlow.run(wei, { memberId })).request, { timeout: 30_000 })
    .toMatchObject({
      state: 'sent',
      sendOutcome: 'accepted',
      sendRequestId: requestId,
      secondsLeft: expect.any(Number),
    })
  const of = { accountId: wei.accountId, target: memberId }
  const rows = await listAudit(db, of, { limit: 5 })
  expect(rows.map(({ outcome, upstreamRequestId }) => ({ outcome, upstreamRequestId }))).toEqual([
    { outcome: 'accepted', upstreamRequestId: requestId },
    { outcome: 'started', upstreamRequestId: null },
  ])
  expect(await callsOf(sendOperation, memberId)).toHaveLength(1)
})

test('a database that gives no turn ends the send as not sent: nothing is unknown, and it may be sent again', async () => {
  const memberId = await muster.newMember()
  const { db } = muster.services
  await db.execute(sql`alter table rate rename to rate_away`)
  const failure = await failureOf(sendCode, wei, { memberId, phone }).finally(() =>
    db.execute(sql`alter table rate_away rename to rate`),
  )
  expect(failure).toMatchObject({ code: 'cloud.not_sent', executed: 'no' })
  expect(await callsOf(sendOperation, memberId)).toEqual([])
  expect(await auditOf(memberId)).toContainEqual({
    action: 'phone.send_code',
    outcome: 'refused',
    code: 'cloud.not_sent',
  })
  await muster.sandbox.advance(5)
  expect(await getBindFlow.run(wei, { memberId })).toMatchObject({
    step: 'number',
    request: null,
    sentToday: 0,
  })
  expect(await send(memberId)).toMatchObject({ step: 'code' })
})

test('a database that gives no turn leaves the code of a bind open', async () => {
  const memberId = await muster.newMember()
  const { db } = muster.services
  const requestId = idOf(await send(memberId))
  const code = await codeOf(memberId)
  await db.execute(sql`alter table rate rename to rate_away`)
  const failure = await failureOf(bindPhone, wei, { memberId, requestId, code }).finally(() =>
    db.execute(sql`alter table rate_away rename to rate`),
  )
  expect(failure).toMatchObject({ code: 'cloud.not_sent' })
  expect(await bindPhone.run(wei, { memberId, requestId, code })).toMatchObject({ step: 'done' })
})

describe('busy and refused answers were not carried out', () => {
  test.each(laterCodes)(
    'a send refused by %s stays in the time line, and is no refusal of the number',
    async (code) => {
      const memberId = await muster.newMember()
      const upstream = { product: 'ResourceManager', operation: sendOperation }
      const later = new CloudError({ code, kind: 'busy', executed: 'no', upstream })
      const cloud: Cloud = { ...wei.cloud, sendBindCode: () => Promise.reject(later) }
      expect(await failureOf(sendCode, { ...wei, cloud }, { memberId, phone })).toMatchObject({ code })
      expect(await getBindFlow.run(wei, { memberId })).toMatchObject({ step: 'number', refused: null })
      const { events } = await getMember.run(wei, { memberId })
      expect(events).toContainEqual(expect.objectContaining({ kind: 'send_refused', reason: code }))
    },
  )

  test('a throttled send: nothing was sent, five seconds, then it goes', async () => {
    const memberId = await muster.newMember()
    await muster.sandbox.arm({ operation: sendOperation, fault: 'throttle', match: { accountId: memberId } })
    expect(await failureOf(sendCode, wei, { memberId, phone })).toMatchObject({ code: 'cloud.busy' })
    expect(await getBindFlow.run(wei, { memberId })).toMatchObject({
      step: 'number',
      cooldownSeconds: 5,
      sentToday: 0,
    })
    await muster.sandbox.advance(5)
    expect(await send(memberId)).toMatchObject({ step: 'code' })
  })

  test('the limit of the day is told with its code and RequestId', async () => {
    const memberId = await muster.newMember()
    await muster.sandbox.arm({
      operation: sendOperation,
      fault: 'code:SendValidateCodeExceedsLimitForAccount',
      match: { accountId: memberId },
    })
    const refused = await failureOf(sendCode, wei, { memberId, phone })
    expect(refused).toMatchObject({
      code: 'send.day_limit',
      upstream: { code: 'SendValidateCodeExceedsLimitForAccount' },
    })
    expect(refused.upstream?.requestId).toBe((await callsOf(sendOperation, memberId))[0]?.requestId)
  })

  test('a refused send is told to others without the vendor’s text; a missing permission is not theirs', async () => {
    const amira = await muster.signedInAs('read-only')
    const memberId = await muster.newMember()
    const code = 'SendValidateCodeExceedsLimitForAccount'
    await muster.sandbox.arm({
      operation: sendOperation,
      fault: `code:${code}`,
      match: { accountId: memberId },
    })
    await failureOf(sendCode, wei, { memberId, phone })
    const told = { error: { code: 'send.day_limit', upstream: { code } }, operatorName: 'wei.tan' }
    const flowOf = (actor: Operator) => getBindFlow.run(actor, { memberId })
    expect(await flowOf(wei)).toMatchObject({ refused: { ...told, byYou: true } })
    const { refused } = await flowOf(amira)
    expect(refused).toMatchObject({ ...told, byYou: false })
    expect(refused?.error.upstream).not.toHaveProperty('message')

    await muster.sandbox.advance(5)
    await failureOf(sendCode, amira, { memberId, phone })
    expect(await flowOf(amira)).toMatchObject({ refused: { error: { code: 'cloud.permission' } } })
    expect(await flowOf(wei)).toMatchObject({ refused: null })
  })

  test('credentials that ended end the session, and the open request stays', async () => {
    const gone = await muster.signedInAs('intl-admin')
    const memberId = await muster.newMember()
    await send(memberId)
    const fault = {
      operation: bindOperation,
      fault: 'code:InvalidSecurityToken.Expired',
      match: { accountId: memberId },
    }
    await muster.sandbox.arm(fault)
    const flow = await getBindFlow.run(gone, { memberId })
    const refused = await failureOf(bindPhone, gone, { memberId, requestId: idOf(flow), code: '000000' })
    expect(refused.code).toBe('signin.ended')
    // A reading may end it as well: what became of the session has a row of its own.
    const [row] = await listAudit(
      muster.services.db,
      { accountId: gone.accountId, actions: ['session.end'], correlationId: gone.requestId },
      { limit: 1 },
    )
    expect(row).toMatchObject({
      operatorId: gone.operatorId,
      outcome: 'accepted',
      detail: { code: 'InvalidSecurityToken.Expired', requestId: expect.any(String) },
    })
    expect(await getBindFlow.run(wei, { memberId })).toMatchObject({
      step: 'code',
      request: { state: 'sent', triesLeft: 10 },
    })
  })
})
