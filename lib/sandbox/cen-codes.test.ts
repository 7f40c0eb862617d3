import { expect, test } from 'vitest'
import { persona, refusal, startForTest } from './test/clients.ts'
import {
  action,
  admin,
  attach,
  attachCrossAccount,
  backbone,
  china,
  codeFor,
  crossAccount,
  ecd,
  lumen,
  newNetwork,
  officeSites,
  send,
  singapore,
  verify,
  wrongCode,
  yuanfan,
} from './test/networks.ts'

test('on the international site, the code goes to the mailbox of the CEN’s owner', async () => {
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

test('on the China site, the code goes to the phone of the CEN’s owner', async () => {
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
  ['a string', `{"cenOwnerId": "${lumen.ownerId}", "cenId": "${lumen.cenId}"}`],
  ['a number, capitalized key', `{"CenOwnerId": ${lumen.ownerId}, "CenId": "${lumen.cenId}"}`],
  ['a string, capitalized key', `{"CenOwnerId": "${lumen.ownerId}", "CenId": "${lumen.cenId}"}`],
])('the owner ID keeps its digits: %s', async (_form, info) => {
  const { sandbox, control } = await startForTest()
  await send(sandbox, info)
  expect(await control.messages()).toMatchObject([{ accountId: lumen.ownerId }])
})

test.each([lumen, yuanfan])('the owner ID $ownerId would be rounded as a number', ({ ownerId }) => {
  expect(ownerId).toMatch(/^\d{16}$/)
  expect(String(Number(ownerId))).not.toBe(ownerId)
})

test('a send with a rounded or wrong owner is accepted, but nothing is sent', async () => {
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

test('a send for a CEN that is not the owner’s can be configured to be refused', async () => {
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

test('the CEN of a persona’s account works the same way; codes for an account’s own CEN go to itself', async () => {
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

test('an owner without a mailbox gets no code, but the send succeeds', async () => {
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
])('a send with action "%s" and ExtraInfo "%s" is refused', async (VerifyCodeAction, ExtraInfo, code) => {
  const { sandbox } = await startForTest()
  const refused = await refusal(ecd(sandbox, 'SendVerifyCode', { VerifyCodeAction, ExtraInfo }))
  expect(refused).toMatchObject({ code, status: 400 })
})

test('a check reports problems with HTTP status 200', async () => {
  const { sandbox, control } = await startForTest()
  const code = await codeFor(sandbox, control)
  for (const [query, status] of [
    [crossAccount(code), 'Access'],
    [{ ...crossAccount(code), CidrBlock: '10.12.0.0/16' }, 'Conflict'],
    [{ ...crossAccount(code), CenOwnerId: '9134520068812348' }, 'InvalidCen.CenUidInvalid'],
    [{ ...crossAccount(code), CenOwnerId: yuanfan.ownerId }, 'InvalidCen.CenUidInvalid'],
    [{ ...crossAccount(code), CenId: backbone }, 'InvalidCen.ParameterCenInstanceId'],
    [{ CenId: lumen.cenId }, 'InvalidCen.ParameterCenInstanceId'],
    [crossAccount(wrongCode(code)), 'VerifyCode.InvalidTokenCode'],
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

test('a conflict lists the routes and proposes three free ranges', async () => {
  const { sandbox, control } = await startForTest()
  const code = await codeFor(sandbox, control)
  const checked = await verify(sandbox, { ...crossAccount(code), CidrBlock: '10.12.0.0/16' })
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
  // The first candidate, 172.16.0.0/16, is used by a route.
  expect(checked.CidrBlocks).toEqual(['172.17.0.0/16', '172.18.0.0/16', '172.19.0.0/16'])
  for (const free of checked.CidrBlocks as string[]) {
    const again = await verify(sandbox, { ...crossAccount(code), CidrBlock: free })
    expect(again).toMatchObject({ Status: 'Access' })
    expect(again).not.toHaveProperty('CidrBlocks')
  }
})

test.each([
  ['intl-admin', lumen, ['ap-southeast-1', 'ap-northeast-1', 'eu-central-1'], 'Contact centre'],
  ['china-admin', yuanfan, ['cn-hangzhou', 'cn-shanghai', 'cn-beijing'], '客服中心'],
] as const)(
  '%s has exactly one network that conflicts with the other account’s routes',
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

test('checking the account’s own CEN requires no code', async () => {
  const { sandbox } = await startForTest()
  expect(await verify(sandbox, { CenId: backbone })).toMatchObject({ Status: 'Access' })
  const own = { CenId: backbone, CenOwnerId: admin.accountId }
  expect(await verify(sandbox, own)).toMatchObject({ Status: 'Access' })
  const unfinished = { CenId: 'cen-1z7vq3kx5wb9rt0m4d' }
  expect(await verify(sandbox, unfinished)).toMatchObject({ Status: 'InvalidCen.ParameterCenInstanceId' })
})

test('a check does not use up the code, unless configured otherwise', async () => {
  const keeping = await startForTest()
  const kept = await codeFor(keeping.sandbox, keeping.control)
  expect(await verify(keeping.sandbox, crossAccount(kept))).toMatchObject({ Status: 'Access' })
  await attachCrossAccount(keeping.sandbox, await newNetwork(keeping.control), kept)

  const using = await startForTest({ assumptions: { verifyCenUsesCode: true } })
  const used = await codeFor(using.sandbox, using.control)
  expect(await verify(using.sandbox, crossAccount(used))).toMatchObject({ Status: 'Access' })
  expect(
    await refusal(attachCrossAccount(using.sandbox, await newNetwork(using.control), used)),
  ).toMatchObject({
    code: 'VerifyCode.InvalidTokenCode',
  })
})
