import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { listAudit } from '@/lib/audit'
import type { Operator } from './actor'
import { getMember, refreshMembers } from './members'
import { createOutcomes } from './outcomes'
import { bindPhone, checkNumber, discardCode, getBindFlow, reconcilePhone, sendCode } from './phone'
import { failureOf } from './testing'
import { bindOperation, idOf, phone, sendOperation, startPhoneConsole } from './testing-phone'

type PhoneConsole = Awaited<ReturnType<typeof startPhoneConsole>>
let { muster, wei, send, codeOf, callsOf, auditOf } = {} as PhoneConsole
beforeAll(async () => {
  ;({ muster, wei, send, codeOf, callsOf, auditOf } = await startPhoneConsole())
})
afterAll(() => muster.close())
afterEach(() => muster.sandbox.disarmAll())

describe('without errors', () => {
  test('number, code, bound, with RequestIds and audit rows', async () => {
    const memberId = await muster.newMember({ displayName: 'pos-kiosk' })
    expect(await getBindFlow.run(wei, { memberId })).toMatchObject({
      step: 'number',
      blockedReason: null,
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
    // Neither number nor code: only what identifies the change.
    const requestId = idOf(sent)
    expect(rows.map(({ detail }) => detail).reverse()).toEqual([
      { memberId },
      { memberId },
      { memberId, requestId },
      { memberId, requestId },
    ])
  })

  test('the China site accepts only +86 numbers, which is checked before any call', async () => {
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

  test('a second operator sees the same step and can continue it', async () => {
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

describe('two operators, two numbers', () => {
  const other = '65-98765432'
  const alike = '65-90004567'

  test('sent concurrently: one is used, and the other operator is shown whose, and that their own was not', async () => {
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

  test('one after the other: a send from a page without the first code is refused, even after the cool-down', async () => {
    const memberId = await muster.newMember()
    const first = await sendCode.run(wei, { memberId, phone, seen: null })
    await muster.sandbox.advance(60)
    expect(await failureOf(sendCode, wei, { memberId, phone: alike, seen: null })).toMatchObject({
      code: 'send.other_first',
      params: { by: 'you', counts: '+65-****4567', unused: '+65-****4567', alike: 'yes' },
    })
    expect(await callsOf(sendOperation, memberId)).toHaveLength(1)
    // The same number is not another recipient, and a request that was seen may be replaced.
    await sendCode.run(wei, { memberId, phone, seen: null })
    await muster.sandbox.advance(60)
    const { request } = await getBindFlow.run(wei, { memberId })
    expect(request?.id).not.toBe(idOf(first))
    expect(await sendCode.run(wei, { memberId, phone: alike, seen: request?.id ?? null })).toMatchObject({
      step: 'code',
    })
  })

  test('that look the same when masked are distinguished wherever they are shown', async () => {
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

describe('the reason that blocks a send is shown before any call', () => {
  test.each([
    ['a cloud account', { type: 'CloudAccount' as const }, 'cloud_account', 'member.is_cloud_account'],
    ['a phone that is bound', { phone: '65-90000000' }, 'already_bound', 'phone.already_bound'],
    [
      'an upgrade in progress',
      { status: 'PromoteVerifying' as const },
      'status_unfit',
      'member.type_or_status_unfit',
    ],
  ])('%s', async (_, order, blockedReason, code) => {
    const memberId = await muster.newMember(order)
    expect(await getBindFlow.run(wei, { memberId })).toMatchObject({ step: 'blocked', blockedReason })
    expect(await failureOf(sendCode, wei, { memberId, phone })).toMatchObject({ code })
    expect(await callsOf(sendOperation, memberId)).toEqual([])
    expect(await auditOf(memberId)).toContainEqual({ action: 'phone.send_code', outcome: 'refused', code })
  })

  test('a member that is being deleted; a deletion check is only shown', async () => {
    const deleted = await muster.newMember({ deletionStatus: 'Deleting' })
    const checked = await muster.newMember({ deletionStatus: 'Checking' })
    await refreshMembers.run(wei, {})
    // Reading a single member does not report deletion, so the value from the list stays.
    await reconcilePhone.run(wei, { memberId: deleted })
    expect(await getBindFlow.run(wei, { memberId: deleted })).toMatchObject({
      step: 'blocked',
      blockedReason: 'being_deleted',
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
      blockedReason: null,
      member: { deletion: 'Checking' },
    })
    await muster.sandbox.changeMember(deleted, { deletionStatus: '' })
    await refreshMembers.run(wei, {})
    expect(await getBindFlow.run(wei, { memberId: deleted })).toMatchObject({ blockedReason: null })
  })

  test('a member of another directory does not exist here', async () => {
    const memberId = await muster.newMember({}, 'china')
    expect(await failureOf(getBindFlow, wei, { memberId })).toMatchObject({ code: 'member.not_found' })
    expect(await failureOf(sendCode, wei, { memberId, phone })).toMatchObject({ code: 'member.not_found' })
  })
})

test('concurrent clicks send one code', async () => {
  const memberId = await muster.newMember()
  const results = await Promise.allSettled([send(memberId), send(memberId)])
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  expect(await callsOf(sendOperation, memberId)).toHaveLength(1)
})

test('a read-only operator may read but not send; the missing action is named', async () => {
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
  test('an incorrect code costs an attempt and keeps the request, and the correct one still binds', async () => {
    const memberId = await muster.newMember()
    const sent = await send(memberId)
    const right = await codeOf(memberId)
    const wrong = right === '000000' ? '111111' : '000000'
    const refused = await failureOf(bindPhone, wei, { memberId, requestId: idOf(sent), code: wrong })
    expect(refused).toMatchObject({
      code: 'code.incorrect',
      params: { attemptsLeft: 9 },
      fields: { code: 'code.incorrect' },
    })
    expect((await getBindFlow.run(wei, { memberId })).request?.attemptsLeft).toBe(9)
    const { events } = await getMember.run(wei, { memberId })
    expect(events[0]).toMatchObject({ kind: 'bind_refused', reason: 'code.incorrect' })
    expect(await bindPhone.run(wei, { memberId, requestId: idOf(sent), code: right })).toMatchObject({
      step: 'done',
    })
  })

  test('an incorrect code is reported with the attempts left, even if recording it took two attempts', async () => {
    const memberId = await muster.newMember()
    const sent = await send(memberId)
    const wrong = (await codeOf(memberId)) === '000000' ? '111111' : '000000'
    const { ledger } = muster.services
    let unconfirmed = 1
    const flawed = {
      ...ledger,
      async settleApply(...noted: Parameters<typeof ledger.settleApply>) {
        const settled = await ledger.settleApply(...noted)
        // Like a connection that breaks after the commit and before its confirmation.
        if (unconfirmed-- > 0) throw new Error('Connection terminated unexpectedly')
        return settled
      },
    }
    const outcomes = createOutcomes({ ...muster.services, ledger: flawed, dataDir: null, report: () => {} })
    const services = { ...muster.services, outcomes }
    const input = { memberId, requestId: idOf(sent), code: wrong }
    expect(await failureOf(bindPhone, { ...wei, services }, input)).toMatchObject({
      code: 'code.incorrect',
      params: { attemptsLeft: 9 },
    })
    expect((await getBindFlow.run(wei, { memberId })).request?.attemptsLeft).toBe(9)
    const rows = await listAudit(
      muster.services.db,
      { accountId: wei.accountId, target: memberId, actions: ['phone.bind'] },
      { limit: 5 },
    )
    expect(rows.map(({ outcome }) => outcome)).toEqual(['refused', 'started'])
  })

  test('a code refused after its known expiry is reported as expired', async () => {
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

  test('a discarded code is no longer valid, and the operator who discarded it is shown', async () => {
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

  test('a changed number replaces the older one once its send is accepted', async () => {
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

  test('a changed number that is refused leaves the older code valid, and both are shown', async () => {
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
      blockedReason: 'already_bound',
      request: null,
      member: { phone: 'bound', phoneMasked: null },
    })
  })

  test('a number that another member uses is reported with the name of that member', async () => {
    const [first, second] = [await muster.newMember({ displayName: 'first-user' }), await muster.newMember()]
    const number = '65-83334444'
    await sendCode.run(wei, { memberId: first, phone: number })
    expect(await checkNumber.run(wei, { memberId: second, phone: number })).toEqual({
      usedBy: [{ id: first, displayName: 'first-user', bound: false }],
    })
    expect(await checkNumber.run(wei, { memberId: second, phone: '65-83334445' })).toEqual({ usedBy: [] })
  })
})
