import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { answer, failureOf, openPacer, wire } from './wire.fixture'

// What is sent, and responses that the sandbox does not give.

test('a malformed region is refused: nothing is sent and no turn is used', async () => {
  const { pacer, asked } = openPacer()
  const { cloud, received } = await wire(answer(200, {}), { pacer })
  for (const region of ['', 'ap-southeast-1.evil.example', 'a/b', 'AP-SOUTHEAST-1']) {
    expect(await failureOf(cloud.listNetworks({ region }))).toMatchObject({
      code: 'region.unknown',
      kind: 'refused',
      executed: 'no',
      endsSession: false,
      upstream: { product: 'ecd', operation: 'DescribeOfficeSites' },
    })
  }
  expect([received, asked]).toEqual([[], []])
})

test('each region is paced separately', async () => {
  const { pacer, asked } = openPacer()
  const { cloud } = await wire(answer(200, { RequestId: 'AB-12', Regions: [] }), { pacer })
  await cloud.listRegions({ region: 'ap-southeast-1', language: 'en' })
  await cloud.listRegions({ region: 'eu-central-1', language: 'en' })
  expect(asked.map(({ key }) => key)).toEqual([
    'ecd:DescribeRegions:ap-southeast-1:1000000000000001',
    'ecd:DescribeRegions:eu-central-1:1000000000000001',
  ])
})

test('unknown regions share one pacing key, since each key is stored', async () => {
  const { pacer, asked } = openPacer()
  const { cloud } = await wire(answer(200, { RequestId: 'AB-12', OfficeSites: [] }), { pacer })
  for (const region of ['xx-unknown-1', 'xx-unknown-2', 'zz-nowhere']) await cloud.listNetworks({ region })
  expect(new Set(asked.map(({ key }) => key))).toEqual(
    new Set(['ecd:DescribeOfficeSites:other:1000000000000001']),
  )
})

const region = 'ap-southeast-1'
const requestId = 'C0FFEE00-1111-4222-8333-444455556666'
const accepted = answer(200, { RequestId: requestId })
// The first id that a JavaScript number cannot represent, and the largest of 16 digits.
const largeOwners = ['9007199254740993', '9999999999999999']

