import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { connectSandbox, type Sandbox, type SandboxControl, startSandbox } from './index.ts'
import { call, type Key, persona, type Refusal, type Reply, refusal, startForTest } from './test/clients.ts'

const admin = persona('intl-admin')
const china = persona('china-admin')
const singapore = 'ap-southeast-1'
const backbone = 'cen-5d0k7r2vq9xw3mzt81'
/** CENs of other accounts, one for each site. */
const lumen = { cenId: 'cen-7ku2w9xq4mz81hvt3e', ownerId: '9134520068812347' }
const yuanfan = { cenId: 'cen-3bq8n5xr1kt6wz0v9m', ownerId: '9351074826610093' }
const action = 'eds_cenID_securityverification'
const wrongCode = (code: string) => (code === '000000' ? '000001' : '000000')

interface OfficeSite {
  OfficeSiteId: string
  Name: string
  OfficeSiteType: string
  VpcType: string
  Status: string
  CenId?: string
  CenAttachStatus?: string
  CreationTime: string
}

function ecd(sandbox: Sandbox, operation: string, query: Record<string, string> = {}, key: Key = admin) {
  return call(sandbox, key, `ecd/${operation}`, { RegionId: singapore, ...query })
}

async function officeSites(sandbox: Sandbox, query: Record<string, string> = {}, key: Key = admin) {
  const reply = await ecd(sandbox, 'DescribeOfficeSites', { MaxResults: '100', ...query }, key)
  return reply.OfficeSites as OfficeSite[]
}

async function officeSite(sandbox: Sandbox, id: string): Promise<OfficeSite> {
  const [found] = await officeSites(sandbox, { 'OfficeSiteId.1': id })
  if (!found) throw new Error(`No network ${id}`)
  return found
}

async function newNetwork(control: SandboxControl, order = {}): Promise<string> {
  const [id] = await control.addNetworks('international', [order])
  if (id === undefined) throw new Error('No network was added.')
  return id
}

function send(sandbox: Sandbox, extraInfo: string, key: Key = admin, region = singapore): Promise<Reply> {
  const query = {
    RegionId: region,
    VerifyCodeAction: action,
    ExtraInfo: extraInfo,
  }
  return ecd(sandbox, 'SendVerifyCode', query, key)
}

/** Asks for a code for the foreign CEN of the international site and takes it from the inbox. */
async function codeFor(sandbox: Sandbox, control: SandboxControl, key: Key = admin): Promise<string> {
  await send(sandbox, `{"cenOwnerId":${lumen.ownerId},"cenId":"${lumen.cenId}"}`, key)
  const [message] = await control.messages({ accountId: lumen.ownerId })
  if (!message) throw new Error('No message arrived.')
  return message.code
}

function attach(sandbox: Sandbox, id: string, query: Record<string, string> = {}, key: Key = admin) {
  return ecd(sandbox, 'AttachCen', { OfficeSiteId: id, CenId: backbone, ...query }, key)
}

function attachForeign(sandbox: Sandbox, id: string, code: string, key: Key = admin): Promise<Reply> {
  const query = { CenId: lumen.cenId, CenOwnerId: lumen.ownerId, VerifyCode: code }
  return attach(sandbox, id, query, key)
}

function verify(sandbox: Sandbox, query: Record<string, string>): Promise<Reply> {
  return ecd(sandbox, 'VerifyCen', { CidrBlock: '172.20.0.0/16', ...query })
}

const foreign = (code: string) => ({ CenId: lumen.cenId, CenOwnerId: lumen.ownerId, VerifyCode: code })

test('regions are named in Chinese unless English is asked for', async () => {
  const { sandbox } = await startForTest()
  const named = { RegionId: singapore, RegionEndpoint: 'ecd.ap-southeast-1.aliyuncs.com' }
  expect((await ecd(sandbox, 'DescribeRegions')).Regions).toContainEqual({ ...named, LocalName: '新加坡' })
  const { Regions: english } = await ecd(sandbox, 'DescribeRegions', { AcceptLanguage: 'en' })
  expect(english).toContainEqual({ ...named, LocalName: 'Singapore' })
  expect(JSON.stringify(english)).not.toContain('finance')
  const { Regions: ofChina } = await ecd(sandbox, 'DescribeRegions', { RegionId: 'cn-beijing' }, china)
  expect(ofChina).toContainEqual(expect.objectContaining({ RegionId: 'cn-hangzhou-finance' }))
  expect(await refusal(ecd(sandbox, 'DescribeRegions', { AcceptLanguage: 'fr' }))).toMatchObject({
    code: 'InvalidAcceptLanguage',
  })
})

test.each([
  'DescribeRegions',
  'DescribeOfficeSites',
  'DescribeCens',
  'SendVerifyCode',
  'VerifyCen',
  'AttachCen',
  'DetachCen',
])('%s needs a region that there is', async (operation) => {
  const { sandbox } = await startForTest()
  const query = {
    OfficeSiteId: `${singapore}+dir-1`,
    CenId: backbone,
    CidrBlock: '10.0.0.0/16',
    VerifyCodeAction: action,
    ExtraInfo: `{"cenId":"${backbone}"}`,
  }
  expect(await refusal(call(sandbox, admin, `ecd/${operation}`, query))).toMatchObject({
    code: 'MissingRegionId',
    status: 400,
  })
  for (const region of ['mars-north-1', 'cn-hangzhou-finance']) {
    expect(await refusal(ecd(sandbox, operation, { ...query, RegionId: region }))).toMatchObject({
      code: 'InvalidRegion.NotFound',
      status: 404,
    })
  }
})

