import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  EnableResourceDirectoryRequest,
  SendVerificationCodeForEnableRDRequest,
} from '@alicloud/resourcemanager20200331'
import { describe, expect, onTestFinished, test } from 'vitest'
import {
  type AccountOrder,
  connectSandbox,
  type Sandbox,
  type SandboxControl,
  startSandbox,
} from './index.ts'
import {
  call,
  type Key,
  persona,
  popCore,
  type Reply,
  refusal,
  resourceManager,
  startForTest,
} from './test/clients.ts'

const oliver = persona('no-directory')
const phone = '65-91234567'
const suffix = '@rdadmin.aliyunid.com'
const name = `ventures-root${suffix}`
const products = ['ResourceManager', 'ResourceDirectoryMaster'] as const
type Product = (typeof products)[number]
const send = 'SendVerificationCodeForEnableRD'
const enableOperation = 'EnableResourceDirectory'
const requestIdOnly = { RequestId: expect.any(String) }

/** Asks for a code and takes it from the inbox. */
async function sendEnableCode(
  sandbox: Sandbox,
  control: SandboxControl,
  to: string | null = phone,
  key: Key = oliver,
): Promise<string> {
  await call(sandbox, key, `ResourceManager/${send}`, to === null ? {} : { SecureMobilePhone: to })
  const [message] = await control.messages({ operation: send })
  if (!message) throw new Error('No message arrived.')
  return message.code
}

function enable(
  sandbox: Sandbox,
  query: Record<string, string>,
  product: Product = 'ResourceManager',
  key: Key = oliver,
): Promise<Reply> {
  return call(sandbox, key, `${product}/${enableOperation}`, query)
}

/** The parameters of a new management account. */
function anew(code: string, other: Record<string, string> = {}): Record<string, string> {
  return {
    EnableMode: 'NewManagementAccount',
    MAName: name,
    MASecureMobilePhone: phone,
    VerificationCode: code,
    ...other,
  }
}

const current = { EnableMode: 'CurrentAccount' }
const dry = { DryRun: 'true' }
const wrongOf = (code: string) => (code === '000000' ? '000001' : '000000')

const directoryOf = (sandbox: Sandbox, key: Key) =>
  call(sandbox, key, 'ResourceDirectoryMaster/GetResourceDirectory')

async function managerOf(control: SandboxControl, id = 'ma-ventures-root') {
  const found = (await control.personas()).find((one) => one.id === id)
  if (!found) throw new Error(`No persona ${id}`)
  return found
}

/** Nothing was enabled: the account may still be offered to. */
async function expectNoDirectory(sandbox: Sandbox, key: Key = oliver): Promise<void> {
  expect(await refusal(directoryOf(sandbox, key))).toMatchObject({ code: 'ResourceDirectoryNotInUse' })
}

