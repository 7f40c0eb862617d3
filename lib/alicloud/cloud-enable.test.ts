import { describe, expect, test } from 'vitest'
import { type Cloud, type EnablePlan, operations } from './index'
import { persona, sandboxOfTests, wrongFor } from './sandbox.fixture'
import { answer, credentials, failureOf, phone, wire } from './wire.fixture'

const sandbox = sandboxOfTests()
const { cloudFor, codeSentTo } = sandbox

const company = persona('no-directory')
const number = '65-91230031'
const accountName = 'ventures.admin@rdadmin.aliyunid.com'

async function planWithCode(cloud: Cloud, to: string | null): Promise<EnablePlan> {
  await cloud.sendEnableCode({ phone: to })
  const own = (await sandbox.control.account(company.accountId)).phone
  return { mode: 'new', accountName, phone: to, code: await codeSentTo(to ?? own ?? '') }
}

describe('enabling a directory', () => {
  test('with the current account, which becomes the management account', async () => {
    const cloud = cloudFor(company)
    const { requestId, directory } = await cloud.enableDirectory({ mode: 'current' })
    const [call] = await sandbox.control.calls({ operation: operations.enableDirectory.operation })
    expect(requestId).toBe(call?.requestId)
    expect(directory).toEqual({
      directoryId: expect.stringMatching(/^rd-/),
      rootFolderId: expect.stringMatching(/^r-/),
      managementAccountId: company.accountId,
      managementAccountName: company.accountName,
      company: null,
      createdAt: expect.any(Date),
    })
    expect(await cloud.directory()).toEqual({ ...directory, company: expect.stringMatching(/./) })
    expect((await failureOf(cloud.enableDirectory({ mode: 'current' }))).code).toBe('directory.exists')
    expect((await failureOf(cloud.sendEnableCode({ phone: null }))).code).toBe('directory.exists')
  })

  test.each([
    ['to a number', number],
    ["to the account's own number", null],
  ])('with a new account and a code sent %s', async (_, to) => {
    const cloud = cloudFor(company)
    const plan = await planWithCode(cloud, to)
    expect(await cloud.tryEnableDirectory(plan)).toEqual({ requestId: expect.any(String) })
    expect(await cloud.directory()).toBeNull()
    const { directory } = await cloud.enableDirectory(plan)
    expect(directory).toMatchObject({ managementAccountName: accountName })
    expect(directory.managementAccountId).toMatch(/^\d{16}$/)
    expect(directory.managementAccountId).not.toBe(company.accountId)
    expect(await cloud.directory()).toMatchObject({ managementAccountId: directory.managementAccountId })
    expect((await failureOf(cloud.enableDirectory(plan))).code).toBe('directory.member_elsewhere')
  })
})

describe('the dry run and the change fail alike', () => {
  const methods = ['tryEnableDirectory', 'enableDirectory'] as const

  test.each(methods)('with a wrong code, at its field: %s', async (method) => {
    const cloud = cloudFor(company)
    const plan = await planWithCode(cloud, number)
    if (plan.mode !== 'new') throw new Error('no code')
    expect(await failureOf(cloud[method]({ ...plan, code: wrongFor(plan.code) }))).toMatchObject({
      code: 'code.wrong_or_expired',
      executed: 'no',
      fields: { code: 'code.wrong_or_expired' },
    })
  })

  test.each(methods)('with an invalid name, at the field of its prefix: %s', async (method) => {
    const cloud = cloudFor(company)
    const plan = await planWithCode(cloud, number)
    const named = (name: string) => failureOf(cloud[method]({ ...plan, accountName: name } as EnablePlan))
    expect(await named('a..b@rdadmin.aliyunid.com')).toMatchObject({
      code: 'enable.name_invalid',
      fields: { namePrefix: 'enable.name_invalid' },
    })
  })

  test.each(methods)('with an account that is not verified: %s', async (method) => {
    const { control } = sandbox
    const refused = () => failureOf(cloudFor(company)[method]({ mode: 'current' }))
    await control.changeAccount(company.accountId, { enterpriseVerified: false })
    expect(await refused()).toMatchObject({
      code: 'account.enterprise_unverified',
      params: { operation: 'enable_directory' },
    })
    await control.changeAccount(company.accountId, {
      enterpriseVerified: true,
      phone: null,
      email: null,
    })
    expect((await refused()).code).toBe('account.security_info_missing')
  })
})

