import { eq, sql } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { listAudit } from '@/lib/audit'
import { codeRequest } from '@/lib/db'
import { getMember } from './members'
import { bindPhone, discardCode, getBindFlow, reconcilePhone, sendCode } from './phone'
import { failureOf } from './testing'
import { bindOperation, idOf, phone, sendOperation, startPhoneConsole } from './testing-phone'

type PhoneConsole = Awaited<ReturnType<typeof startPhoneConsole>>
let { muster, wei, send, codeOf, callsOf } = {} as PhoneConsole
beforeAll(async () => {
  ;({ muster, wei, send, codeOf, callsOf } = await startPhoneConsole())
})
afterAll(() => muster.close())
afterEach(() => muster.sandbox.disarmAll())

test('opening the page reconciles a bind of unknown outcome automatically', async () => {
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
    request: { reconcileResult: 'done' },
  })
})

describe('what reconciliation may prove', () => {
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

  test('a member that left ends the bind as never known, and the page and the time line show it', async () => {
    const memberId = await unknownBind({ effect: true })
    await muster.sandbox.removeMember(memberId)
    await muster.sandbox.advance(6)
    expect(await reconcilePhone.run(wei, { memberId })).toMatchObject({
      step: 'blocked',
      blockedReason: 'gone',
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

  test('an answer without a phone status is requested once per interval; the bind can be concluded and a new code sent', async () => {
    const memberId = await unknownBind({ effect: false })
    await muster.sandbox.changeMember(memberId, { phoneReported: false })
    const asked = async () => (await callsOf('GetAccount', memberId)).length
    const before = await asked()
    await muster.sandbox.advance(6)
    const flow = await getBindFlow.run(wei, { memberId })
    expect(flow).toMatchObject({
      step: 'checking',
      request: { state: 'apply_unknown', reconcileResult: 'not_reported', mayConclude: true },
    })
    const { db } = muster.services
    // Keeps the polls within the interval, however slow this machine is.
    const ahead = { reconcileAskedAt: sql`${codeRequest.reconcileAskedAt} + interval '1 hour'` }
    await db.update(codeRequest).set(ahead).where(eq(codeRequest.target, memberId))
    await getBindFlow.run(wei, { memberId })
    await getBindFlow.run(wei, { memberId })
    expect(await asked()).toBe(before + 1)
    // An operator may check at any time.
    expect(await reconcilePhone.run(wei, { memberId })).toMatchObject({ step: 'checking' })
    expect(await asked()).toBe(before + 2)

    const requestId = idOf(flow)
    expect(await failureOf(discardCode, wei, { memberId, requestId })).toMatchObject({
      code: 'apply.outcome_unknown',
    })
    expect(await discardCode.run(wei, { memberId, requestId, unresolved: true })).toMatchObject({
      step: 'number',
      request: null,
      refused: { what: 'unresolved' },
      // A status read before the bind is no longer valid.
      member: { phone: 'unread', phoneReadAt: null },
    })
    const { events } = await getMember.run(wei, { memberId })
    expect(events[0]).toMatchObject({ kind: 'bind_unresolved', ended: 'unresolved' })
    await muster.sandbox.advance(60)
    expect(await send(memberId)).toMatchObject({ step: 'code' })
  })

  test('a bind of unknown outcome is shown, and can be concluded, even if the operator may not read the member', async () => {
    const memberId = await unknownBind({ effect: true })
    await muster.sandbox.advance(6)
    await muster.sandbox.arm({
      operation: 'GetAccount',
      fault: 'code:NoPermission',
      times: 2,
      match: { accountId: memberId },
    })
    const flow = await getBindFlow.run(wei, { memberId })
    expect(flow).toMatchObject({ step: 'checking', request: { mayConclude: true, reconciledAt: null } })
    expect(await failureOf(reconcilePhone, wei, { memberId })).toMatchObject({ code: 'cloud.permission' })
    expect(await discardCode.run(wei, { memberId, requestId: idOf(flow), unresolved: true })).toMatchObject({
      step: 'number',
    })
  })

  test('before a send, a status that is not reported is requested once a minute, not with every poll', async () => {
    const memberId = await muster.newMember({ phoneReported: false })
    // The first read adds the member to the mirror.
    await getBindFlow.run(wei, { memberId })
    const before = (await callsOf('GetAccount', memberId)).length
    for (const _ of [1, 2, 3])
      expect(await getBindFlow.run(wei, { memberId })).toMatchObject({
        step: 'number',
        member: { phone: 'unread' },
      })
    expect((await callsOf('GetAccount', memberId)).length).toBeLessThanOrEqual(before + 1)
  })

  test('a bind reconciled as "not bound" is not shown as refused in the time line', async () => {
    const memberId = await unknownBind({ effect: false })
    await muster.sandbox.advance(6)
    await reconcilePhone.run(wei, { memberId })
    const { events } = await getMember.run(wei, { memberId })
    expect(events.map(({ kind }) => kind)).toEqual(['bind_not_found', 'sent', 'joined'])
    expect(events[0]).toMatchObject({ code: null, reason: null })
  })

  test('a phone that was later removed at Alibaba Cloud can be bound again', async () => {
    const memberId = await muster.newMember()
    const sent = await send(memberId)
    await bindPhone.run(wei, { memberId, requestId: idOf(sent), code: await codeOf(memberId) })
    await muster.sandbox.changeMember(memberId, { phone: null })
    await muster.sandbox.advance(60)
    expect(await reconcilePhone.run(wei, { memberId })).toMatchObject({ step: 'number', request: null })
    expect(await send(memberId)).toMatchObject({ step: 'code' })
    const { events } = await getMember.run(wei, { memberId })
    expect(events).toContainEqual(expect.objectContaining({ kind: 'bound', ended: 'undone' }))
  })
})

test('an accepted send stays accepted, and is shown as such, if the database cannot record it', async () => {
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
  // As soon as the database can store it.
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
