import { EnableResourceDirectoryRequest } from '@alicloud/resourcemanager20200331'
import { describe, expect, test } from 'vitest'
import type { Sandbox } from './index.ts'
import { call, persona, popCore, refusal, resourceManager, startForTest } from './test/clients.ts'
import {
  current,
  directoryOf,
  dry,
  enable,
  expectNoDirectory,
  managerOf,
  name,
  newManager,
  oliver,
  phone,
  requestIdOnly,
  sendEnableCode,
  suffix,
  wrongOf,
} from './test/enabling.ts'

describe('enabling with a new management account', () => {
  test('the typed client creates the account; the caller’s account is its first member', async () => {
    const { sandbox, control } = await startForTest()
    const code = await sendEnableCode(sandbox, control)
    const client = resourceManager(sandbox, oliver)
    const enabled = await client.enableResourceDirectory(
      new EnableResourceDirectoryRequest({
        enableMode: 'NewManagementAccount',
        MAName: name,
        MASecureMobilePhone: phone,
        verificationCode: code,
      }),
    )
    const directory = enabled.body?.resourceDirectory
    expect(directory).toMatchObject({
      masterAccountId: expect.stringMatching(/^\d{16}$/),
      masterAccountName: name,
    })
    expect(directory?.masterAccountId).not.toBe(oliver.accountId)
    // The caller's account now belongs to the new directory: it may not list members or enable a directory.
    expect(await directoryOf(sandbox, oliver)).toMatchObject({
      ResourceDirectory: {
        ResourceDirectoryId: directory?.resourceDirectoryId,
        MasterAccountId: directory?.masterAccountId,
        MasterAccountName: name,
      },
    })
    expect(await refusal(call(sandbox, oliver, 'ResourceManager/ListAccounts'))).toMatchObject({
      code: 'EntityNotExists.ResourceDirectory',
    })
    for (const again of [sendEnableCode(sandbox, control), enable(sandbox, current)]) {
      expect(await refusal(again)).toMatchObject({ code: 'NotSupport.AccountInAnotherResourceDirectory' })
    }

    const manager = await managerOf(control)
    expect(await call(sandbox, manager, 'ResourceDirectoryMaster/ListAccounts')).toMatchObject({
      TotalCount: 1,
      Accounts: {
        Account: [
          {
            AccountId: oliver.accountId,
            AccountName: oliver.accountName,
            Type: 'CloudAccount',
            Status: 'InviteSuccess',
            JoinMethod: 'invited',
            FolderId: directory?.rootFolderId,
          },
        ],
      },
    })
    expect(
      await call(sandbox, manager, 'ResourceDirectoryMaster/GetAccount', { AccountId: oliver.accountId }),
    ).toMatchObject({ Account: { HasSecureMobilePhone: true, Location: 'root' } })
    expect(await control.account(manager.accountId)).toMatchObject({
      name,
      phone,
      site: 'international',
      directoryId: directory?.resourceDirectoryId,
    })
  })

  test('its administrator is a persona with a public key and their own role', async () => {
    const { sandbox, control } = await startForTest()
    await enable(sandbox, newManager(await sendEnableCode(sandbox, control)), 'ResourceDirectoryMaster')
    const manager = await managerOf(control)
    expect(manager).toEqual({
      id: 'ma-ventures-root',
      kind: 'admin',
      keyId: 'SANDBOX-MA-VENTURES-ROOT',
      secret: 'sandbox-secret-ma-ventures-root',
      site: 'international',
      accountId: expect.stringMatching(/^\d{16}$/),
      accountName: name,
      company: 'Harbour Ventures Pte. Ltd.',
      userName: 'directory.admin',
      roleArn: `acs:ram::${manager.accountId}:role/muster-operator`,
    })
    expect(await popCore(sandbox, manager, 'Sts').request('GetCallerIdentity', {}, {})).toMatchObject({
      IdentityType: 'RAMUser',
      AccountId: manager.accountId,
      Arn: `acs:ram::${manager.accountId}:user/directory.admin`,
    })
    const { Credentials } = await call(sandbox, manager, 'Sts/AssumeRole', {
      RoleArn: manager.roleArn ?? '',
      RoleSessionName: 'directory.admin',
    })
    const { AccessKeyId, AccessKeySecret, SecurityToken } = Credentials as Record<string, string>
    const session = { keyId: AccessKeyId ?? '', secret: AccessKeySecret ?? '', securityToken: SecurityToken }
    expect(await call(sandbox, session, 'ResourceManager/ListAccounts')).toMatchObject({ TotalCount: 1 })
    // No other user may assume that role.
    const stranger = call(sandbox, persona('intl-admin'), 'Sts/AssumeRole', {
      RoleArn: manager.roleArn ?? '',
      RoleSessionName: 'wei.tan',
    })
    expect(await refusal(stranger)).toMatchObject({ code: 'NoPermission' })
  })

  test('without a number, the code and the new account use the account’s own phone', async () => {
    const { sandbox, control } = await startForTest()
    const { phone: own } = await control.account(oliver.accountId)
    const code = await sendEnableCode(sandbox, control, null)
    await enable(sandbox, newManager(code, { MASecureMobilePhone: '' }))
    expect(await control.account((await managerOf(control)).accountId)).toMatchObject({ phone: own })
  })

  test('an account with only a mailbox must pass a number', async () => {
    const { sandbox, control } = await startForTest()
    const code = await sendEnableCode(sandbox, control)
    await control.changeAccount(oliver.accountId, { phone: null })
    expect(await refusal(enable(sandbox, newManager(code, { MASecureMobilePhone: '' })))).toMatchObject({
      code: 'MissingSecureMobilePhone',
      status: 409,
    })
    expect(await enable(sandbox, newManager(code))).toHaveProperty('ResourceDirectory')
  })

  test.each(['', 'a', '-ab', 'ab-', 'a..b', 'a_-b', 'a b', 'ä-root', 'a'.repeat(51)])(
    'the prefix "%s" is invalid and costs no attempt',
    async (prefix) => {
      const { sandbox, control } = await startForTest({ assumptions: { wrongAttemptsMax: 1 } })
      const code = await sendEnableCode(sandbox, control)
      const named = (MAName: string) => enable(sandbox, newManager(code, { MAName }))
      for (const bad of [prefix + suffix, 'ventures@rdadmin.aliyunid.com.example', 'ventures']) {
        expect(await refusal(named(bad))).toMatchObject({
          code: 'InvalidParameter.ManagementAccountName',
          status: 409,
        })
      }
      expect(await named(name)).toHaveProperty('ResourceDirectory')
    },
  )

  test.each(['ab', 'a'.repeat(50), 'A1_b-c.2'])('the prefix "%s" is valid', async (prefix) => {
    const { sandbox, control } = await startForTest()
    await enable(sandbox, newManager(await sendEnableCode(sandbox, control), { MAName: prefix + suffix }))
    expect(await managerOf(control, `ma-${prefix}`)).toMatchObject({
      keyId: `SANDBOX-MA-${prefix.toUpperCase()}`,
    })
  })

  test('a name that is already used is refused, regardless of case', async () => {
    const { sandbox, control } = await startForTest()
    const taken = { code: 'InvalidParameter.ManagementAccountName.AlreadyUsed', status: 409 }
    const code = await sendEnableCode(sandbox, control)
    for (const MAName of [`directory${suffix}`, `Directory${suffix}`]) {
      expect(await refusal(enable(sandbox, newManager(code, { MAName })))).toMatchObject(taken)
    }
    await enable(sandbox, newManager(code))
    // An account that left its directory may enable one of its own, under another name.
    const jonas = persona('member')
    await control.removeMember(jonas.accountId)
    await control.changeAccount(jonas.accountId, { phone: '65-81234567' })
    const second = await sendEnableCode(sandbox, control, phone, jonas)
    expect(await refusal(enable(sandbox, newManager(second), 'ResourceManager', jonas))).toMatchObject(taken)
    const other = newManager(second, { MAName: `jonas${suffix}` })
    expect(await enable(sandbox, other, 'ResourceManager', jonas)).toHaveProperty('ResourceDirectory')
    const [first, last] = [await managerOf(control), await managerOf(control, 'ma-jonas')]
    expect(first.accountId).not.toBe(last.accountId)
    expect(await call(sandbox, first, 'ResourceManager/ListAccounts')).toMatchObject({ TotalCount: 1 })
  })

  test.each([
    ['a malformed number', '91234567', 'InvalidParameter.ManagementAccountSecurityInfo'],
    ['a number of the other site', '86-13800001234', 'InvalidParameter.ManagementAccountSecurityInfo'],
    ['a number the code was not sent to', '65-91234568', 'Invalid.VerificationCode'],
  ])('%s is refused as the number of the new account', async (_what, number, code) => {
    const { sandbox, control } = await startForTest()
    const sent = await sendEnableCode(sandbox, control)
    const asked = enable(sandbox, newManager(sent, { MASecureMobilePhone: number }))
    expect(await refusal(asked)).toMatchObject({ code, status: 409 })
    await expectNoDirectory(sandbox)
    expect(await enable(sandbox, newManager(sent))).toHaveProperty('ResourceDirectory')
  })

  test('a wrong, missing, older or expired code is refused', async () => {
    const { sandbox, control } = await startForTest()
    const invalid = { code: 'Invalid.VerificationCode', status: 409 }
    const older = await sendEnableCode(sandbox, control)
    const code = await sendEnableCode(sandbox, control)
    for (const bad of [wrongOf(code), '', ...(older === code ? [] : [older])]) {
      expect(await refusal(enable(sandbox, newManager(bad)))).toMatchObject(invalid)
    }
    await control.advance(901)
    expect(await refusal(enable(sandbox, newManager(code)))).toMatchObject(invalid)
    await expectNoDirectory(sandbox)
    expect((await control.messages()).map(({ voidBecause }) => voidBecause)).toEqual([
      undefined,
      'newer_code',
    ])
  })

  test('after too many wrong attempts the right code is refused; a new one is accepted', async () => {
    const { sandbox, control } = await startForTest({ limits: false })
    const code = await sendEnableCode(sandbox, control)
    for (let count = 0; count < 10; count++) await refusal(enable(sandbox, newManager(wrongOf(code))))
    expect(await refusal(enable(sandbox, newManager(code)))).toMatchObject({
      code: 'Invalid.VerificationCode',
    })
    const next = await sendEnableCode(sandbox, control)
    expect(await enable(sandbox, newManager(next))).toHaveProperty('ResourceDirectory')
    expect((await control.messages())[0]).toMatchObject({ voidBecause: 'used' })
  })

  test('a code for enabling does not bind a phone', async () => {
    const { sandbox, control } = await startForTest()
    const [accountId = ''] = await control.addMembers('international', [{}])
    const code = await sendEnableCode(sandbox, control)
    const bound = call(sandbox, persona('intl-admin'), 'ResourceManager/BindSecureMobilePhone', {
      AccountId: accountId,
      SecureMobilePhone: phone,
      VerificationCode: code,
    })
    expect(await refusal(bound)).toMatchObject({ code: 'Invalid.VerificationCode' })
  })
})

