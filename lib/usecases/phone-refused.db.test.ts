import { sql } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Cloud, CloudError } from '@/lib/alicloud'
import { listAudit } from '@/lib/audit'
import { laterCodes } from '@/lib/contract/errors'
import type { Operator } from './actor'
import { getMember } from './members'
import { bindPhone, getBindFlow, sendCode } from './phone'
import { failureOf } from './testing'
import { bindOperation, idOf, phone, sendOperation, startPhoneConsole } from './testing-phone'

type PhoneConsole = Awaited<ReturnType<typeof startPhoneConsole>>
let { muster, wei, send, codeOf, callsOf, auditOf } = {} as PhoneConsole
beforeAll(async () => {
  ;({ muster, wei, send, codeOf, callsOf, auditOf } = await startPhoneConsole())
})
afterAll(() => muster.close())
afterEach(() => muster.sandbox.disarmAll())

test('without a turn from the database, nothing is sent and nothing is unknown, and the code can be sent later', async () => {
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

test('without a turn from the database, the code of a bind stays open', async () => {
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
    'a send refused with %s stays in the time line, but is not shown as a refusal of the number',
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

  test('a throttled send sends nothing, and can be repeated after five seconds', async () => {
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

  test('the daily limit is reported with its code and RequestId', async () => {
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

  test('a refused send is shown to others without the vendor’s text; a missing permission is not shown to them', async () => {
    const amira = await muster.signedInAs('read-only')
    const memberId = await muster.newMember()
    const code = 'SendValidateCodeExceedsLimitForAccount'
    await muster.sandbox.arm({
      operation: sendOperation,
      fault: `code:${code}`,
      match: { accountId: memberId },
    })
    await failureOf(sendCode, wei, { memberId, phone })
    const shown = { error: { code: 'send.day_limit', upstream: { code } }, operatorName: 'wei.tan' }
    const flowOf = (actor: Operator) => getBindFlow.run(actor, { memberId })
    expect(await flowOf(wei)).toMatchObject({ refused: { ...shown, byYou: true } })
    const { refused } = await flowOf(amira)
    expect(refused).toMatchObject({ ...shown, byYou: false })
    expect(refused?.error.upstream).not.toHaveProperty('message')

    await muster.sandbox.advance(5)
    await failureOf(sendCode, amira, { memberId, phone })
    expect(await flowOf(amira)).toMatchObject({ refused: { error: { code: 'cloud.permission' } } })
    expect(await flowOf(wei)).toMatchObject({ refused: null })
  })

  test('expired credentials end the session, and the open request stays', async () => {
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
    // Reads can end a session as well, so its end has its own audit row.
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
      request: { state: 'sent', attemptsLeft: 10 },
    })
  })
})