test.each([
  ['intl-admin', ['ap-southeast-1', 'ap-northeast-1', 'eu-central-1']],
  ['china-admin', ['cn-hangzhou', 'cn-shanghai', 'cn-beijing']],
] as const)('%s has office networks of every kind in three regions', async (id, regions) => {
  const { sandbox } = await startForTest()
  const all: OfficeSite[] = []
  for (const region of regions) {
    const here = await officeSites(sandbox, { RegionId: region }, persona(id))
    expect(here.length).toBeGreaterThanOrEqual(2)
    for (const site of here) {
      expect(site.OfficeSiteId).toMatch(new RegExp(`^${region}\\+(dir|os)-[a-z0-9]+$`))
      expect(site.CreationTime).toMatch(/^20\d\d-\d\d-\d\dT\d\d:\d\dZ$/)
    }
    all.push(...here)
  }
  const ready = { OfficeSiteType: 'SIMPLE', VpcType: 'Standard', Status: 'REGISTERED' }
  for (const kind of [
    { VpcType: 'Basic' },
    { VpcType: 'Customized' },
    { OfficeSiteType: 'AD_CONNECTOR', CenAttachStatus: 'attached' },
    { OfficeSiteType: 'AD_CONNECTOR', Status: 'NEEDCONFIGTRUST' },
    { Status: 'REGISTERING' },
    { Status: 'ERROR' },
    { ...ready, CenAttachStatus: 'attached', CenId: expect.stringMatching(/^cen-/) },
    { ...ready, CenAttachStatus: 'attaching' },
  ]) {
    expect(all).toContainEqual(expect.objectContaining(kind))
  }
  expect(all.some((site) => site.CenId === undefined && site.CenAttachStatus === undefined)).toBe(true)
  expect(new Set(all.map((site) => site.OfficeSiteId)).size).toBe(all.length)
})

test('an account sees its own networks, in the region it asks for', async () => {
  const { sandbox } = await startForTest()
  const ventures = await officeSites(sandbox, {}, persona('no-directory'))
  expect(ventures).toHaveLength(2)
  const harbour = (await officeSites(sandbox)).map((site) => site.OfficeSiteId)
  expect(harbour).not.toContain(ventures[0]?.OfficeSiteId)
  expect(await officeSites(sandbox, { 'OfficeSiteId.1': ventures[0]?.OfficeSiteId ?? '' })).toEqual([])
  expect(await officeSites(sandbox, {}, persona('member'))).toEqual([])
  expect(await officeSites(sandbox, { RegionId: 'us-west-1' })).toEqual([])
})

test('networks come ten at a time, in the order they were made, until the token is empty', async () => {
  const { sandbox, control } = await startForTest()
  await control.addNetworks('international', [{}, {}, {}])
  const everything = await officeSites(sandbox)
  const first = await ecd(sandbox, 'DescribeOfficeSites')
  expect(first).toMatchObject({ TotalCount: everything.length, NextToken: expect.stringMatching(/./) })
  expect(first.OfficeSites).toHaveLength(10)
  const read: unknown[] = []
  for (let token: string | undefined; token !== ''; ) {
    const page: Reply = await ecd(sandbox, 'DescribeOfficeSites', {
      MaxResults: '4',
      ...(token !== undefined && { NextToken: token }),
    })
    read.push(...(page.OfficeSites as unknown[]))
    token = String(page.NextToken)
  }
  expect(read).toEqual(everything)
  const times = everything.map((site) => site.CreationTime)
  expect(times).toEqual(times.toSorted())
  expect(everything.length).toBeGreaterThan(10)
})

test('networks can be asked for by id, kind of account and status', async () => {
  const { sandbox, control } = await startForTest()
  const [one = '', two = ''] = await control.addNetworks('international', [{}, {}])
  const found = await officeSites(sandbox, { 'OfficeSiteId.1': one, 'OfficeSiteId.2': two })
  expect(found.map((site) => site.OfficeSiteId).toSorted()).toEqual([one, two].toSorted())
  const byType = await officeSites(sandbox, { OfficeSiteType: 'AD_CONNECTOR' })
  expect(byType.map((site) => site.Name)).toEqual(['Corporate AD'])
  expect((await officeSites(sandbox, { Status: 'ERROR' })).map((site) => site.Name)).toEqual(['Trial office'])
  const tooMany = Array.from({ length: 101 }, (_, index) => [`OfficeSiteId.${index + 1}`, one])
  for (const [query, code] of [
    [{ Status: 'FINE' }, 'InvalidStatus'],
    [{ OfficeSiteType: 'Simple' }, 'InvalidOfficeSiteType'],
    [{ MaxResults: '101' }, 'InvalidMaxResults'],
    [{ NextToken: 'nonsense' }, 'InvalidNextToken'],
    [Object.fromEntries(tooMany), 'InvalidOfficeSiteId'],
  ] as const) {
    expect(await refusal(officeSites(sandbox, query))).toMatchObject({ code, status: 400 })
  }
})