test('a number of the other site is refused at its field', async () => {
  expect(await failureOf(cloudFor(company).sendEnableCode({ phone: '86-13900000031' }))).toMatchObject({
    code: 'phone.country_not_allowed',
    params: { site: 'international' },
    fields: { phone: 'phone.country_not_allowed' },
  })
})

test('without a number, an account without a phone is refused', async () => {
  await sandbox.control.changeAccount(company.accountId, { phone: null })
  expect((await failureOf(cloudFor(company).sendEnableCode({ phone: null }))).code).toBe(
    'account.phone_missing',
  )
})

test('an account can be sent 100 codes a day', async () => {
  const cloud = cloudFor(company)
  for (let sent = 0; sent < 100; sent += 1) await cloud.sendEnableCode({ phone: number })
  expect(await failureOf(cloud.sendEnableCode({ phone: number }))).toMatchObject({
    code: 'send.day_limit',
    params: { operation: 'enable_directory' },
  })
})

describe('request parameters', () => {
  const requestId = 'C0FFEE00-1111-4222-8333-444455556666'
  const code = '004217'
  const enabled = {
    RequestId: requestId,
    ResourceDirectory: {
      ResourceDirectoryId: 'rd-abc123',
      RootFolderId: 'r-abc123',
      MasterAccountId: '9007199254740993',
      MasterAccountName: accountName,
      CreateTime: '2026-11-22T05:58:00Z',
    },
  }
  const plans: Array<[name: string, plan: EnablePlan, query: Record<string, string>]> = [
    ['with the current account', { mode: 'current' }, { EnableMode: 'CurrentAccount' }],
    [
      'with a new account and a number',
      { mode: 'new', accountName, phone, code },
      {
        EnableMode: 'NewManagementAccount',
        MAName: accountName,
        MASecureMobilePhone: phone,
        VerificationCode: code,
      },
    ],
    [
      "with a new account and the account's own number",
      { mode: 'new', accountName, phone: null, code },
      { EnableMode: 'NewManagementAccount', MAName: accountName, VerificationCode: code },
    ],
  ]

  test.each(plans)('%s: the dry run adds only DryRun', async (_, plan, query) => {
    const { cloud, queries } = await wire(answer(200, enabled))
    const { directory } = await cloud.enableDirectory(plan)
    expect(directory.managementAccountId).toBe('9007199254740993')
    await cloud.tryEnableDirectory(plan)
    expect(queries).toEqual([query, { ...query, DryRun: 'true' }])
  })

  test('a code for the account’s own number is requested without a number', async () => {
    const { cloud, queries } = await wire(answer(200, { RequestId: requestId }))
    expect(await cloud.sendEnableCode({ phone: null })).toEqual({ requestId })
    await cloud.sendEnableCode({ phone })
    expect(queries).toEqual([{}, { SecureMobilePhone: phone }])
  })

  test('secrets are removed from a vendor message that repeats the request', async () => {
    const text = `bad: ${phone}, 6591234567, 91234567, ${code}, ${credentials.securityToken}`
    const { cloud } = await wire(answer(400, { Code: 'Some.NewCode', Message: text, RequestId: requestId }))
    const plan: EnablePlan = { mode: 'new', accountName, phone, code }
    for (const method of ['enableDirectory', 'tryEnableDirectory'] as const) {
      expect((await failureOf(cloud[method](plan))).upstream?.message).toBe('bad: •••, •••, •••, •••, •••')
    }
    // A send does not know the code, so only the number is secret.
    const sending = await wire(answer(400, { Code: 'Some.NewCode', Message: `bad: ${phone}` }))
    expect((await failureOf(sending.cloud.sendEnableCode({ phone }))).upstream?.message).toBe('bad: •••')
  })

  test('a dry run without a response counts as a read, a change without one may have been executed', async () => {
    const { cloud } = await wire((request) => request.socket.resetAndDestroy())
    expect((await failureOf(cloud.tryEnableDirectory({ mode: 'current' }))).params).toEqual({
      call: 'reading',
    })
    expect(await failureOf(cloud.enableDirectory({ mode: 'current' }))).toMatchObject({
      executed: 'maybe',
      params: { call: 'change' },
    })
  })

  test('a success without a directory is not accepted', async () => {
    const { cloud } = await wire(answer(200, { RequestId: requestId }))
    expect(await failureOf(cloud.enableDirectory({ mode: 'current' }))).toMatchObject({
      code: 'cloud.not_understood',
      executed: 'maybe',
    })
  })
})
