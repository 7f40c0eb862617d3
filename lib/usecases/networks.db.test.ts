import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createCloud } from '@/lib/alicloud'
import type { Operator } from './actor'
import {
  attachNetwork,
  checkCen,
  detachNetwork,
  discardCenRequest,
  getAttachFlow,
  listCens,
  listNetworks,
  listRegions,
  reconcileNetwork,
  sendCenCode,
} from './networks'
import { failureOf } from './testing'
import { crossAccount, idOf, overdueSeconds, own, regions, startNetworkConsole } from './testing-networks'

type NetworkConsole = Awaited<ReturnType<typeof startNetworkConsole>>
let { muster, wei, newNetwork, codeFor, subjectOf, auditOf, callsOf, asked } = {} as NetworkConsole
beforeAll(async () => {
  ;({ muster, wei, newNetwork, codeFor, subjectOf, auditOf, callsOf, asked } = await startNetworkConsole())
})
afterAll(() => muster.close())
afterEach(() => muster.sandbox.disarmAll())

describe('regions, networks and CENs', () => {
  test('regions have localized names, or their IDs if the names cannot be read', async () => {
    const { regions: named, first } = await listRegions.run(wei, { language: 'zh-CN' })
    expect(first).toBe('ap-southeast-1')
    expect(named.find(({ id }) => id === first)?.name).toBe('新加坡')
    await muster.sandbox.arm({ operation: 'DescribeRegions', fault: 'unavailable' })
    const { regions: bare } = await listRegions.run(wei, { language: 'en' })
    expect(bare).toContainEqual({ id: first, name: first })
  })

  test.each([
    ['Standard', 'SIMPLE', 'REGISTERED', { kind: 'advanced', accounts: 'convenience', blockedReason: null }],
    ['Basic', 'SIMPLE', 'REGISTERED', { kind: 'basic', accounts: 'convenience', blockedReason: 'basic' }],
    ['Customized', 'SIMPLE', 'REGISTERED', { kind: 'custom', blockedReason: 'custom' }],
    ['Standard', 'AD_CONNECTOR', 'REGISTERED', { accounts: 'ad', blockedReason: 'ad' }],
    ['Standard', 'SIMPLE', 'REGISTERING', { status: 'REGISTERING', blockedReason: 'not_ready' }],
  ] as const)('a network of kind %s, %s, %s', async (vpcType, officeSiteType, status, expected) => {
    const at = await newNetwork({ vpcType, officeSiteType, status })
    const { networks } = await listNetworks.run(wei, { region: at.region })
    expect(networks.find(({ id }) => id === at.networkId)).toMatchObject({
      ...expected,
      attach: 'not_attached',
      cenId: null,
    })
    const step = expected.blockedReason === null ? 'choose' : 'blocked'
    expect(await getAttachFlow.run(wei, at)).toMatchObject({ step, request: null })
  })

  test('no directory is required, and the networks of other accounts are not visible', async () => {
    const at = await newNetwork()
    const oliver = await muster.signedInAs('no-directory')
    const { networks } = await listNetworks.run(oliver, { region: at.region })
    expect(networks.map(({ name }) => name)).toContain('Ventures office')
    expect((await failureOf(getAttachFlow, oliver, at)).code).toBe('network.not_found')
    expect((await failureOf(sendCenCode, oliver, { ...at, ...crossAccount.international })).code).toBe(
      'network.not_found',
    )
  })

  test('only the CENs of the account are listed', async () => {
    const { cens } = await listCens.run(wei, { region: regions.international })
    expect(cens.map(({ id }) => id)).toContain(own)
    expect(cens.map(({ id }) => id)).not.toContain(crossAccount.international.cenId)
  })
})