describe('sending the code', () => {
  test('the typed client sends one to the number given, and is told no end of its life', async () => {
    const { sandbox, control } = await startForTest()
    const sent = await resourceManager(sandbox, oliver).sendVerificationCodeForEnableRD(
      new SendVerificationCodeForEnableRDRequest({ secureMobilePhone: phone }),
    )
    expect(sent.body?.toMap()).toEqual(requestIdOnly)
    const [message] = await control.messages({ accountId: oliver.accountId })
    expect(message).toMatchObject({
      channel: 'sms',
      to: phone,
      operation: send,
      accountName: oliver.accountName,
      code: expect.stringMatching(/^\d{6}$/),
    })
    const life = Date.parse(message?.expiresAt ?? '') - Date.parse(message?.sentAt ?? '')
    expect(life).toBe(900_000)
  })

  test.each(products)('%s: without a number it goes to the account’s own phone', async (product) => {
    const { sandbox, control } = await startForTest()
    const { phone: own } = await control.account(oliver.accountId)
    expect(own).toMatch(/^65-/)
    expect(await call(sandbox, oliver, `${product}/${send}`)).toEqual(requestIdOnly)
    const empty = { SecureMobilePhone: '' }
    expect(await call(sandbox, oliver, `${product}/${send}`, empty)).toEqual(requestIdOnly)
    expect((await control.messages()).map(({ to }) => to)).toEqual([own, own])
  })

  test('an account without a phone must give a number', async () => {
    const { sandbox, control } = await startForTest()
    await control.changeAccount(oliver.accountId, { phone: null })
    expect(await refusal(call(sandbox, oliver, `ResourceManager/${send}`))).toMatchObject({
      code: 'MissingSecureMobilePhone',
      status: 400,
    })
    expect(await sendEnableCode(sandbox, control)).toMatch(/^\d{6}$/)
  })

  test.each([
    ['86-13800001234', 'InvalidParameter.MobileCountryCode', 409],
    ['91234567', 'InvalidSecureMobilePhone', 400],
  ])('%s is refused at the international site', async (number, code, status) => {
    const { sandbox, control } = await startForTest()
    const sent = call(sandbox, oliver, `ResourceManager/${send}`, { SecureMobilePhone: number })
    expect(await refusal(sent)).toMatchObject({ code, status })
    expect(await control.messages()).toEqual([])
  })

  test.each(products)('%s: who has a directory or is a member of one gets no code', async (product) => {
    const { sandbox } = await startForTest()
    const asked = (id: string) =>
      refusal(call(sandbox, persona(id), `${product}/${send}`, { SecureMobilePhone: phone }))
    expect(await asked('intl-admin')).toMatchObject({
      code: 'EntityAlreadyExists.ResourceDirectory',
      status: 409,
    })
    expect(await asked('member')).toMatchObject({
      code: 'NotSupport.AccountInAnotherResourceDirectory',
      status: 409,
    })
    expect(await asked('read-only')).toMatchObject({
      code: 'NoPermission',
      detail: { AuthAction: `resourcemanager:${send}` },
    })
  })

  test('a hundred a day for the account, whatever the numbers; the day after it goes on', async () => {
    const { sandbox, control } = await startForTest({ limits: false })
    const sendTo = (last: number) => sendEnableCode(sandbox, control, `65-9123${1000 + last}`)
    for (let count = 0; count < 100; count++) await sendTo(count)
    expect(await refusal(sendTo(100))).toMatchObject({
      code: 'SendValidateCodeExceedsLimitForAccount',
      status: 409,
    })
    expect(await control.messages()).toHaveLength(100)
    await control.advance(86_400)
    expect(await sendTo(100)).toMatch(/^\d{6}$/)
  })

  test('five a second, and the enabling itself ten', async () => {
    const { sandbox } = await startForTest()
    const throttled = async (count: number, one: () => Promise<unknown>) => {
      const settled = await Promise.allSettled(Array.from({ length: count }, one))
      const refused = settled.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []))
      const codes = await Promise.all(refused.map((reason) => refusal(Promise.reject(reason))))
      return codes.filter(({ code }) => code === 'Throttling.User').length
    }
    // So many that they would have to take three seconds to all fit.
    expect(await throttled(20, () => call(sandbox, oliver, `ResourceManager/${send}`))).toBeGreaterThan(0)
    expect(await throttled(40, () => enable(sandbox, current))).toBeGreaterThan(0)
  })
})