test('the answer about networks carries secrets, as in reality', async () => {
  const { sandbox } = await startForTest()
  const [withDirectory] = await officeSites(sandbox, { OfficeSiteType: 'AD_CONNECTOR' })
  const secret = expect.stringContaining('sandbox-secret-')
  expect(withDirectory).toMatchObject({
    DomainPassword: secret,
    TrustPassword: secret,
    ClientSecret: secret,
    ADConnectors: [{ TrustKey: secret }],
  })
  for (const site of await officeSites(sandbox)) expect(site).toMatchObject({ ClientSecret: secret })
})

test('an account sees its own CENs only, page by page', async () => {
  const { sandbox } = await startForTest()
  const { Cens: own, TotalCount } = await ecd(sandbox, 'DescribeCens')
  expect(TotalCount).toBe(3)
  expect(own).toMatchObject([
    { CenId: backbone, Name: 'Harbour backbone', Status: 'Active' },
    { Name: 'Asia retail', Status: 'Active' },
    { Name: 'Europe expansion', Status: 'Creating', ProtectionLevel: 'REDUCED', PackageIds: [], Tags: [] },
  ])
  expect(JSON.stringify(own)).not.toContain(lumen.cenId)
  const second = await ecd(sandbox, 'DescribeCens', { PageNumber: '2', PageSize: '2' })
  expect(second).toMatchObject({ TotalCount: 3, Cens: [{ Name: 'Europe expansion' }] })
  expect((await ecd(sandbox, 'DescribeCens', {}, china)).Cens).toHaveLength(3)
  expect((await ecd(sandbox, 'DescribeCens', {}, persona('no-directory'))).Cens).toHaveLength(1)
  expect(await refusal(ecd(sandbox, 'DescribeCens', { PageSize: '0' }))).toMatchObject({
    code: 'InvalidPageSize',
  })
})

test('who may only read may not send, check, attach or detach', async () => {
  const { sandbox, control } = await startForTest()
  const reader = persona('read-only')
  const id = await newNetwork(control)
  expect(await officeSites(sandbox, {}, reader)).not.toEqual([])
  await ecd(sandbox, 'DescribeRegions', {}, reader)
  await ecd(sandbox, 'DescribeCens', {}, reader)
  for (const operation of ['SendVerifyCode', 'VerifyCen', 'AttachCen', 'DetachCen']) {
    expect(await refusal(ecd(sandbox, operation, { OfficeSiteId: id }, reader))).toMatchObject({
      code: 'NoPermission',
      status: 403,
      detail: { AuthAction: `ecd:${operation}`, NoPermissionType: 'ImplicitDeny' },
    })
  }
})

test('a role session joins networks of its account', async () => {
  const { sandbox, control } = await startForTest()
  const { Credentials } = await call(sandbox, admin, 'Sts/AssumeRole', {
    RoleArn: admin.roleArn ?? '',
    RoleSessionName: 'wei.tan',
  })
  const { AccessKeyId, AccessKeySecret, SecurityToken } = Credentials as Record<string, string>
  const key = { keyId: AccessKeyId ?? '', secret: AccessKeySecret ?? '', securityToken: SecurityToken }
  const id = await newNetwork(control)
  await attachForeign(sandbox, id, await codeFor(sandbox, control, key), key)
  expect(await control.network(id)).toMatchObject({ cenId: lumen.cenId })
})

test('on the international site the code goes to the mailbox of the CEN’s owner', async () => {
  const { sandbox, control } = await startForTest()
  const reply = await send(sandbox, JSON.stringify({ cenOwnerId: lumen.ownerId, cenId: lumen.cenId }))
  expect(reply).toEqual({ RequestId: expect.any(String) })
  expect(await control.messages()).toMatchObject([
    {
      channel: 'email',
      to: 'network@lumenfoods.example',
      operation: 'SendVerifyCode',
      accountId: lumen.ownerId,
      accountName: 'Lumen Foods Co., Ltd.',
      code: expect.stringMatching(/^\d{6}$/),
    },
  ])
})

test('on the China site the code goes to the phone of the CEN’s owner', async () => {
  const { sandbox, control } = await startForTest()
  const info = `{"cenOwnerId": ${yuanfan.ownerId}, "cenId": "${yuanfan.cenId}"}`
  await send(sandbox, info, china, 'cn-hangzhou')
  expect(await control.messages()).toMatchObject([
    {
      channel: 'sms',
      to: '86-10100000131',
      accountId: yuanfan.ownerId,
      accountName: '远帆物流有限公司',
    },
  ])
})

test.each([
  ['a number', `{"cenOwnerId": ${lumen.ownerId}, "cenId": "${lumen.cenId}"}`],
  ['a text', `{"cenOwnerId": "${lumen.ownerId}", "cenId": "${lumen.cenId}"}`],
  ['a number under a capital', `{"CenOwnerId": ${lumen.ownerId}, "CenId": "${lumen.cenId}"}`],
  ['a text under a capital', `{"CenOwnerId": "${lumen.ownerId}", "CenId": "${lumen.cenId}"}`],
])('the owner’s digits stay as sent: %s', async (_form, info) => {
  const { sandbox, control } = await startForTest()
  await send(sandbox, info)
  expect(await control.messages()).toMatchObject([{ accountId: lumen.ownerId }])
})

