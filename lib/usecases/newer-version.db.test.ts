import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { codeRequest, member, session } from '@/lib/db'
import type { Operator } from './actor'
import { enableDirectory, getEnableFlow, sendEnableCode } from './enable'
import { getMember, listMembers } from './members'
import { attachNetwork, discardCenRequest, getAttachFlow, listNetworks, sendCenCode } from './networks'
import { checkNumber, discardCode, getBindFlow, sendCode } from './phone'
import { listSessions } from './session'
import { failureOf, startTestConsole, type TestConsole } from './testing'

// Values and JSON shapes unknown to this version, which a newer one may write while both run, or may have left behind after a
// rollback.

const phone = '65-91234567'
const region = 'ap-southeast-1'
const cen = { cenId: 'cen-7ku2w9xq4mz81hvt3e', ownerId: '9134520068812347' }

let muster: TestConsole
let wei: Operator
let memberId: string

beforeAll(async () => {
  muster = await startTestConsole()
  wei = await muster.signedInAs('intl-admin')
  // As its migrations would relax them.
  for (const [table, constraint] of [
    ['code_request', 'code_request_state_check'],
    ['code_request', 'code_request_operation_check'],
    ['member', 'member_phone_check'],
    ['session', 'session_method_check'],
  ])
    await muster.services.db.execute(sql.raw(`alter table ${table} drop constraint ${constraint}`))
})
afterAll(() => muster.close())
beforeEach(async () => {
  memberId = await muster.newMember()
})

/** Rewrites columns of the newest request of a target, as only a newer version does. */
async function rewrite(target: string, columns: Record<string, ReturnType<typeof sql>>) {
  const { db } = muster.services
  await db.update(codeRequest).set(columns).where(eq(codeRequest.target, target))
}

const newer = { code: 'request.newer_version' }

describe('a state of a bind', () => {
  beforeEach(async () => {
    await sendCode.run(wei, { memberId, phone })
    await rewrite(memberId, { state: sql`'probing'` })
  })

  test('is shown as newer on every page and list', async () => {
    expect(await getBindFlow.run(wei, { memberId })).toMatchObject({
      step: 'blocked',
      blockedReason: 'newer_version',
      request: { state: 'newer' },
      member: { open: 'newer_version' },
    })
    const detail = await getMember.run(wei, { memberId })
    expect(detail).toMatchObject({ blockedReason: 'newer_version', open: 'newer_version' })
    expect(detail.events[0]).toMatchObject({ kind: 'newer', operatorName: 'wei.tan' })
    const { rows } = await listMembers.run(wei, { q: memberId, page: 1 } as never)
    expect(rows).toMatchObject([{ id: memberId, open: 'newer_version' }])
    expect(await checkNumber.run(wei, { memberId, phone })).toBeTruthy()
  })

  test('blocks conflicting changes, and no others', async () => {
    await muster.sandbox.advance(60)
    const { request } = await getBindFlow.run(wei, { memberId })
    expect(await failureOf(sendCode, wei, { memberId, phone })).toMatchObject(newer)
    expect(await failureOf(discardCode, wei, { memberId, requestId: request?.id ?? '' })).toMatchObject(newer)
    const other = await muster.newMember()
    expect(await sendCode.run(wei, { memberId: other, phone })).toMatchObject({ step: 'code' })
    await muster.services.ledger.sweep()
    expect((await getBindFlow.run(wei, { memberId })).request?.state).toBe('newer')
  })

  test('with a void reason blocks nothing', async () => {
    await rewrite(memberId, { voidReason: sql`'delegated'` })
    await muster.sandbox.advance(60)
    expect(await getBindFlow.run(wei, { memberId })).toMatchObject({ step: 'number', request: null })
    expect(await sendCode.run(wei, { memberId, phone })).toMatchObject({ step: 'code' })
  })
})

test('an unreadable reason, reconcile result or error is left out', async () => {
  await sendCode.run(wei, { memberId, phone })
  await rewrite(memberId, {
    state: sql`'void'`,
    voidReason: sql`'delegated'`,
    reconcileResult: sql`'partly'`,
    applyStartedAt: sql`now()`,
    sendError: sql`'{"code": "hologram.refused", "params": {"deep": {"er": []}}, "upstream": "none"}'::jsonb`,
    applyError: sql`'["no object"]'::jsonb`,
  })
  const { events } = await getMember.run(wei, { memberId })
  expect(events).toContainEqual(expect.objectContaining({ ended: 'newer', reason: 'internal' }))
  expect(await getBindFlow.run(wei, { memberId })).toMatchObject({ request: null })
})

