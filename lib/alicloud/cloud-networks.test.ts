import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { type Cloud, type OfficeNetwork, operations } from './index'
import { persona, sandboxOfTests, wrongFor } from './sandbox.fixture'
import { failureOf } from './wire.fixture'

const sandbox = sandboxOfTests()
const { cloudFor, codeSentTo, callsOf } = sandbox

const sites = [
  {
    site: 'international',
    admin: persona('intl-admin'),
    region: 'ap-southeast-1',
    english: 'Singapore',
    chinese: '新加坡',
    own: 'cen-5d0k7r2vq9xw3mzt81',
    crossAccount: { cenId: 'cen-7ku2w9xq4mz81hvt3e', ownerId: '9134520068812347' },
    channel: 'email',
    overlapping: '10.12.0.0/16',
  },
  {
    site: 'china',
    admin: persona('china-admin'),
    region: 'cn-hangzhou',
    english: 'China (Hangzhou)',
    chinese: '华东1（杭州）',
    own: 'cen-2w9tb4xk6mq0vr7z5s',
    crossAccount: { cenId: 'cen-3bq8n5xr1kt6wz0v9m', ownerId: '9351074826610093' },
    channel: 'sms',
    overlapping: '10.12.0.0/16',
  },
] as const

async function networkOf(cloud: Cloud, region: string, id: string): Promise<OfficeNetwork> {
  const [network] = await cloud.listNetworks({ region, ids: [id] })
  if (!network) throw new Error(`no network ${id}`)
  return network
}