test.each([lumen, yuanfan])('the owner $ownerId is one that a number would round', ({ ownerId }) => {
  expect(ownerId).toMatch(/^\d{16}$/)
  expect(String(Number(ownerId))).not.toBe(ownerId)
})

test('a rounded owner is another account: the send is accepted and nothing arrives', async () => {
  const { sandbox, control } = await startForTest()
  for (const info of [
    `{"cenOwnerId":${Number(lumen.ownerId)},"cenId":"${lumen.cenId}"}`,
    `{"cenOwnerId":"${lumen.ownerId}","cenId":"cen-unknown0000000000"}`,
    `{"cenOwnerId":"${yuanfan.ownerId}","cenId":"${yuanfan.cenId}"}`,
    `{"cenId":"${lumen.cenId}"}`,
  ]) {
    expect(await send(sandbox, info)).toEqual({ RequestId: expect.any(String) })
  }
  expect(await control.messages()).toEqual([])
})

test('a send for an unknown pair can be refused instead', async () => {
  const { sandbox, control } = await startForTest({ assumptions: { sendToUnknownCen: 'refused' } })
  for (const [ownerId, cenId, code] of [
    ['9134520068812348', lumen.cenId, 'InvalidCen.CenUidInvalid'],
    [lumen.ownerId, 'cen-unknown0000000000', 'InvalidCen.ParameterCenInstanceId'],
  ] as const) {
    const info = JSON.stringify({ cenOwnerId: ownerId, cenId })
    expect(await refusal(send(sandbox, info))).toMatchObject({ code, status: 400 })
  }
  expect(await control.messages()).toEqual([])
})

test('a CEN of an account that signs in here is joined the same way; its own codes come to itself', async () => {
  const { sandbox, control } = await startForTest()
  const ventures = persona('no-directory')
  await send(sandbox, `{"cenOwnerId":${admin.accountId},"cenId":"${backbone}"}`, ventures)
  const [message] = await control.messages()
  expect(message).toMatchObject({ accountId: admin.accountId, to: 'cloud@harbourgroup.example' })
  const [open] = await officeSites(sandbox, { OfficeSiteType: 'SIMPLE' }, ventures)
  const query = { CenOwnerId: admin.accountId, VerifyCode: message?.code ?? '' }
  await attach(sandbox, open?.OfficeSiteId ?? '', query, ventures)
  expect(await control.network(open?.OfficeSiteId ?? '')).toMatchObject({ cenId: backbone })

  await send(sandbox, `{"cenId":"${backbone}"}`)
  expect(await control.messages()).toMatchObject([{ accountId: admin.accountId }, { id: message?.id }])
})

test('an owner without a mailbox gets nothing, and the sender is not told', async () => {
  const { sandbox, control } = await startForTest()
  await control.changeAccount(lumen.ownerId, { email: null })
  await send(sandbox, `{"cenOwnerId":${lumen.ownerId},"cenId":"${lumen.cenId}"}`)
  expect(await control.messages()).toEqual([])
})

test.each([
  ['', '{"cenId":"cen-1"}', 'MissingVerifyCodeAction'],
  [action, '', 'MissingExtraInfo'],
  ['other', '{"cenId":"cen-1"}', 'InvalidVerifyCodeAction'],
  [action, 'cen-1', 'InvalidExtraInfo'],
  [action, '{', 'InvalidExtraInfo'],
  [action, '{}', 'InvalidExtraInfo'],
  [action, '[]', 'InvalidExtraInfo'],
  [action, 'null', 'InvalidExtraInfo'],
  [action, '{"cenId":1}', 'InvalidExtraInfo'],
  [action, '{"cenid":"cen-1"}', 'InvalidExtraInfo'],
  [action, '{"cenId":"cen-1","cenOwnerId":9.1e15}', 'InvalidExtraInfo'],
  [action, '{"cenId":"cen-1","cenOwnerId":[9134520068812347]}', 'InvalidExtraInfo'],
])('a send with action "%s" and information "%s" is refused', async (VerifyCodeAction, ExtraInfo, code) => {
  const { sandbox } = await startForTest()
  const refused = await refusal(ecd(sandbox, 'SendVerifyCode', { VerifyCodeAction, ExtraInfo }))
  expect(refused).toMatchObject({ code, status: 400 })
})

