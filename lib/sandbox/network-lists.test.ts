import { expect, test } from 'vitest'
import { call, persona, type Reply, refusal, startForTest } from './test/clients.ts'
import {
  action,
  admin,
  attachCrossAccount,
  backbone,
  china,
  codeFor,
  ecd,
  lumen,
  newNetwork,
  type OfficeSite,
  officeSites,
  singapore,
} from './test/networks.ts'

test('region names are Chinese unless English is requested', async () => {
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
])('%s requires an existing region', async (operation) => {
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

test('an account sees only its own networks in the requested region', async () => {
  const { sandbox } = await startForTest()
  const ventures = await officeSites(sandbox, {}, persona('no-directory'))
  expect(ventures).toHaveLength(2)
  const harbour = (await officeSites(sandbox)).map((site) => site.OfficeSiteId)
  expect(harbour).not.toContain(ventures[0]?.OfficeSiteId)
  expect(await officeSites(sandbox, { 'OfficeSiteId.1': ventures[0]?.OfficeSiteId ?? '' })).toEqual([])
  expect(await officeSites(sandbox, {}, persona('member'))).toEqual([])
  expect(await officeSites(sandbox, { RegionId: 'us-west-1' })).toEqual([])
})

test('networks are listed ten per page, in order of creation, until the token is empty', async () => {
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

test('networks can be filtered by ID, account type and status', async () => {
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

test('the network list contains secrets, like the real one', async () => {
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

test('an account sees only its own CENs, in pages', async () => {
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

test('a read-only user cannot send, check, attach or detach', async () => {
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

test('a role session can attach networks of its account', async () => {
  const { sandbox, control } = await startForTest()
  const { Credentials } = await call(sandbox, admin, 'Sts/AssumeRole', {
    RoleArn: admin.roleArn ?? '',
    RoleSessionName: 'wei.tan',
  })
  const { AccessKeyId, AccessKeySecret, SecurityToken } = Credentials as Record<string, string>
  const key = { keyId: AccessKeyId ?? '', secret: AccessKeySecret ?? '', securityToken: SecurityToken }
  const id = await newNetwork(control)
  await attachCrossAccount(sandbox, id, await codeFor(sandbox, control, key), key)
  expect(await control.network(id)).toMatchObject({ cenId: lumen.cenId })
})
