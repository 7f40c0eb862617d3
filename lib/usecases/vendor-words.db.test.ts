import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Operator } from './actor'
import { getMember, listMembers, readPhones, refreshMembers } from './members'
import { getAttachFlow, listNetworks } from './networks'
import { bindPhone, getBindFlow, sendCode } from './phone'
import { failureOf, startTestConsole, type TestConsole } from './testing'

// Undocumented values of Alibaba Cloud are shown unchanged, and Alibaba Cloud decides what they allow.

let muster: TestConsole
let wei: Operator

beforeAll(async () => {
  muster = await startTestConsole()
  wei = await muster.signedInAs('intl-admin')
})
afterAll(() => muster.close())

test('a member of an unknown type is listed, filtered, read and sent a code like any other; Alibaba Cloud refuses the bind', async () => {
  const [memberId = ''] = await muster.sandbox.addMembers('international', [
    {
      displayName: 'shared',
      type: 'new:SharedAccount',
      status: 'new:HandoverPending',
      joinMethod: 'new:merged',
    },
  ])
  await refreshMembers.run(wei, {})
  const page = await listMembers.run(wei, { page: 1, type: 'SharedAccount' })
  expect(page.rows).toMatchObject([
    { id: memberId, type: 'SharedAccount', status: 'HandoverPending', phone: 'unread' },
  ])
  expect(page.types).toEqual(['SharedAccount', 'cloud', 'resource'])
  expect(page.statuses).toContain('HandoverPending')
  expect(await readPhones.run(wei, { memberIds: [memberId] })).toEqual({ read: 1, failed: [], notAsked: [] })
  expect((await listMembers.run(wei, { page: 1, phone: 'missing', q: 'shared' })).total).toBe(1)
  expect(await getMember.run(wei, { memberId })).toMatchObject({
    type: 'SharedAccount',
    joinMethod: 'merged',
    blockedReason: null,
  })

  const flow = await getBindFlow.run(wei, { memberId })
  expect(flow).toMatchObject({ step: 'number', blockedReason: null, member: { type: 'SharedAccount' } })
  const sent = await sendCode.run(wei, { memberId, phone: '65-91234567' })
  const [message] = await muster.sandbox.messages({ accountId: memberId })
  const refused = await failureOf(bindPhone, wei, {
    memberId,
    requestId: sent.request?.id ?? '',
    code: message?.code ?? '',
  })
  expect(refused.upstream?.code).toBe('AccountTypeMismatch')
})

test('an office network with unknown values can be used, and the values are shown first', async () => {
  const [networkId = ''] = await muster.sandbox.addNetworks('international', [
    { vpcType: 'new:Hybrid', officeSiteType: 'new:PASSKEY', status: 'new:PAUSED' },
  ])
  const at = { region: 'ap-southeast-1', networkId }
  const unknown = [
    { what: 'kind', word: 'Hybrid' },
    { what: 'accounts', word: 'PASSKEY' },
    { what: 'status', word: 'PAUSED' },
  ]
  const { networks } = await listNetworks.run(wei, { region: at.region })
  expect(networks.find(({ id }) => id === networkId)).toMatchObject({ blockedReason: null, unknown })
  expect(await getAttachFlow.run(wei, at)).toMatchObject({ step: 'choose', network: { unknown } })
})