describe('another account’s CEN', () => {
  test.each(['international', 'china'] as const)('code, attached, audit rows: %s', async (site) => {
    const actor = site === 'china' ? await muster.signedInAs('china-admin') : wei
    const at = await newNetwork({}, site)
    const cen = crossAccount[site]
    const sent = await sendCenCode.run(actor, { ...at, ...cen })
    expect(sent).toMatchObject({
      step: 'code',
      intent: { act: 'attach', ...cen },
      request: {
        state: 'sent',
        requiresCode: true,
        sendOutcome: 'accepted',
        numberMasked: null,
        expiresAt: null,
      },
      sentToday: 1,
    })
    const [message] = await muster.sandbox.messages({ accountId: cen.ownerId })
    expect(message?.channel).toBe(site === 'china' ? 'sms' : 'email')

    const requestId = idOf(sent)
    const accepted = await attachNetwork.run(actor, { ...at, requestId, code: message?.code ?? '' })
    expect(accepted).toMatchObject({ step: 'waiting', request: { state: 'applied' } })
    expect(await getAttachFlow.run(actor, at)).toMatchObject({
      step: 'waiting',
      network: { attach: 'changing', cenId: cen.cenId },
    })
    await muster.sandbox.advance(60)
    const done = await getAttachFlow.run(actor, at)
    expect(done).toMatchObject({
      step: 'done',
      network: { attach: 'attached', cenId: cen.cenId },
      request: { reconcileResult: 'done' },
    })
    expect(done.request?.applyRequestId).toBeTruthy()
    expect(await auditOf(at, actor)).toEqual(
      ['network.send_code', 'network.attach'].flatMap((action) => [
        { action, outcome: 'started', code: null },
        { action, outcome: 'accepted', code: null },
      ]),
    )
  })

  test('a send without IDs repeats the open request; a new owner requires both IDs', async () => {
    const at = await newNetwork()
    await asked(at)
    expect((await failureOf(sendCenCode, wei, { ...at })).code).toBe('send.cooling_down')
    await muster.sandbox.advance(60)
    expect(await sendCenCode.run(wei, at)).toMatchObject({
      sendNumber: 2,
      intent: crossAccount.international,
    })
    const half = await failureOf(sendCenCode, wei, { ...at, cenId: 'cen-abcdef123456' })
    expect(half).toMatchObject({ code: 'input.invalid', fields: { ownerId: 'owner.empty' } })
    const yours = { ...at, cenId: own, ownerId: wei.accountId }
    expect((await failureOf(sendCenCode, wei, yours)).fields).toEqual({ ownerId: 'owner.yours' })
  })

  test('an incorrect code costs an attempt in the check and the attach; a correct one stays valid after the check', async () => {
    const at = await newNetwork()
    const { requestId, code } = await asked(at)
    const wrong = code === '000000' ? '111111' : '000000'
    expect(await checkCen.run(wei, { ...at, requestId, code: wrong })).toMatchObject({
      result: 'code_wrong',
      attemptsLeft: 9,
    })
    expect((await auditOf(at)).at(-1)).toEqual({
      action: 'network.check',
      outcome: 'refused',
      code: 'VerifyCode.InvalidTokenCode',
    })
    const refused = await failureOf(attachNetwork, wei, { ...at, requestId, code: wrong })
    expect(refused).toMatchObject({
      code: 'code.wrong_or_expired',
      params: { attemptsLeft: 8 },
      fields: { code: 'code.wrong_or_expired' },
    })
    expect(await checkCen.run(wei, { ...at, requestId, code })).toMatchObject({
      result: 'fits',
      attemptsLeft: 8,
    })
    expect(await attachNetwork.run(wei, { ...at, requestId, code })).toMatchObject({ step: 'waiting' })
  })

  test('ten incorrect codes end it here, whatever Alibaba Cloud counts', async () => {
    const at = await newNetwork()
    const { requestId, code } = await asked(at)
    const wrong = code === '000000' ? '111111' : '000000'
    for (let left = 9; left >= 0; left--) {
      expect(await checkCen.run(wei, { ...at, requestId, code: wrong })).toMatchObject({ attemptsLeft: left })
    }
    const used = { ...at, requestId, code }
    expect((await failureOf(checkCen, wei, used)).code).toBe('code.no_attempts_left')
    expect((await failureOf(attachNetwork, wei, used)).code).toBe('code.no_attempts_left')
    expect(await callsOf('AttachCen', at.networkId)).toEqual([])
  })

  test('an overlapping CIDR block is reported with ones that do not overlap', async () => {
    const at = await newNetwork({ cidrBlock: '10.12.0.0/16' })
    const { requestId, code } = await asked(at)
    const check = await checkCen.run(wei, { ...at, requestId, code })
    expect(check.result).toBe('conflict')
    expect(check.proposals).toHaveLength(3)
    expect(check.routes.some(({ conflicts }) => conflicts)).toBe(true)
  })

  test('a discarded code is no longer valid', async () => {
    const at = await newNetwork()
    const { requestId, code } = await asked(at)
    expect(await discardCenRequest.run(wei, { ...at, requestId })).toMatchObject({
      step: 'choose',
      request: null,
    })
    const late = await failureOf(attachNetwork, wei, { ...at, requestId, code })
    expect(late.code).toBe('code.request_closed')
  })

  test('concurrent clicks make one call, for a send and for an attach', async () => {
    const at = await newNetwork()
    await muster.sandbox.advance(60)
    const sends = await Promise.allSettled(
      [1, 2, 3].map(() => sendCenCode.run(wei, { ...at, ...crossAccount.international })),
    )
    expect(sends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const code = await codeFor(crossAccount.international)
    const requestId = idOf(await getAttachFlow.run(wei, at))
    const acts = await Promise.allSettled(
      [1, 2, 3].map(() => attachNetwork.run(wei, { ...at, requestId, code })),
    )
    expect(acts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await callsOf('AttachCen', at.networkId)).toHaveLength(1)
  })

  test('a read-only operator can read and is shown the missing permission; nothing is changed', async () => {
    const at = await newNetwork()
    await muster.sandbox.advance(60)
    const amira = await muster.signedInAs('read-only')
    const refused = await failureOf(sendCenCode, amira, { ...at, ...crossAccount.international })
    expect(refused).toMatchObject({ code: 'cloud.permission', params: { action: 'ecd:SendVerifyCode' } })
    expect(await getAttachFlow.run(amira, at)).toMatchObject({ step: 'choose', refused: { what: 'send' } })
    // Another operator's missing permission is not shown.
    expect(await getAttachFlow.run(wei, at)).toMatchObject({ step: 'choose', refused: null })
  })
})

describe('an own CEN', () => {
  test('requires no code', async () => {
    const at = await newNetwork()
    expect(await checkCen.run(wei, { ...at, cenId: own })).toMatchObject({
      result: 'fits',
      attemptsLeft: null,
    })
    expect(await attachNetwork.run(wei, { ...at, cenId: own })).toMatchObject({
      step: 'waiting',
      intent: { act: 'attach', cenId: own, ownerId: null },
      request: { requiresCode: false, sendOutcome: null },
      sentToday: 0,
    })
    await muster.sandbox.advance(60)
    expect(await getAttachFlow.run(wei, at)).toMatchObject({ step: 'done' })
    expect((await failureOf(attachNetwork, wei, { ...at, cenId: own })).code).toBe('network.attached')
  })

  test('an undocumented refusal is shown unchanged, and stored for others without its text', async () => {
    const at = await newNetwork()
    const fault = {
      operation: 'AttachCen',
      fault: 'code:InvalidParameter',
      match: { accountId: at.networkId },
    }
    await muster.sandbox.arm(fault)
    const refused = await failureOf(attachNetwork, wei, { ...at, cenId: own })
    expect(refused).toMatchObject({
      code: 'cloud.refused',
      upstream: {
        operation: 'AttachCen',
        code: 'InvalidParameter',
        message: expect.stringContaining('not valid'),
      },
    })
    const flow = await getAttachFlow.run(wei, at)
    expect(flow).toMatchObject({
      step: 'choose',
      refused: { what: 'apply', error: { code: 'cloud.refused' } },
    })
    expect(flow.refused?.error.upstream?.message).toBeUndefined()
  })

  test('an accepted attach that is never reported is unknown after ten minutes, and can be started over', async () => {
    const at = await newNetwork()
    const accepted = await attachNetwork.run(wei, { ...at, cenId: own })
    await muster.sandbox.changeNetwork(at.networkId, { attachStatus: 'attaching', cenId: own })
    await muster.sandbox.advance(overdueSeconds - 30)
    expect(await getAttachFlow.run(wei, at)).toMatchObject({ step: 'waiting' })
    expect((await failureOf(discardCenRequest, wei, { ...at, requestId: idOf(accepted) })).code).toBe(
      'code.request_closed',
    )
    await muster.sandbox.advance(60)
    expect(await reconcileNetwork.run(wei, at)).toMatchObject({ step: 'overdue' })
    await muster.sandbox.changeNetwork(at.networkId, { cenId: null })
    expect(await discardCenRequest.run(wei, { ...at, requestId: idOf(accepted) })).toMatchObject({
      step: 'choose',
      request: null,
      refused: { what: 'act_given_up', discarded: { operatorName: 'wei.tan', byYou: true } },
      detached: null,
    })
  })
})

test('an attach that never completed ends if the network is in another CEN after ten minutes', async () => {
  const at = await newNetwork()
  await attachNetwork.run(wei, { ...at, cenId: own })
  const other = { cenId: crossAccount.international.cenId, attachStatus: 'attached' }
  await muster.sandbox.changeNetwork(at.networkId, other)
  expect(await getAttachFlow.run(wei, at)).toMatchObject({ step: 'waiting' })
  await muster.sandbox.advance(overdueSeconds + 1)
  expect(await getAttachFlow.run(wei, at)).toMatchObject({ step: 'done', request: null })
})

test('an attach found by reconciliation is overdue ten minutes after it was found', async () => {
  const at = await newNetwork()
  await muster.sandbox.arm({ operation: 'AttachCen', fault: 'reset', effect: true })
  await attachNetwork.run(wei, { ...at, cenId: own })
  await muster.sandbox.changeNetwork(at.networkId, { attachStatus: 'attaching' })
  await muster.sandbox.advance(overdueSeconds - 30)
  const found = { step: 'waiting', request: { reconcileResult: 'done', applyRequestId: null } }
  expect(await reconcileNetwork.run(wei, at)).toMatchObject(found)
  await muster.sandbox.advance(60)
  expect(await getAttachFlow.run(wei, at)).toMatchObject(found)
  await muster.sandbox.advance(overdueSeconds)
  expect(await getAttachFlow.run(wei, at)).toMatchObject({ step: 'overdue' })
})

test('a refused attach is shown under the operator who used the code, not the one who sent it', async () => {
  const at = await newNetwork()
  const { requestId, code } = await asked(at)
  const noor: Operator = { ...wei, operatorId: 'noor', operatorName: 'noor.haddad' }
  await muster.sandbox.arm({ operation: 'AttachCen', fault: 'code:InvalidCen.CenUidInvalid' })
  expect((await failureOf(attachNetwork, noor, { ...at, requestId, code })).code).toBe('cen.owner_wrong')
  const shown = { what: 'apply', operatorName: 'noor.haddad' }
  expect(await getAttachFlow.run(wei, at)).toMatchObject({ refused: { ...shown, byYou: false } })
  expect(await getAttachFlow.run(noor, at)).toMatchObject({ refused: { ...shown, byYou: true } })
})

test('a newer code for the same CEN and another network is shown on the page of the older one', async () => {
  const [at, other] = [await newNetwork(), await newNetwork()]
  const { requestId, code } = await asked(at)
  // The cool-down names the network that causes it.
  expect(await failureOf(sendCenCode, wei, { ...other, ...crossAccount.international })).toMatchObject({
    code: 'send.cooling_down',
    params: { network: at.networkId },
  })
  await asked(other)
  expect((await failureOf(attachNetwork, wei, { ...at, requestId, code })).code).toBe('code.request_closed')
  expect(await getAttachFlow.run(wei, at)).toMatchObject({
    step: 'choose',
    request: null,
    refused: { what: 'superseded', byYou: true },
  })
  expect(await callsOf('AttachCen', at.networkId)).toEqual([])
})

test('of two operators with different CENs, the second is shown whose is used, and that their own was not', async () => {
  const at = await newNetwork()
  const cen = crossAccount.international
  const other = { cenId: 'cen-9zz1y8xw7vu6ts5rq4', ownerId: '9134520068812348' }
  await asked(at)
  const noor: Operator = { ...wei, operatorId: 'noor', operatorName: 'noor.haddad' }
  expect(await failureOf(sendCenCode, noor, { ...at, ...other, seen: null })).toMatchObject({
    code: 'send.other_first',
    params: {
      operation: 'join_network',
      by: 'other',
      name: 'wei.tan',
      counts: cen.cenId,
      countsOwner: cen.ownerId,
      unused: other.cenId,
      unusedOwner: other.ownerId,
    },
  })
  expect(await muster.sandbox.messages({ accountId: other.ownerId })).toEqual([])
})

describe('without an answer', () => {
  test.each([true, false])('an attach that took effect (%s) is reconciled, not repeated', async (effect) => {
    const at = await newNetwork()
    await muster.sandbox.arm({ operation: 'AttachCen', fault: 'silent', effect })
    expect(await attachNetwork.run(wei, { ...at, cenId: own })).toMatchObject({ step: 'checking' })
    if (!effect) {
      expect(await reconcileNetwork.run(wei, at)).toMatchObject({ step: 'checking' })
      expect((await failureOf(attachNetwork, wei, { ...at, cenId: own })).code).toBe('apply.outcome_unknown')
    }
    await muster.sandbox.advance(overdueSeconds + 1)
    expect(await reconcileNetwork.run(wei, at)).toMatchObject(
      effect
        ? { step: 'done', request: { applyRequestId: null, reconcileResult: 'done' } }
        : { step: 'choose', request: null, refused: { what: 'not_done' } },
    )
    expect(await callsOf('AttachCen', at.networkId)).toHaveLength(1)
  })

  test.each([
    ['that cannot be read', { OfficeSiteId: 7 }],
    ['whose CEN cannot be read', { CenId: ['cen-1'] }],
  ])('an attach stays unknown while reconciliation finds a network %s', async (_, odd) => {
    const at = await newNetwork()
    await muster.sandbox.arm({ operation: 'AttachCen', fault: 'silent', effect: false })
    await attachNetwork.run(wei, { ...at, cenId: own })
    await muster.sandbox.advance(overdueSeconds + 1)
    const server = createServer((_request, response) => {
      const OfficeSites = [{ OfficeSiteId: at.networkId, Status: 'REGISTERED', ...odd }]
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ RequestId: 'AB-12', OfficeSites }))
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const pacer = { pace: async () => 'go' as const, pushBack: async () => {} }
    const { listNetworks } = createCloud({
      endpoints: { kind: 'sandbox', host: `127.0.0.1:${port}` },
      deadlineMs: 10_000,
      pacer,
    })({
      site: 'international',
      accountId: wei.accountId,
      credentials: { accessKeyId: 'SANDBOX-odd', accessKeySecret: 'odd' },
    })
    const reader = { ...wei, cloud: { ...wei.cloud, listNetworks } }
    expect((await failureOf(reconcileNetwork, reader, at)).code).toBe('cloud.not_understood')
    server.closeAllConnections()
    server.close()
    expect(await muster.services.ledger.view(subjectOf(at))).toMatchObject({
      current: { state: 'apply_unknown' },
    })
  })

  test.each([true, false])('a detach that took effect (%s) is reconciled, not repeated', async (effect) => {
    const at = await newNetwork({ cenId: own })
    await muster.sandbox.arm({ operation: 'DetachCen', fault: 'reset', effect })
    expect(await detachNetwork.run(wei, { ...at, cenId: own })).toMatchObject({ step: 'checking' })
    await muster.sandbox.advance(overdueSeconds + 1)
    expect(await reconcileNetwork.run(wei, at)).toMatchObject({ step: effect ? 'choose' : 'done' })
    expect(await getAttachFlow.run(wei, at)).toMatchObject({ step: effect ? 'choose' : 'done' })
    expect(await callsOf('DetachCen', at.networkId)).toHaveLength(1)
  })

  test('a code may have been sent: it is accepted, and another one is sent only after confirmation', async () => {
    const at = await newNetwork()
    await muster.sandbox.advance(60)
    await muster.sandbox.arm({ operation: 'SendVerifyCode', fault: 'empty', effect: true })
    expect(await sendCenCode.run(wei, { ...at, ...crossAccount.international })).toMatchObject({
      step: 'code',
      request: { sendOutcome: 'unknown' },
    })
    await muster.sandbox.advance(60)
    expect((await failureOf(sendCenCode, wei, at)).code).toBe('send.outcome_unknown')
    const requestId = idOf(await getAttachFlow.run(wei, at))
    const code = await codeFor(crossAccount.international)
    expect(await attachNetwork.run(wei, { ...at, requestId, code })).toMatchObject({ step: 'waiting' })
  })

  test('a check without an answer changes nothing and costs no attempt', async () => {
    const at = await newNetwork()
    const { requestId, code } = await asked(at)
    await muster.sandbox.arm({ operation: 'VerifyCen', fault: 'html502' })
    const failed = await failureOf(checkCen, wei, { ...at, requestId, code })
    expect(failed).toMatchObject({ code: 'cloud.not_understood', params: { call: 'reading' } })
    expect(await getAttachFlow.run(wei, at)).toMatchObject({ step: 'code', request: { attemptsLeft: 10 } })
  })

  test('nothing starts if the network cannot be read', async () => {
    const at = await newNetwork()
    await muster.sandbox.arm({ operation: 'DescribeOfficeSites', fault: 'unavailable' })
    const failed = await failureOf(sendCenCode, wei, { ...at, ...crossAccount.international })
    expect(failed.code).toBe('cloud.unavailable')
    expect(await getAttachFlow.run(wei, at)).toMatchObject({ step: 'choose', refused: null })
  })
})