describe.each(sites)(
  'on the $site site',
  ({ site, admin, region, english, chinese, own, crossAccount, ...its }) => {
    const cloud = () => cloudFor(admin)

    async function newNetwork(): Promise<string> {
      const [id] = await sandbox.control.addNetworks(site, [{}], region)
      if (!id) throw new Error('no network was added')
      return id
    }

    async function newCode(): Promise<string> {
      const sent = await cloud().sendCenCode({ region, ...crossAccount })
      expect(sent).toEqual({ requestId: expect.any(String) })
      const [message] = await sandbox.control.messages({ operation: operations.sendCenCode.operation })
      expect(message).toMatchObject({ channel: its.channel, accountId: crossAccount.ownerId })
      return codeSentTo(message?.to ?? '')
    }

    test('regions are named in the requested language', async () => {
      expect(await cloud().listRegions({ region, language: 'en' })).toContainEqual({
        id: region,
        name: english,
      })
      expect(await cloud().listRegions({ region, language: 'zh-CN' })).toContainEqual({
        id: region,
        name: chinese,
      })
    })

    test('networks of every kind are read with all their fields', async () => {
      const networks = await cloud().listNetworks({ region })
      for (const kind of ['basic', 'advanced', 'custom'] as const)
        expect(networks.map((one) => one.kind)).toContain(kind)
      expect(new Set(networks.map((one) => one.accounts))).toEqual(new Set(['convenience', 'ad']))
      expect(new Set(networks.map((one) => one.attach))).toEqual(
        new Set(['attached', 'not_attached', 'other']),
      )
      const id = await newNetwork()
      expect(await networkOf(cloud(), region, id)).toEqual({
        id,
        name: expect.stringMatching(/./),
        region,
        kind: 'advanced',
        kindWord: 'Standard',
        accounts: 'convenience',
        accountsWord: 'SIMPLE',
        status: 'REGISTERED',
        cidrBlock: '172.28.0.0/16',
        desktops: 0,
        cenId: null,
        attach: 'not_attached',
        attachStatus: null,
        createdAt: expect.any(Date),
      })
      expect(networks.find((one) => one.attach === 'attached')).toMatchObject({
        cenId: expect.stringMatching(/^cen-/),
        attachStatus: 'attached',
      })
    })

    test('no password or key is kept, whatever the kind of network', async () => {
      const networks = await cloud().listNetworks({ region })
      expect(networks.filter((one) => one.accounts === 'ad').length).toBeGreaterThan(0)
      expect(inspect(networks, { depth: Number.POSITIVE_INFINITY, showHidden: true })).not.toContain(
        'sandbox-secret-',
      )
    })

    test('a list is read to the last page', async () => {
      const ids = await sandbox.control.addNetworks(
        site,
        Array.from({ length: 230 }, () => ({})),
        region,
      )
      const networks = await cloud().listNetworks({ region })
      expect(networks.map((one) => one.id)).toEqual(expect.arrayContaining(ids))
      expect(new Set(networks.map((one) => one.id)).size).toBe(networks.length)
      expect(await callsOf(operations.listNetworks.operation)).toEqual(['OK', 'OK', 'OK'])
      // More ids than one call may contain, and one that does not exist.
      const named = await cloud().listNetworks({ region, ids: [...ids, `${region}+dir-9999999999`] })
      expect(named.map((one) => one.id).toSorted()).toEqual(ids.toSorted())
    })

    test('only the caller’s own CENs are listed', async () => {
      const cens = await cloud().listCens({ region })
      expect(cens.find((one) => one.id === own)).toEqual({
        id: own,
        name: expect.stringMatching(/./),
        status: 'Active',
        description: expect.stringMatching(/./),
      })
      expect(cens.map((one) => one.id)).not.toContain(crossAccount.cenId)
    })

    test('a network is attached to an own CEN without a code, and detached again', async () => {
      const networkId = await newNetwork()
      const { requestId } = await cloud().attachCen({ region, networkId, cenId: own })
      const [call] = await sandbox.control.calls({ operation: operations.attachCen.operation })
      expect(requestId).toBe(call?.requestId)
      expect(await networkOf(cloud(), region, networkId)).toMatchObject({ cenId: own, attach: 'other' })
      await sandbox.control.advance(60)
      expect(await networkOf(cloud(), region, networkId)).toMatchObject({ cenId: own, attach: 'attached' })
      expect(await cloud().detachCen({ region, networkId })).toEqual({ requestId: expect.any(String) })
      await sandbox.control.advance(60)
      expect(await networkOf(cloud(), region, networkId)).toMatchObject({
        cenId: null,
        attach: 'not_attached',
      })
    })

    test("a network is attached to another account's CEN with the code its owner received", async () => {
      const networkId = await newNetwork()
      const { cidrBlock } = await networkOf(cloud(), region, networkId)
      const code = await newCode()
      expect(await cloud().verifyCen({ region, ...crossAccount, cidrBlock, code })).toEqual({
        requestId: expect.any(String),
        result: 'fits',
        status: 'Access',
        proposals: [],
        routes: expect.arrayContaining([
          {
            cidr: expect.stringMatching(/^[\d./]+$/),
            region: expect.stringMatching(/./),
            nextHop: expect.stringMatching(/./),
            conflicts: false,
          },
        ]),
      })
      await cloud().attachCen({ region, networkId, ...crossAccount, code })
      await sandbox.control.advance(60)
      expect(await networkOf(cloud(), region, networkId)).toMatchObject({
        cenId: crossAccount.cenId,
        attach: 'attached',
      })
    })

    test('an address range that overlaps a route is a conflict, with proposals that would not overlap', async () => {
      const code = await newCode()
      const check = await cloud().verifyCen({ region, ...crossAccount, cidrBlock: its.overlapping, code })
      expect(check).toMatchObject({ result: 'conflict', status: 'Conflict' })
      expect(check.proposals).toHaveLength(3)
      expect(check.routes.filter((route) => route.conflicts)).toHaveLength(1)
      expect(check.routes.length).toBeGreaterThan(1)
    })

    test('a wrong code is a result of the check, and an error of the attach at its field', async () => {
      const networkId = await newNetwork()
      const code = wrongFor(await newCode())
      const check = { region, ...crossAccount, cidrBlock: '172.28.0.0/16', code }
      expect((await cloud().verifyCen(check)).result).toBe('code_wrong')
      expect(await failureOf(cloud().attachCen({ region, networkId, ...crossAccount, code }))).toMatchObject({
        code: 'code.wrong_or_expired',
        executed: 'no',
        fields: { code: 'code.wrong_or_expired' },
      })
      for (let attempt = 2; attempt < 10; attempt += 1) await cloud().verifyCen(check)
      expect((await cloud().verifyCen(check)).result).toBe('code_tries_used')
      expect(await failureOf(cloud().attachCen({ region, networkId, ...crossAccount, code }))).toMatchObject({
        code: 'code.attempts_used_upstream',
        fields: { code: 'code.attempts_used_upstream' },
      })
    })

    test('a wrong owner and a wrong CEN are distinguished', async () => {
      const networkId = await newNetwork()
      const attach = { region, networkId, ...crossAccount, code: '123456' }
      const check = { region, ...crossAccount, cidrBlock: '172.28.0.0/16' }
      const stranger = '1999999999999999'
      expect((await cloud().verifyCen({ ...check, ownerId: stranger })).result).toBe('owner_wrong')
      expect((await cloud().verifyCen({ ...check, cenId: 'cen-0000000000' })).result).toBe('cen_wrong')
      expect(await failureOf(cloud().attachCen({ ...attach, ownerId: stranger }))).toMatchObject({
        code: 'cen.owner_wrong',
        fields: { ownerId: 'cen.owner_wrong' },
      })
      expect(await failureOf(cloud().attachCen({ ...attach, cenId: 'cen-0000000000' }))).toMatchObject({
        code: 'cen.not_found',
        fields: { cenId: 'cen.not_found' },
      })
    })

    test('a network that is gone or not ready is refused', async () => {
      const cenId = own
      const gone = cloud().attachCen({ region, networkId: `${region}+dir-9999999999`, cenId })
      expect((await failureOf(gone)).code).toBe('network.not_found')
      const networkId = await newNetwork()
      await sandbox.control.changeNetwork(networkId, { status: 'REGISTERING' })
      expect(await failureOf(cloud().attachCen({ region, networkId, cenId }))).toMatchObject({
        code: 'network.not_ready',
        retryable: true,
      })
    })

    test('an unknown region that is well-formed is refused by Alibaba Cloud', async () => {
      expect((await failureOf(cloud().listNetworks({ region: 'xx-nowhere-9' }))).code).toBe('region.unknown')
    })
  },
)