test('a check says what stands in the way, with status 200', async () => {
  const { sandbox, control } = await startForTest()
  const code = await codeFor(sandbox, control)
  for (const [query, status] of [
    [foreign(code), 'Access'],
    [{ ...foreign(code), CidrBlock: '10.12.0.0/16' }, 'Conflict'],
    [{ ...foreign(code), CenOwnerId: '9134520068812348' }, 'InvalidCen.CenUidInvalid'],
    [{ ...foreign(code), CenOwnerId: yuanfan.ownerId }, 'InvalidCen.CenUidInvalid'],
    [{ ...foreign(code), CenId: backbone }, 'InvalidCen.ParameterCenInstanceId'],
    [{ CenId: lumen.cenId }, 'InvalidCen.ParameterCenInstanceId'],
    [foreign(wrongCode(code)), 'VerifyCode.InvalidTokenCode'],
    [{ CenId: lumen.cenId, CenOwnerId: lumen.ownerId }, 'VerifyCode.InvalidTokenCode'],
  ] as const) {
    expect(await verify(sandbox, query)).toMatchObject({ Status: status })
  }
  expect(await refusal(verify(sandbox, { CenId: backbone, CidrBlock: '10.0.0.1/16' }))).toMatchObject({
    code: 'InvalidCidrBlock',
  })
  expect(await refusal(verify(sandbox, { CenId: backbone, CenOwnerId: 'me' }))).toMatchObject({
    code: 'InvalidCenOwnerId',
  })
})

test('a conflict names the routes and proposes three free ranges', async () => {
  const { sandbox, control } = await startForTest()
  const code = await codeFor(sandbox, control)
  const checked = await verify(sandbox, { ...foreign(code), CidrBlock: '10.12.0.0/16' })
  expect(checked.RouteEntries).toEqual([
    {
      RegionId: singapore,
      DestinationCidrBlock: '10.12.64.0/18',
      NextHopInstanceId: expect.stringMatching(/^vpc-/),
      Status: 'Conflict',
    },
    expect.objectContaining({ DestinationCidrBlock: '172.16.0.0/16', Status: 'Access' }),
    expect.objectContaining({ DestinationCidrBlock: '192.168.40.0/22', Status: 'Access' }),
  ])
  // The first range there is, 172.16.0.0/16, is taken by a route.
  expect(checked.CidrBlocks).toEqual(['172.17.0.0/16', '172.18.0.0/16', '172.19.0.0/16'])
  for (const free of checked.CidrBlocks as string[]) {
    const again = await verify(sandbox, { ...foreign(code), CidrBlock: free })
    expect(again).toMatchObject({ Status: 'Access' })
    expect(again).not.toHaveProperty('CidrBlocks')
  }
})

test.each([
  ['intl-admin', lumen, ['ap-southeast-1', 'ap-northeast-1', 'eu-central-1'], 'Contact centre'],
  ['china-admin', yuanfan, ['cn-hangzhou', 'cn-shanghai', 'cn-beijing'], '客服中心'],
] as const)(
  'of %s one network alone conflicts with the other account’s routes',
  async (id, cen, regions, name) => {
    const { sandbox, control } = await startForTest({ limits: false })
    const key = persona(id)
    await send(sandbox, `{"cenOwnerId":${cen.ownerId},"cenId":"${cen.cenId}"}`, key, regions[0])
    const [message] = await control.messages()
    const inConflict: string[] = []
    for (const RegionId of regions) {
      for (const site of await officeSites(sandbox, { RegionId }, key)) {
        const { cidrBlock: CidrBlock } = await control.network(site.OfficeSiteId)
        const query = { RegionId, CidrBlock, CenId: cen.cenId, CenOwnerId: cen.ownerId }
        const { Status } = await ecd(sandbox, 'VerifyCen', { ...query, VerifyCode: message?.code ?? '' }, key)
        if (Status === 'Conflict') inConflict.push(site.Name)
        else expect([site.Name, Status]).toEqual([site.Name, 'Access'])
      }
    }
    expect(inConflict).toEqual([name])
  },
)

test('checking an own CEN needs no code', async () => {
  const { sandbox } = await startForTest()
  expect(await verify(sandbox, { CenId: backbone })).toMatchObject({ Status: 'Access' })
  const own = { CenId: backbone, CenOwnerId: admin.accountId }
  expect(await verify(sandbox, own)).toMatchObject({ Status: 'Access' })
  const unfinished = { CenId: 'cen-1z7vq3kx5wb9rt0m4d' }
  expect(await verify(sandbox, unfinished)).toMatchObject({ Status: 'InvalidCen.ParameterCenInstanceId' })
})

test('a check leaves the code for attaching, unless told otherwise', async () => {
  const keeping = await startForTest()
  const kept = await codeFor(keeping.sandbox, keeping.control)
  expect(await verify(keeping.sandbox, foreign(kept))).toMatchObject({ Status: 'Access' })
  await attachForeign(keeping.sandbox, await newNetwork(keeping.control), kept)

  const using = await startForTest({ assumptions: { verifyCenUsesCode: true } })
  const used = await codeFor(using.sandbox, using.control)
  expect(await verify(using.sandbox, foreign(used))).toMatchObject({ Status: 'Access' })
  expect(await refusal(attachForeign(using.sandbox, await newNetwork(using.control), used))).toMatchObject({
    code: 'VerifyCode.InvalidTokenCode',
  })
})