describe("an owner's id is sent unchanged", () => {
  test.each(largeOwners)('%s', async (ownerId) => {
    expect(String(BigInt(ownerId))).toBe(ownerId)
    const { cloud, queries } = await wire(answer(200, { RequestId: requestId, Status: 'Access' }))
    const cen = { cenId: 'cen-3weq30r6t0s7t4', ownerId }
    const networkId = `${region}+dir-1`
    await cloud.sendCenCode({ region, ...cen })
    await cloud.verifyCen({ region, ...cen, cidrBlock: '172.16.0.0/16', code: '004217' })
    await cloud.attachCen({ region, networkId, ...cen, code: '004217' })
    const named = { RegionId: region, CenId: cen.cenId, CenOwnerId: ownerId, VerifyCode: '004217' }
    expect(queries).toEqual([
      {
        RegionId: region,
        VerifyCodeAction: 'eds_cenID_securityverification',
        ExtraInfo: `{"cenOwnerId":${ownerId},"cenId":"cen-3weq30r6t0s7t4"}`,
      },
      { ...named, CidrBlock: '172.16.0.0/16' },
      { ...named, OfficeSiteId: networkId },
    ])
  })

  test.each([
    '',
    '123',
    '0134520068812347',
    '91345200688123471',
    '9134520068812347,"x":1',
    '９１３４５２００６８８１２３４７',
  ])('%j is not an account id, and nothing is sent', async (ownerId) => {
    const { cloud, received } = await wire(accepted)
    const cen = { cenId: 'cen-3weq30r6t0s7t4', ownerId }
    for (const call of [
      () => cloud.sendCenCode({ region, ...cen }),
      () => cloud.verifyCen({ region, ...cen, cidrBlock: '172.16.0.0/16' }),
      () => cloud.attachCen({ region, networkId: `${region}+dir-1`, ...cen }),
    ]) {
      expect(await failureOf(call())).toMatchObject({
        code: 'cen.owner_wrong',
        executed: 'no',
        endsSession: false,
        fields: { ownerId: 'cen.owner_wrong' },
      })
    }
    expect(received).toEqual([])
  })

  test('without an owner and a code, neither is sent', async () => {
    const { cloud, queries } = await wire(accepted)
    await cloud.attachCen({ region, networkId: `${region}+dir-1`, cenId: 'cen-1' })
    await cloud.detachCen({ region, networkId: `${region}+dir-1` })
    expect(queries).toEqual([
      { RegionId: region, OfficeSiteId: `${region}+dir-1`, CenId: 'cen-1' },
      { RegionId: region, OfficeSiteId: `${region}+dir-1` },
    ])
  })

  test('a CEN id cannot break out of the JSON string', async () => {
    const { cloud, queries } = await wire(accepted)
    await cloud.sendCenCode({ region, cenId: 'cen-"},{"', ownerId: '9007199254740993' })
    expect(JSON.parse(queries[0]?.ExtraInfo ?? '')).toMatchObject({ cenId: 'cen-"},{"' })
  })

  test('the code is removed from a vendor message that repeats it', async () => {
    const { cloud } = await wire(answer(400, { Code: 'Some.NewCode', Message: 'bad: 004217' }))
    const cen = { region, cenId: 'cen-1', code: '004217' }
    for (const call of [
      () => cloud.attachCen({ ...cen, networkId: `${region}+dir-1` }),
      () => cloud.verifyCen({ ...cen, cidrBlock: '172.16.0.0/16' }),
    ])
      expect(await failureOf(call())).toMatchObject({
        code: 'cloud.refused',
        upstream: { message: 'bad: •••' },
      })
  })
})