describe('enabling with the current account', () => {
  test('the typed client gets the directory, and the account manages it', async () => {
    const { sandbox, control } = await startForTest()
    const client = resourceManager(sandbox, oliver)
    const enabled = await client.enableResourceDirectory(
      new EnableResourceDirectoryRequest({ enableMode: 'CurrentAccount' }),
    )
    const directory = enabled.body?.resourceDirectory
    expect(directory).toMatchObject({
      resourceDirectoryId: expect.stringMatching(/^rd-\w{6}$/),
      rootFolderId: expect.stringMatching(/^r-\w{6}$/),
      masterAccountId: oliver.accountId,
      masterAccountName: oliver.accountName,
      createTime: expect.stringMatching(/Z$/),
    })
    const read = await client.getResourceDirectory()
    expect(read.body?.resourceDirectory).toMatchObject({ ...directory })
    expect(await call(sandbox, oliver, 'ResourceDirectoryMaster/ListAccounts')).toMatchObject({
      TotalCount: 0,
    })
    const root = { FolderId: directory?.rootFolderId ?? '' }
    expect(await call(sandbox, oliver, 'ResourceManager/GetFolder', root)).toMatchObject({
      Folder: {
        FolderName: 'root',
        ResourceDirectoryPath: `${directory?.resourceDirectoryId}/${root.FolderId}`,
      },
    })
    expect(await control.account(oliver.accountId)).toMatchObject({
      directoryId: directory?.resourceDirectoryId,
    })
    expect(await control.personas()).toHaveLength(6)
  })

  test.each(products)('%s: a second time is refused, and so is a member', async (product) => {
    const { sandbox } = await startForTest()
    expect(await enable(sandbox, current, product)).toHaveProperty('ResourceDirectory')
    expect(await refusal(enable(sandbox, current, product))).toMatchObject({
      code: 'EntityAlreadyExists.ResourceDirectory',
      status: 409,
    })
    expect(await refusal(enable(sandbox, current, product, persona('member')))).toMatchObject({
      code: 'NotSupport.AccountInAnotherResourceDirectory',
      status: 409,
    })
    expect(await refusal(enable(sandbox, current, product, persona('read-only')))).toMatchObject({
      code: 'NoPermission',
    })
  })

  test('a dry run changes nothing and is no effect among the calls; ResourceManager has none', async () => {
    const { sandbox, control } = await startForTest()
    const tried = await enable(sandbox, { ...current, ...dry }, 'ResourceDirectoryMaster')
    expect(tried).toEqual(requestIdOnly)
    expect(await control.calls()).toMatchObject([{ outcome: 'OK', effect: false, target: oliver.accountId }])
    await expectNoDirectory(sandbox)
    const bad = enable(sandbox, { ...current, DryRun: 'perhaps' }, 'ResourceDirectoryMaster')
    expect(await refusal(bad)).toMatchObject({ code: 'InvalidDryRun', status: 400 })
    // A parameter that the other product does not know is ignored there.
    expect(await enable(sandbox, { ...current, ...dry })).toHaveProperty('ResourceDirectory')
  })

  test('the mode must be one of the two', async () => {
    const { sandbox } = await startForTest()
    expect(await refusal(enable(sandbox, {}))).toMatchObject({ code: 'MissingEnableMode', status: 400 })
    expect(await refusal(enable(sandbox, { EnableMode: 'Other' }))).toMatchObject({
      code: 'InvalidEnableMode',
      status: 400,
    })
  })

  test.each<[string, Product, AccountOrder, string]>([
    [
      'no verification',
      'ResourceManager',
      { enterpriseVerified: false },
      'EnterpriseRealNameVerificationError',
    ],
    [
      'no verification',
      'ResourceDirectoryMaster',
      { enterpriseVerified: false },
      'EnterpriseRealNameVerificationError',
    ],
    ['no company name', 'ResourceManager', { enterpriseName: null }, 'Invalid.EnterpriseName'],
    ['no company name', 'ResourceDirectoryMaster', { enterpriseName: null }, 'Invalid.EnterpriseName'],
    ['neither phone nor mailbox', 'ResourceManager', { phone: null, email: null }, 'MissingSecurityInfo'],
    [
      'neither phone nor mailbox',
      'ResourceDirectoryMaster',
      { phone: null, email: null },
      'MissingSecurityInfo',
    ],
    ['a person’s account', 'ResourceDirectoryMaster', { profile: 'individual' }, 'Invalid.AccountType'],
    [
      'a person’s account',
      'ResourceManager',
      { profile: 'individual' },
      'EnterpriseRealNameVerificationError',
    ],
  ])(
    '%s on %s is refused, in a dry run, too, until it is put right',
    async (_what, product, change, code) => {
      const { sandbox, control } = await startForTest()
      const before = await control.account(oliver.accountId)
      await control.changeAccount(oliver.accountId, change)
      for (const query of [current, { ...current, ...dry }]) {
        expect(await refusal(enable(sandbox, query, product))).toMatchObject({ code, status: 409 })
      }
      await expectNoDirectory(sandbox)
      const { enterpriseVerified, enterpriseName, profile, phone, email } = before
      await control.changeAccount(oliver.accountId, {
        enterpriseVerified,
        enterpriseName,
        profile,
        phone,
        email,
      })
      expect(await enable(sandbox, current, product)).toHaveProperty('ResourceDirectory')
    },
  )
})