test('an own CEN is attached without a code, and detached, by the sandbox clock', async () => {
  const { sandbox, control } = await startForTest({ assumptions: { attachSeconds: 600, detachSeconds: 300 } })
  const id = await newNetwork(control)
  expect(await attach(sandbox, id)).toEqual({ RequestId: expect.any(String) })
  expect(await officeSite(sandbox, id)).toMatchObject({ CenId: backbone, CenAttachStatus: 'attaching' })
  await control.advance(600)
  expect(await officeSite(sandbox, id)).toMatchObject({ CenId: backbone, CenAttachStatus: 'attached' })
  await ecd(sandbox, 'DetachCen', { OfficeSiteId: id })
  expect(await officeSite(sandbox, id)).toMatchObject({ CenId: backbone, CenAttachStatus: 'detaching' })
  await control.advance(300)
  const left = await officeSite(sandbox, id)
  expect(left).not.toHaveProperty('CenId')
  expect(left).not.toHaveProperty('CenAttachStatus')
  await attach(sandbox, id)
})

test('attaching takes eight seconds and detaching three', async () => {
  const { sandbox, control } = await startForTest()
  const id = await newNetwork(control)
  await attach(sandbox, id)
  await control.advance(8)
  expect(await control.network(id)).toMatchObject({ cenId: backbone, attachStatus: 'attached' })
  await ecd(sandbox, 'DetachCen', { OfficeSiteId: id })
  await control.advance(3)
  expect(await control.network(id)).not.toHaveProperty('cenId')
})

test('another account’s CEN is attached with its owner’s code, once', async () => {
  const { sandbox, control } = await startForTest()
  const [one = '', two = ''] = await control.addNetworks('international', [{}, {}])
  const code = await codeFor(sandbox, control)
  await attachForeign(sandbox, one, code)
  expect(await control.network(one)).toMatchObject({ cenId: lumen.cenId })
  expect(await control.messages()).toMatchObject([{ voidBecause: 'used' }])
  expect(await refusal(attachForeign(sandbox, two, code))).toMatchObject({
    code: 'VerifyCode.InvalidTokenCode',
    status: 400,
  })
})

test('a code serves one account only', async () => {
  const { sandbox, control } = await startForTest()
  const code = await codeFor(sandbox, control, persona('no-directory'))
  expect(await refusal(attachForeign(sandbox, await newNetwork(control), code))).toMatchObject({
    code: 'VerifyCode.InvalidTokenCode',
  })
})

test('a code is over after 15 minutes, and a newer one makes it void', async () => {
  const { sandbox, control } = await startForTest()
  const id = await newNetwork(control)
  const late = await codeFor(sandbox, control)
  await control.advance(900)
  expect(await verify(sandbox, foreign(late))).toMatchObject({ Status: 'VerifyCode.InvalidTokenCode' })
  const older = await codeFor(sandbox, control)
  const newer = await codeFor(sandbox, control)
  if (older !== newer) {
    expect(await verify(sandbox, foreign(older))).toMatchObject({ Status: 'VerifyCode.InvalidTokenCode' })
  }
  await attachForeign(sandbox, id, newer)
})

test('checks and attaches count wrong codes together; after that the right one is refused, too', async () => {
  const { sandbox, control } = await startForTest({ assumptions: { wrongTriesMax: 3 } })
  const id = await newNetwork(control)
  const code = await codeFor(sandbox, control)
  const wrong = wrongCode(code)
  expect(await verify(sandbox, foreign(wrong))).toMatchObject({ Status: 'VerifyCode.InvalidTokenCode' })
  expect(await verify(sandbox, foreign(wrong))).toMatchObject({ Status: 'VerifyCode.InvalidTokenCode' })
  const refused = await refusal(attachForeign(sandbox, id, wrong))
  expect(refused).toMatchObject({ code: 'VerifyCode.InvalidTokenCode', status: 400 })
  expect(await verify(sandbox, foreign(code))).toMatchObject({ Status: 'VerifyCode.ReachTokenRetryTime' })
  expect(await refusal(attachForeign(sandbox, id, code))).toMatchObject({
    code: 'VerifyCode.ReachTokenRetryTime',
    status: 400,
  })
  await attachForeign(sandbox, id, await codeFor(sandbox, control))
})

test('overlapping routes do not keep a network from being attached', async () => {
  const { sandbox, control } = await startForTest()
  const id = await newNetwork(control, { cidrBlock: '10.12.64.0/20' })
  const code = await codeFor(sandbox, control)
  const checked = await verify(sandbox, { ...foreign(code), CidrBlock: '10.12.64.0/20' })
  expect(checked).toMatchObject({ Status: 'Conflict' })
  await attachForeign(sandbox, id, code)
})

test.each([
  [{ vpcType: 'Basic' }, 'InvalidDirectoryStatus'],
  [{ vpcType: 'Customized' }, 'InvalidDirectoryStatus'],
  [{ officeSiteType: 'AD_CONNECTOR' }, 'InvalidDirectoryStatus'],
  [{ status: 'ERROR' }, 'InvalidDirectoryStatus'],
  [{ status: 'REGISTERING' }, 'DirectoryNotReady'],
  [{ cenId: backbone }, 'InvalidDirectoryStatus'],
  [{ cenId: backbone, attachStatus: 'attaching' }, 'DirectoryNotReady'],
  [{ cenId: backbone, attachStatus: 'detaching' }, 'DirectoryNotReady'],
])('a network with %o is not attached', async (order, code) => {
  const { sandbox, control } = await startForTest()
  const id = await newNetwork(control, order)
  const before = await control.network(id)
  const refused = await refusal(attach(sandbox, id))
  expect<Partial<Refusal>>(refused).toMatchObject({ code, status: 400, message: '' })
  expect(await control.network(id)).toEqual(before)
})