describe('a response about networks', () => {
  const site = { OfficeSiteId: `${region}+dir-1`, Status: 'REGISTERED' }
  const secrets = {
    DomainPassword: 'leak-domain',
    TrustPassword: 'leak-trust',
    ClientSecret: 'leak-client',
    ADConnectors: [{ TrustKey: 'leak-key', ADConnectorAddress: '10.0.0.4' }],
    Logs: [{ Message: 'leak-log' }],
    NewThing: { Password: 'leak-new' },
  }
  const page = (...sites: object[]) => ({ RequestId: requestId, OfficeSites: sites })

  test('is read field by field, so that nothing new or secret is kept', async () => {
    const odd = { ...secrets, Status: 1 }
    const { cloud } = await wire(answer(200, { ...page({ ...site, ...secrets }, odd), ...secrets }))
    const networks = await cloud.listNetworks({ region })
    expect(networks).toHaveLength(1)
    expect(inspect(networks, { depth: Number.POSITIVE_INFINITY, showHidden: true })).not.toContain('leak-')
  })

  test.each([
    ['it is not a list', 200, { ...secrets, RequestId: requestId, OfficeSites: secrets }],
    ['it reports a failure', 200, { ...page({ ...site, ...secrets }), Code: 'leak-code', Success: false }],
    ['it is a refusal', 409, { ...page({ ...site, ...secrets }), ...secrets, Code: 'Some.NewCode' }],
    ['it is a fault', 500, { ...page({ ...site, ...secrets }), ...secrets, Code: 'InternalError' }],
  ])('leaves no secret in the failure when %s', async (_, status, body) => {
    const { cloud } = await wire(answer(status, body))
    const failure = await failureOf(cloud.listNetworks({ region }))
    const everything = inspect(failure, { depth: Number.POSITIVE_INFINITY, showHidden: true })
    expect(everything).not.toContain('leak-')
    expect(inspect({ ...failure, stack: failure.stack, cause: failure.cause })).not.toContain('leak-')
  })

  test.each([
    ['Status', 1],
    ['Name', ['office']],
    ['VpcType', {}],
    ['OfficeSiteType', true],
    ['CidrBlock', ['10.0.0.0/8']],
    ['DesktopCount', '7'],
    ['CreationTime', 1620280680],
  ])('is read without a %s of %j', async (field, value) => {
    const { cloud } = await wire(answer(200, page({ ...site, [field]: value })))
    const [bare] = await (await wire(answer(200, page({ ...site, [field]: null })))).cloud.listNetworks({
      region,
    })
    expect(await cloud.listNetworks({ region, ids: [site.OfficeSiteId] })).toEqual([bare])
  })

  test.each([
    ['OfficeSiteId', 7],
    ['CenId', ['cen-1']],
    ['CenAttachStatus', 1],
  ])('with a %s of %j proves nothing about that network: neither gone nor detached', async (field, value) => {
    const other = { ...site, OfficeSiteId: `${region}+dir-2` }
    const unread = { ...site, CenId: 'cen-1', CenAttachStatus: 'attached', [field]: value }
    const { cloud } = await wire(answer(200, page(other, unread)))
    expect(await cloud.listNetworks({ region })).toMatchObject([{ id: other.OfficeSiteId }])
    const failure = await failureOf(cloud.listNetworks({ region, ids: [site.OfficeSiteId] }))
    expect(failure).toMatchObject({ code: 'cloud.not_understood', params: { call: 'reading' } })
  })

  test('may contain unknown values', async () => {
    const odd = {
      ...site,
      VpcType: 'Quantum',
      OfficeSiteType: 'constructor',
      Status: 'DREAMING',
      CenId: 'cen-1',
      CenAttachStatus: 'attaching',
      CreationTime: '2021-05-06T05:58Z',
    }
    const { cloud } = await wire(answer(200, page(odd)))
    expect(await cloud.listNetworks({ region })).toEqual([
      {
        id: site.OfficeSiteId,
        name: site.OfficeSiteId,
        region,
        kind: 'other',
        kindWord: 'Quantum',
        accounts: 'other',
        accountsWord: 'constructor',
        status: 'DREAMING',
        cidrBlock: '',
        desktops: null,
        cenId: 'cen-1',
        attach: 'other',
        attachStatus: 'attaching',
        createdAt: new Date('2021-05-06T05:58:00Z'),
      },
    ])
  })

  test.each([
    [{}, 'not_attached'],
    [{ CenId: '', CenAttachStatus: '' }, 'not_attached'],
    [{ CenId: 'cen-1', CenAttachStatus: 'attached' }, 'attached'],
    [{ CenId: 'cen-1', CenAttachStatus: 'Attached' }, 'attached'],
    [{ CenId: 'cen-1' }, 'other'],
    [{ CenAttachStatus: 'detaching' }, 'other'],
    [{ CenAttachStatus: 'Attaching' }, 'other'],
  ])('%j is %s', async (fields, attach) => {
    const { cloud } = await wire(answer(200, page({ ...site, ...fields })))
    expect((await cloud.listNetworks({ region }))[0]?.attach).toBe(attach)
  })

  test('is requested for up to 100 network ids at a time', async () => {
    const { cloud, queries } = await wire(answer(200, page()))
    const ids = Array.from({ length: 101 }, (_, index) => `${region}+dir-${index}`)
    await cloud.listNetworks({ region, ids })
    expect(queries).toHaveLength(2)
    expect(queries[0]).toMatchObject({ 'OfficeSiteId.1': ids[0], 'OfficeSiteId.100': ids[99] })
    expect(queries[1]).toEqual({ RegionId: region, MaxResults: '100', 'OfficeSiteId.1': ids[100] })
  })

  test('is not requested for an empty list of ids', async () => {
    const { cloud, received } = await wire(answer(200, page(site)))
    expect(await cloud.listNetworks({ region, ids: [] })).toEqual([])
    expect(received).toEqual([])
  })

  test('with a repeated token is rejected', async () => {
    const { cloud, queries } = await wire(answer(200, { ...page(site), NextToken: 'again' }))
    expect(await failureOf(cloud.listNetworks({ region }))).toMatchObject({
      code: 'cloud.not_understood',
      params: { call: 'reading' },
    })
    expect(queries.map(({ NextToken }) => NextToken)).toEqual([undefined, 'again'])
  })

  test('without end is not read forever', async () => {
    let served = 0
    const { cloud, received } = await wire((request, response) => {
      served += 1
      answer(200, { ...page({ ...site, OfficeSiteId: String(served) }), NextToken: String(served) })(
        request,
        response,
      )
    })
    expect((await failureOf(cloud.listNetworks({ region }))).code).toBe('cloud.not_understood')
    expect(received).toHaveLength(100)
  })
})

