import { expect, test } from 'vitest'
import { persona, type Refusal, refusal, startForTest } from './test/clients.ts'
import {
  attach,
  attachCrossAccount,
  backbone,
  codeFor,
  crossAccount,
  ecd,
  lumen,
  newNetwork,
  officeSite,
  officeSites,
  singapore,
  verify,
  wrongCode,
} from './test/networks.ts'

test('the account’s own CEN is attached without a code, and detached, by the sandbox clock', async () => {
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

test('another account’s CEN is attached with a code sent to its owner, which works once', async () => {
  const { sandbox, control } = await startForTest()
  const [one = '', two = ''] = await control.addNetworks('international', [{}, {}])
  const code = await codeFor(sandbox, control)
  await attachCrossAccount(sandbox, one, code)
  expect(await control.network(one)).toMatchObject({ cenId: lumen.cenId })
  expect(await control.messages()).toMatchObject([{ voidBecause: 'used' }])
  expect(await refusal(attachCrossAccount(sandbox, two, code))).toMatchObject({
    code: 'VerifyCode.InvalidTokenCode',
    status: 400,
  })
})

test('a code is valid for one account only', async () => {
  const { sandbox, control } = await startForTest()
  const code = await codeFor(sandbox, control, persona('no-directory'))
  expect(await refusal(attachCrossAccount(sandbox, await newNetwork(control), code))).toMatchObject({
    code: 'VerifyCode.InvalidTokenCode',
  })
})

test('a code expires after 15 minutes, and a newer one voids it', async () => {
  const { sandbox, control } = await startForTest()
  const id = await newNetwork(control)
  const late = await codeFor(sandbox, control)
  await control.advance(900)
  expect(await verify(sandbox, crossAccount(late))).toMatchObject({ Status: 'VerifyCode.InvalidTokenCode' })
  const older = await codeFor(sandbox, control)
  const newer = await codeFor(sandbox, control)
  if (older !== newer) {
    expect(await verify(sandbox, crossAccount(older))).toMatchObject({
      Status: 'VerifyCode.InvalidTokenCode',
    })
  }
  await attachCrossAccount(sandbox, id, newer)
})

test('checks and attaches share the wrong attempts; after too many the right code is refused', async () => {
  const { sandbox, control } = await startForTest({ assumptions: { wrongAttemptsMax: 3 } })
  const id = await newNetwork(control)
  const code = await codeFor(sandbox, control)
  const wrong = wrongCode(code)
  expect(await verify(sandbox, crossAccount(wrong))).toMatchObject({ Status: 'VerifyCode.InvalidTokenCode' })
  expect(await verify(sandbox, crossAccount(wrong))).toMatchObject({ Status: 'VerifyCode.InvalidTokenCode' })
  const refused = await refusal(attachCrossAccount(sandbox, id, wrong))
  expect(refused).toMatchObject({ code: 'VerifyCode.InvalidTokenCode', status: 400 })
  expect(await verify(sandbox, crossAccount(code))).toMatchObject({
    Status: 'VerifyCode.ReachTokenRetryTime',
  })
  expect(await refusal(attachCrossAccount(sandbox, id, code))).toMatchObject({
    code: 'VerifyCode.ReachTokenRetryTime',
    status: 400,
  })
  await attachCrossAccount(sandbox, id, await codeFor(sandbox, control))
})

test('a network can be attached despite overlapping routes', async () => {
  const { sandbox, control } = await startForTest()
  const id = await newNetwork(control, { cidrBlock: '10.12.64.0/20' })
  const code = await codeFor(sandbox, control)
  const checked = await verify(sandbox, { ...crossAccount(code), CidrBlock: '10.12.64.0/20' })
  expect(checked).toMatchObject({ Status: 'Conflict' })
  await attachCrossAccount(sandbox, id, code)
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
])('a network with %o cannot be attached', async (order, code) => {
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
])('a network with %o cannot be detached', async (order, code) => {
  const { sandbox, control } = await startForTest()
  const id = await newNetwork(control, order)
  expect(await refusal(ecd(sandbox, 'DetachCen', { OfficeSiteId: id }))).toMatchObject({ code, status: 400 })
})

test('an attach with a wrong CEN or owner, or without a code, is refused and does not use up the code', async () => {
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
  await attachCrossAccount(sandbox, id, code)
})

test('networks of other accounts and regions are not found', async () => {
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

test('the call log names the network or CEN, and faults can match it', async () => {
  const { sandbox, control } = await startForTest()
  const [hit = '', spared = ''] = await control.addNetworks('international', [{}, {}])
  await control.arm({ operation: 'AttachCen', fault: 'reset', effect: true, match: { accountId: hit } })
  const code = await codeFor(sandbox, control)
  await verify(sandbox, crossAccount(code))
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

test('every error of AttachCen can be triggered by a fault', async () => {
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