describe('enabling with a new management account', () => {
  test('the typed client makes the account; the caller’s is its first member', async () => {
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
    // The caller's account now belongs to somebody else's directory, and may neither read nor enable one.
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

  test('its administrator is a persona with a public key and a role of their own', async () => {
    const { sandbox, control } = await startForTest()
    await enable(sandbox, anew(await sendEnableCode(sandbox, control)), 'ResourceDirectoryMaster')
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
    // Nobody else may take that role.
    const stranger = call(sandbox, persona('intl-admin'), 'Sts/AssumeRole', {
      RoleArn: manager.roleArn ?? '',
      RoleSessionName: 'wei.tan',
    })
    expect(await refusal(stranger)).toMatchObject({ code: 'NoPermission' })
  })

  test('without a number the code and the new account take the account’s own phone', async () => {
    const { sandbox, control } = await startForTest()
    const { phone: own } = await control.account(oliver.accountId)
    const code = await sendEnableCode(sandbox, control, null)
    await enable(sandbox, anew(code, { MASecureMobilePhone: '' }))
    expect(await control.account((await managerOf(control)).accountId)).toMatchObject({ phone: own })
  })

  test('an account that has a mailbox only must give a number', async () => {
    const { sandbox, control } = await startForTest()
    const code = await sendEnableCode(sandbox, control)
    await control.changeAccount(oliver.accountId, { phone: null })
    expect(await refusal(enable(sandbox, anew(code, { MASecureMobilePhone: '' })))).toMatchObject({
      code: 'MissingSecureMobilePhone',
      status: 409,
    })
    expect(await enable(sandbox, anew(code))).toHaveProperty('ResourceDirectory')
  })

  test.each(['', 'a', '-ab', 'ab-', 'a..b', 'a_-b', 'a b', 'ä-root', 'a'.repeat(51)])(
    'the prefix "%s" is no name, and costs no try',
    async (prefix) => {
      const { sandbox, control } = await startForTest({ assumptions: { wrongTriesMax: 1 } })
      const code = await sendEnableCode(sandbox, control)
      const named = (MAName: string) => enable(sandbox, anew(code, { MAName }))
      for (const bad of [prefix + suffix, 'ventures@rdadmin.aliyunid.com.example', 'ventures']) {
        expect(await refusal(named(bad))).toMatchObject({
          code: 'InvalidParameter.ManagementAccountName',
          status: 409,
        })
      }
      expect(await named(name)).toHaveProperty('ResourceDirectory')
    },
  )

  test.each(['ab', 'a'.repeat(50), 'A1_b-c.2'])('the prefix "%s" is a name', async (prefix) => {
    const { sandbox, control } = await startForTest()
    await enable(sandbox, anew(await sendEnableCode(sandbox, control), { MAName: prefix + suffix }))
    expect(await managerOf(control, `ma-${prefix}`)).toMatchObject({
      keyId: `SANDBOX-MA-${prefix.toUpperCase()}`,
    })
  })

  test('a name that somebody has is refused, in any case of its letters', async () => {
    const { sandbox, control } = await startForTest()
    const taken = { code: 'InvalidParameter.ManagementAccountName.AlreadyUsed', status: 409 }
    const code = await sendEnableCode(sandbox, control)
    for (const MAName of [`directory${suffix}`, `Directory${suffix}`]) {
      expect(await refusal(enable(sandbox, anew(code, { MAName })))).toMatchObject(taken)
    }
    await enable(sandbox, anew(code))
    // An account that leaves its directory may enable one of its own, under another name.
    const jonas = persona('member')
    await control.removeMember(jonas.accountId)
    await control.changeAccount(jonas.accountId, { phone: '65-81234567' })
    const second = await sendEnableCode(sandbox, control, phone, jonas)
    expect(await refusal(enable(sandbox, anew(second), 'ResourceManager', jonas))).toMatchObject(taken)
    const other = anew(second, { MAName: `jonas${suffix}` })
    expect(await enable(sandbox, other, 'ResourceManager', jonas)).toHaveProperty('ResourceDirectory')
    const [first, last] = [await managerOf(control), await managerOf(control, 'ma-jonas')]
    expect(first.accountId).not.toBe(last.accountId)
    expect(await call(sandbox, first, 'ResourceManager/ListAccounts')).toMatchObject({ TotalCount: 1 })
  })

  test.each([
    ['no number', '91234567', 'InvalidParameter.ManagementAccountSecurityInfo'],
    ['one of the other site', '86-13800001234', 'InvalidParameter.ManagementAccountSecurityInfo'],
    ['one the code was not sent to', '65-91234568', 'Invalid.VerificationCode'],
  ])('%s is refused as the number of the new account', async (_what, number, code) => {
    const { sandbox, control } = await startForTest()
    const sent = await sendEnableCode(sandbox, control)
    const asked = enable(sandbox, anew(sent, { MASecureMobilePhone: number }))
    expect(await refusal(asked)).toMatchObject({ code, status: 409 })
    await expectNoDirectory(sandbox)
    expect(await enable(sandbox, anew(sent))).toHaveProperty('ResourceDirectory')
  })

  test('a wrong code, none, an older one and one that ran out are refused', async () => {
    const { sandbox, control } = await startForTest()
    const invalid = { code: 'Invalid.VerificationCode', status: 409 }
    const older = await sendEnableCode(sandbox, control)
    const code = await sendEnableCode(sandbox, control)
    for (const bad of [wrongOf(code), '', ...(older === code ? [] : [older])]) {
      expect(await refusal(enable(sandbox, anew(bad)))).toMatchObject(invalid)
    }
    await control.advance(901)
    expect(await refusal(enable(sandbox, anew(code)))).toMatchObject(invalid)
    await expectNoDirectory(sandbox)
    expect((await control.messages()).map(({ voidBecause }) => voidBecause)).toEqual([
      undefined,
      'newer_code',
    ])
  })

  test('after too many wrong tries the right code is refused, too; a new one is taken', async () => {
    const { sandbox, control } = await startForTest({ limits: false })
    const code = await sendEnableCode(sandbox, control)
    for (let count = 0; count < 10; count++) await refusal(enable(sandbox, anew(wrongOf(code))))
    expect(await refusal(enable(sandbox, anew(code)))).toMatchObject({ code: 'Invalid.VerificationCode' })
    const next = await sendEnableCode(sandbox, control)
    expect(await enable(sandbox, anew(next))).toHaveProperty('ResourceDirectory')
    expect((await control.messages())[0]).toMatchObject({ voidBecause: 'used' })
  })

  test('a code for enabling binds no phone', async () => {
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
  const tryEnable = (sandbox: Sandbox, code: string, other = {}) =>
    enable(sandbox, anew(code, { ...dry, ...other }), 'ResourceDirectoryMaster')

  test('checks everything, the code as well, and leaves the code and the account as they are', async () => {
    const { sandbox, control } = await startForTest()
    const code = await sendEnableCode(sandbox, control)
    expect(await refusal(tryEnable(sandbox, ''))).toMatchObject({ code: 'Invalid.VerificationCode' })
    expect(await refusal(tryEnable(sandbox, wrongOf(code)))).toMatchObject({
      code: 'Invalid.VerificationCode',
    })
    expect(await refusal(tryEnable(sandbox, code, { MAName: `directory${suffix}` }))).toMatchObject({
      code: 'InvalidParameter.ManagementAccountName.AlreadyUsed',
    })
    expect(await tryEnable(sandbox, code)).toEqual(requestIdOnly)
    await expectNoDirectory(sandbox)
    expect(await control.personas()).toHaveLength(6)
    expect(await enable(sandbox, anew(code))).toHaveProperty('ResourceDirectory')
  })

  test('a wrong code costs a try', async () => {
    const { sandbox, control } = await startForTest({ assumptions: { wrongTriesMax: 1 } })
    const code = await sendEnableCode(sandbox, control)
    await refusal(tryEnable(sandbox, wrongOf(code)))
    expect(await refusal(enable(sandbox, anew(code)))).toMatchObject({ code: 'Invalid.VerificationCode' })
  })

  test('where it is so assumed, it uses the code up', async () => {
    const { sandbox, control } = await startForTest({ assumptions: { dryRunUsesCode: true } })
    const code = await sendEnableCode(sandbox, control)
    expect(await tryEnable(sandbox, code)).toEqual(requestIdOnly)
    expect(await refusal(enable(sandbox, anew(code)))).toMatchObject({ code: 'Invalid.VerificationCode' })
    await expectNoDirectory(sandbox)
  })
})

describe('faults', () => {
  test.each(['NotSupport.Account.Site', 'Invalid.AccountType'])(
    '%s is documented for ResourceDirectoryMaster only',
    async (code) => {
      const { sandbox, control } = await startForTest()
      const fault = `code:${code}`
      await control.arm({ operation: `ResourceDirectoryMaster/${enableOperation}`, fault })
      const refused = await refusal(enable(sandbox, current, 'ResourceDirectoryMaster'))
      expect(refused).toMatchObject({ code, status: 409 })
      const elsewhere = control.arm({ operation: `ResourceManager/${enableOperation}`, fault })
      await expect(elsewhere).rejects.toMatchObject({ code: 'UnknownCode' })
    },
  )

  test('one may wait for the account that enables', async () => {
    const { sandbox, control } = await startForTest()
    const match = { accountId: oliver.accountId }
    await control.arm({ operation: enableOperation, fault: 'throttle', match: { accountId: '1' } })
    await control.arm({ operation: enableOperation, fault: 'reset', match, effect: true })
    await expect(enable(sandbox, current)).rejects.toThrow()
    expect(await directoryOf(sandbox, oliver)).toMatchObject({
      ResourceDirectory: { MasterAccountId: oliver.accountId },
    })
    expect(await control.calls({ operation: enableOperation, target: oliver.accountId })).toMatchObject([
      { outcome: 'reset', effect: true },
    ])
  })
})

describe('what is kept', () => {
  async function stateFileOf(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'muster-sandbox-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    return join(folder, 'sandbox.json')
  }

  test('directories, accounts, personas and open codes survive a restart; a reset takes them back', async () => {
    const stateFile = await stateFileOf()
    const first = await startSandbox({ port: 0, stateFile })
    const before = connectSandbox(first.url)
    await enable(first, anew(await sendEnableCode(first, before)))
    const jonas = persona('member')
    await before.removeMember(jonas.accountId)
    await before.changeAccount(jonas.accountId, { email: 'jonas@example.com', phone })
    const open = await sendEnableCode(first, before, null, jonas)
    const [personas, directory] = [await before.personas(), await directoryOf(first, oliver)]
    await first.close()

    const { sandbox, control } = await startForTest({ stateFile })
    expect(await control.personas()).toEqual(personas)
    expect(await directoryOf(sandbox, oliver)).toEqual({ ...directory, RequestId: expect.any(String) })
    const manager = await managerOf(control)
    expect(await call(sandbox, manager, 'ResourceManager/ListAccounts')).toMatchObject({ TotalCount: 1 })
    expect(await control.account(jonas.accountId)).toMatchObject({ email: 'jonas@example.com', phone })
    await enable(sandbox, anew(open, { MAName: `jonas${suffix}` }), 'ResourceManager', jonas)

    await control.reset()
    await expectNoDirectory(sandbox)
    expect(await refusal(call(sandbox, manager, 'Sts/GetCallerIdentity'))).toMatchObject({
      code: 'InvalidAccessKeyId.NotFound',
    })
    await expect(control.account(manager.accountId)).rejects.toMatchObject({
      code: 'UnknownAccount',
      status: 404,
    })
    expect(await control.personas()).toHaveLength(6)
    expect(await control.account(jonas.accountId)).toMatchObject({ email: null, phone: null })
    // The name is free again, and leads to the same account.
    await enable(sandbox, anew(await sendEnableCode(sandbox, control)))
    expect(await managerOf(control)).toEqual(manager)
  })

  test('a state file of a version before this one is read', async () => {
    const stateFile = await stateFileOf()
    const first = await startSandbox({ port: 0, stateFile })
    await connectSandbox(first.url).advance(77)
    await first.close()
    const { accounts, enabledDirectories, ...older } = JSON.parse(await readFile(stateFile, 'utf8'))
    expect([accounts, enabledDirectories]).toEqual([[], []])
    await writeFile(stateFile, JSON.stringify(older))
    const { sandbox, control } = await startForTest({ stateFile })
    expect(await control.clock()).toMatchObject({ offsetSeconds: 77 })
    expect(await enable(sandbox, current)).toHaveProperty('ResourceDirectory')
  })
})

describe('accounts in the control API', () => {
  test('an account is read and changed, and what is no account or no field is refused', async () => {
    const { control } = await startForTest()
    const { accountId } = persona('china-admin')
    expect(await control.account(accountId)).toEqual({
      id: accountId,
      site: 'china',
      name: 'haigang_cloud',
      enterpriseVerified: true,
      enterpriseName: '海港集团有限公司',
      profile: 'enterprise',
      phone: expect.stringMatching(/^86-/),
      email: expect.stringContaining('@'),
      directoryId: expect.stringMatching(/^rd-/),
    })
    const changed = await control.changeAccount(accountId, {
      phone: '86-13900001234',
      enterpriseName: '海港',
    })
    expect(changed).toMatchObject({ phone: '86-13900001234', enterpriseName: '海港', profile: 'enterprise' })
    expect(await control.account(accountId)).toEqual(changed)
    for (const bad of [
      { phone: '65-91234567' },
      { profile: 'other' },
      { enterpriseVerified: 1 },
      { site: 'china' },
    ]) {
      await expect(control.changeAccount(accountId, bad as AccountOrder)).rejects.toMatchObject({
        status: 400,
      })
    }
    expect(await control.account(accountId)).toEqual(changed)
    await expect(control.account('1000000000000000')).rejects.toMatchObject({ code: 'UnknownAccount' })
    await expect(control.changeAccount('1000000000000000', {})).rejects.toMatchObject({ status: 404 })
  })
})