test.each([
  [{}, 'InvalidDirectoryStatus'],
  [{ cenId: backbone, attachStatus: 'attaching' }, 'DirectoryNotReady'],
  [{ cenId: backbone, attachStatus: 'detaching' }, 'DirectoryNotReady'],
  [{ cenId: backbone, officeSiteType: 'AD_CONNECTOR' }, 'InvalidDirectoryStatus'],
])('a network with %o is not detached', async (order, code) => {
  const { sandbox, control } = await startForTest()
  const id = await newNetwork(control, order)
  expect(await refusal(ecd(sandbox, 'DetachCen', { OfficeSiteId: id }))).toMatchObject({ code, status: 400 })
})

test('a CEN that is not its owner’s, unfinished or unknown is not attached, and costs no code', async () => {
  const { sandbox, control } = await startForTest()
  const id = await newNetwork(control)
  const code = await codeFor(sandbox, control)
  const withCode = { CenOwnerId: lumen.ownerId, VerifyCode: code }
  for (const [query, refused] of [
    [{ ...withCode, CenId: lumen.cenId, CenOwnerId: '9134520068812348' }, 'InvalidCen.CenUidInvalid'],
    [{ ...withCode, CenId: backbone }, 'InvalidCen.ParameterCenInstanceId'],
    [{ CenId: lumen.cenId, VerifyCode: code }, 'InvalidCen.ParameterCenInstanceId'],
    [{ CenId: 'cen-1z7vq3kx5wb9rt0m4d' }, 'InvalidCen.ParameterCenInstanceId'],
    [{ CenId: lumen.cenId, CenOwnerId: lumen.ownerId }, 'VerifyCode.InvalidTokenCode'],
    [{ ...withCode, CenOwnerId: 'me' }, 'InvalidCenOwnerId'],
  ] as const) {
    expect(await refusal(attach(sandbox, id, query))).toMatchObject({ code: refused, status: 400 })
  }
  await attachForeign(sandbox, id, code)
})

test('networks of other accounts and regions are not known', async () => {
  const { sandbox, control } = await startForTest()
  const [ventures] = await officeSites(sandbox, {}, persona('no-directory'))
  const id = await newNetwork(control)
  for (const [RegionId, OfficeSiteId] of [
    [singapore, ventures?.OfficeSiteId ?? ''],
    ['eu-central-1', id],
    [singapore, `${singapore}+dir-0`],
  ] as const) {
    for (const operation of ['AttachCen', 'DetachCen']) {
      const query = { RegionId, OfficeSiteId, CenId: backbone }
      const refused = await refusal(ecd(sandbox, operation, query))
      expect(refused).toMatchObject({ code: 'InvalidOfficeSiteId', status: 400 })
    }
  }
})

test('calls record the network or the CEN they are about, and faults wait for it', async () => {
  const { sandbox, control } = await startForTest()
  const [hit = '', spared = ''] = await control.addNetworks('international', [{}, {}])
  await control.arm({ operation: 'AttachCen', fault: 'reset', effect: true, match: { accountId: hit } })
  const code = await codeFor(sandbox, control)
  await verify(sandbox, foreign(code))
  await attach(sandbox, spared)
  await expect(attach(sandbox, hit)).rejects.toMatchObject({ code: 'ECONNRESET' })
  expect(await control.network(hit)).toMatchObject({ cenId: backbone })
  const calls = await control.calls()
  expect(calls).toMatchObject([
    { operation: 'AttachCen', product: 'ecd', target: hit, outcome: 'reset', effect: true },
    { operation: 'AttachCen', target: spared, outcome: 'OK' },
    { operation: 'VerifyCen', target: lumen.cenId, outcome: 'OK' },
    { operation: 'SendVerifyCode', target: lumen.cenId, outcome: 'OK' },
  ])
  expect(JSON.stringify(calls)).not.toContain(code)
})

test('every refusal an operation documents or may be met with can be called up', async () => {
  const { sandbox, control } = await startForTest()
  const id = await newNetwork(control)
  for (const code of [
    'InvalidDirectoryStatus',
    'DirectoryNotReady',
    'InvalidCen.CenUidInvalid',
    'InvalidCen.ParameterCenInstanceId',
    'VerifyCode.InvalidTokenCode',
    'VerifyCode.ReachTokenRetryTime',
    'Throttling.User',
  ]) {
    await control.arm({ operation: 'ecd/AttachCen', fault: `code:${code}` })
    expect(await refusal(attach(sandbox, id))).toMatchObject({ code, status: 400 })
  }
  await expect(
    control.arm({ operation: 'DescribeCens', fault: 'code:DirectoryNotReady' }),
  ).rejects.toMatchObject({ code: 'UnknownCode' })
})