test('an operation of a newer version blocks nothing', async () => {
  await sendCode.run(wei, { memberId, phone })
  await rewrite(memberId, { operation: sql`'inherit_phone'`, state: sql`'sending'` })
  await muster.services.ledger.sweep()
  expect(await getBindFlow.run(wei, { memberId })).toMatchObject({ step: 'number', request: null })
  expect(await sendCode.run(wei, { memberId, phone })).toMatchObject({ step: 'code' })
})

test('an unknown phone status or sign-in method breaks no list', async () => {
  const { db } = muster.services
  await getMember.run(wei, { memberId })
  await db.update(member).set({ phone: sql`'inherited'` }).where(eq(member.memberId, memberId))
  expect((await listMembers.run(wei, { q: memberId, page: 1 } as never)).rows).toMatchObject([
    { phone: 'unread' },
  ])
  const other = await muster.signedInAs('intl-admin')
  await db.update(session).set({ method: sql`'oidc'` }).where(eq(session.id, other.session.id))
  const { sessions } = await listSessions.run(wei, {})
  expect(sessions.find(({ id }) => id === other.session.id)).toMatchObject({ method: 'other' })
})

describe('an office network', () => {
  beforeEach(() => muster.services.ledger.forgetAll())

  async function asked() {
    const [networkId = ''] = await muster.sandbox.addNetworks('international', [{}], region)
    await muster.sandbox.advance(60)
    const flow = await sendCenCode.run(wei, { region, networkId, ...cen })
    return { at: { region, networkId }, requestId: flow.request?.id ?? '' }
  }

  test.each([
    ['state', { state: sql`'probing'` }],
    ['act', { intent: sql`'{"act": "move", "cenId": 7}'::jsonb` }],
  ])('with an unknown %s is not settled by a read, and waits', async (_, columns) => {
    const { at, requestId } = await asked()
    await rewrite(at.networkId, columns)
    expect(await getAttachFlow.run(wei, at)).toMatchObject({
      step: 'blocked',
      network: { blockedReason: 'newer_version' },
      intent: null,
    })
    const { networks } = await listNetworks.run(wei, { region })
    expect(networks.some(({ id }) => id === at.networkId)).toBe(true)
    await muster.sandbox.advance(60)
    for (const attempt of [
      failureOf(sendCenCode, wei, { ...at, ...cen }),
      failureOf(attachNetwork, wei, { ...at, cenId: 'cen-5d0k7r2vq9xw3mzt81' }),
      failureOf(discardCenRequest, wei, { ...at, requestId }),
    ])
      expect(await attempt).toMatchObject(newer)
  })

  test('is blocked by a newer version that uses the shared code', async () => {
    const { at } = await asked()
    await rewrite(at.networkId, { state: sql`'probing'` })
    const [networkId = ''] = await muster.sandbox.addNetworks('international', [{}], region)
    await muster.sandbox.advance(60)
    expect(await failureOf(sendCenCode, wei, { region, networkId, ...cen })).toMatchObject(newer)
    await rewrite(at.networkId, { voidReason: sql`'delegated'` })
    expect(await sendCenCode.run(wei, { region, networkId, ...cen })).toMatchObject({ step: 'code' })
  })
})

test.each([
  ['state', { state: sql`'probing'` }],
  ['mode', { intent: sql`'{"mode": "borrowed"}'::jsonb` }],
])('enabling a directory with an unknown %s waits', async (_, columns) => {
  const oliver = await muster.signedInAs('no-directory')
  const { accountId } = oliver.session
  await muster.services.ledger.forgetAll()
  await sendEnableCode.run(oliver, { namePrefix: 'harbour-hq' })
  await rewrite(accountId, columns)
  expect(await getEnableFlow.run(oliver, {})).toMatchObject({
    step: 'blocked',
    blockedReason: 'newer_version',
    intent: null,
  })
  await muster.sandbox.advance(60)
  for (const attempt of [
    failureOf(sendEnableCode, oliver, { namePrefix: 'harbour-hq' }),
    failureOf(enableDirectory, oliver, { confirmation: accountId }),
  ])
    expect(await attempt).toMatchObject(newer)
})