describe('own CENs', () => {
  const cen = (number: number) => ({ CenId: `cen-${number}`, Status: 'Active' })

  test('are read to the last page', async () => {
    const all = Array.from({ length: 120 }, (_, index) => cen(index))
    const { cloud, queries } = await wire((request, response) => {
      const start = (Number(queries.at(-1)?.PageNumber) - 1) * 50
      answer(200, { RequestId: requestId, TotalCount: all.length, Cens: all.slice(start, start + 50) })(
        request,
        response,
      )
    })
    const cens = await cloud.listCens({ region })
    expect(cens.map((one) => one.id)).toEqual(all.map((one) => one.CenId))
    expect(cens[0]).toEqual({ id: 'cen-0', name: 'cen-0', status: 'Active', description: null })
    expect(queries.map(({ PageNumber }) => PageNumber)).toEqual(['1', '2', '3'])
  })

  test('end with an empty page, whatever the total claims', async () => {
    const { cloud, received } = await wire(answer(200, { RequestId: requestId, TotalCount: 999, Cens: [] }))
    expect(await cloud.listCens({ region })).toEqual([])
    expect(received).toHaveLength(1)
  })

  test('without end are not read forever', async () => {
    const endless = { RequestId: requestId, TotalCount: 1e9, Cens: [cen(1)] }
    const { cloud, received } = await wire(answer(200, endless))
    expect((await failureOf(cloud.listCens({ region }))).code).toBe('cloud.not_understood')
    expect(received).toHaveLength(100)
  })
})

describe('a code check', () => {
  test.each([
    ['Access', 'fits'],
    ['Conflict', 'conflict'],
    ['InvalidCen.CenUidInvalid', 'owner_wrong'],
    ['InvalidCen.ParameterCenInstanceId', 'cen_wrong'],
    ['VerifyCode.InvalidTokenCode', 'code_wrong'],
    ['VerifyCode.ReachTokenRetryTime', 'code_tries_used'],
    ['Some.NewStatus', 'other'],
  ])('with the status %s is reported as %s, with the vendor’s status', async (status, result) => {
    const { cloud } = await wire(answer(200, { RequestId: requestId, Status: status }))
    expect(await cloud.verifyCen({ region, cenId: 'cen-1', cidrBlock: '172.16.0.0/16' })).toEqual({
      requestId,
      result,
      status,
      proposals: [],
      routes: [],
    })
  })

  test('without a response counts as a failed read; a change without one may have been executed', async () => {
    const { cloud } = await wire((request) => request.socket.resetAndDestroy())
    const networkId = `${region}+dir-1`
    const check = cloud.verifyCen({ region, cenId: 'cen-1', cidrBlock: '172.16.0.0/16' })
    expect((await failureOf(check)).params).toEqual({ call: 'reading' })
    for (const change of [
      () => cloud.attachCen({ region, networkId, cenId: 'cen-1' }),
      () => cloud.detachCen({ region, networkId }),
      () => cloud.sendCenCode({ region, cenId: 'cen-1', ownerId: '9007199254740993' }),
    ])
      expect(await failureOf(change())).toMatchObject({ executed: 'maybe', params: { call: 'change' } })
  })
})