describe('a dry run with a new management account', () => {
  const dryRun = (sandbox: Sandbox, code: string, other = {}) =>
    enable(sandbox, newManager(code, { ...dry, ...other }), 'ResourceDirectoryMaster')

  test('checks everything, including the code, and changes neither code nor account', async () => {
    const { sandbox, control } = await startForTest()
    const code = await sendEnableCode(sandbox, control)
    expect(await refusal(dryRun(sandbox, ''))).toMatchObject({ code: 'Invalid.VerificationCode' })
    expect(await refusal(dryRun(sandbox, wrongOf(code)))).toMatchObject({
      code: 'Invalid.VerificationCode',
    })
    expect(await refusal(dryRun(sandbox, code, { MAName: `directory${suffix}` }))).toMatchObject({
      code: 'InvalidParameter.ManagementAccountName.AlreadyUsed',
    })
    expect(await dryRun(sandbox, code)).toEqual(requestIdOnly)
    await expectNoDirectory(sandbox)
    expect(await control.personas()).toHaveLength(6)
    expect(await enable(sandbox, newManager(code))).toHaveProperty('ResourceDirectory')
  })

  test('a wrong code costs an attempt', async () => {
    const { sandbox, control } = await startForTest({ assumptions: { wrongAttemptsMax: 1 } })
    const code = await sendEnableCode(sandbox, control)
    await refusal(dryRun(sandbox, wrongOf(code)))
    expect(await refusal(enable(sandbox, newManager(code)))).toMatchObject({
      code: 'Invalid.VerificationCode',
    })
  })

  test('uses the code up if that is assumed', async () => {
    const { sandbox, control } = await startForTest({ assumptions: { dryRunUsesCode: true } })
    const code = await sendEnableCode(sandbox, control)
    expect(await dryRun(sandbox, code)).toEqual(requestIdOnly)
    expect(await refusal(enable(sandbox, newManager(code)))).toMatchObject({
      code: 'Invalid.VerificationCode',
    })
    await expectNoDirectory(sandbox)
  })
})