test('networks are added and changed as told, as if by somebody else', async () => {
  const { sandbox, control } = await startForTest()
  const [id = ''] = await control.addNetworks(
    'china',
    [{ name: '试点', vpcType: 'Basic', cidrBlock: '10.8.0.0/20', desktopCount: 7 }],
    'cn-shanghai',
  )
  expect(id).toMatch(/^cn-shanghai\+dir-\d{10}$/)
  const found = await officeSites(sandbox, { RegionId: 'cn-shanghai', 'OfficeSiteId.1': id }, china)
  expect(found).toMatchObject([
    { Name: '试点', VpcType: 'Basic', CidrBlock: '10.8.0.0/20', DesktopCount: 7, Status: 'REGISTERED' },
  ])
  expect(await control.changeNetwork(id, { vpcType: 'Standard', cenId: 'cen-1' })).toMatchObject({
    vpcType: 'Standard',
    cenId: 'cen-1',
    attachStatus: 'attached',
  })
  expect(await control.changeNetwork(id, { attachStatus: 'attaching' })).toMatchObject({ cenId: 'cen-1' })
  await control.advance(3600)
  expect(await control.network(id)).toMatchObject({ attachStatus: 'attaching' })
  await control.changeNetwork(id, { attachStatus: 'attach_failed' })
  const free = await control.changeNetwork(id, { cenId: null })
  expect([free.cenId, free.attachStatus]).toEqual([undefined, undefined])
})

test('a change of something else leaves an attach under way', async () => {
  const { sandbox, control } = await startForTest({ assumptions: { attachSeconds: 600 } })
  const id = await newNetwork(control)
  await attach(sandbox, id)
  expect(await control.changeNetwork(id, { desktopCount: 3 })).toMatchObject({ attachStatus: 'attaching' })
  await control.advance(600)
  expect(await control.network(id)).toMatchObject({ attachStatus: 'attached', desktopCount: 3 })
})

test.each([
  [{ networks: [{}] }],
  [{ site: 'mars', networks: [{}] }],
  [{ site: 'china' }],
  [{ site: 'china', networks: [] }],
  [{ site: 'international', region: 'cn-hangzhou-finance', networks: [{}] }],
  [{ site: 'china', networks: [{ vpcType: 'standard' }] }],
  [{ site: 'china', networks: [{ cidrBlock: '10.0.0.1/8' }] }],
  [{ site: 'china', networks: [{}, { size: 3 }] }],
])('the networks %o are refused and none is added', async (body) => {
  const { sandbox } = await startForTest()
  const before = await officeSites(sandbox, { RegionId: 'cn-hangzhou' }, china)
  const response = await fetch(`${sandbox.url}/_sandbox/networks`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  expect(response.status).toBe(400)
  expect(await officeSites(sandbox, { RegionId: 'cn-hangzhou' }, china)).toEqual(before)
})

test('an unknown network is not found, whatever its id looks like', async () => {
  const { sandbox, control } = await startForTest()
  await expect(control.network(`${singapore}+dir-0`)).rejects.toMatchObject({ code: 'UnknownNetwork' })
  expect((await fetch(`${sandbox.url}/_sandbox/networks/%E0%A4%A`)).status).toBe(404)
  const id = await newNetwork(control)
  expect((await fetch(`${sandbox.url}/_sandbox/networks/${id}`)).status).toBe(200)
})

test('an attach under way, codes and changes survive a restart; a reset takes them back', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'muster-sandbox-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const stateFile = join(folder, 'sandbox.json')
  const first = await startSandbox({ port: 0, stateFile, assumptions: { attachSeconds: 3600 } })
  const before = connectSandbox(first.url)
  const [own = '', open = ''] = await before.addNetworks('international', [{}, {}])
  const [seeded] = await officeSites(first)
  if (!seeded) throw new Error('The seed has networks.')
  await before.changeNetwork(seeded.OfficeSiteId, { name: 'Renamed' })
  await attach(first, own)
  const code = await codeFor(first, before)
  await first.close()

  const { sandbox, control } = await startForTest({ stateFile })
  expect(await control.network(own)).toMatchObject({ attachStatus: 'attaching' })
  expect(await control.network(seeded.OfficeSiteId)).toMatchObject({ name: 'Renamed' })
  await attachForeign(sandbox, open, code)
  await control.advance(3600)
  expect(await control.network(own)).toMatchObject({ attachStatus: 'attached' })
  await control.reset()
  await expect(control.network(own)).rejects.toMatchObject({ code: 'UnknownNetwork' })
  expect(await control.network(seeded.OfficeSiteId)).toMatchObject({ name: seeded.Name })
})

test('a state file from before there were networks still loads', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'muster-sandbox-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const stateFile = join(folder, 'sandbox.json')
  const lists = ['members', 'removedMembers', 'codes', 'sends', 'messages', 'calls', 'tokens', 'faults']
  const empty = Object.fromEntries(lists.map((name) => [name, []]))
  await writeFile(stateFile, JSON.stringify({ format: 1, clockOffsetMs: 0, ...empty }))
  const { sandbox } = await startForTest({ stateFile })
  expect(await officeSites(sandbox)).not.toEqual([])
})

test('the other accounts’ CENs stand in README.md with their owners, each on one line', async () => {
  const lines = (await readFile(new URL('README.md', import.meta.url), 'utf8')).split('\n')
  for (const { cenId, ownerId } of [lumen, yuanfan]) {
    expect(lines.filter((line) => line.includes(cenId) && line.includes(ownerId))).toHaveLength(1)
  }
})
