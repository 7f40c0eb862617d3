import {
  EnableResourceDirectoryRequest,
  SendVerificationCodeForEnableRDRequest,
} from '@alicloud/resourcemanager20200331'
import { describe, expect, test } from 'vitest'
import type { AccountOrder } from './index.ts'
import { call, persona, refusal, resourceManager, startForTest } from './test/clients.ts'
import {
  current,
  directoryOf,
  dry,
  enable,
  enableOperation,
  expectNoDirectory,
  oliver,
  type Product,
  phone,
  products,
  requestIdOnly,
  send,
  sendEnableCode,
} from './test/enabling.ts'

describe('sending the code', () => {
  test('the typed client sends a code to the given number; the reply has no expiration date', async () => {
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

  test.each(products)('%s: without a number, the code goes to the account’s own phone', async (product) => {
    const { sandbox, control } = await startForTest()
    const { phone: own } = await control.account(oliver.accountId)
    expect(own).toMatch(/^65-/)
    expect(await call(sandbox, oliver, `${product}/${send}`)).toEqual(requestIdOnly)
    const empty = { SecureMobilePhone: '' }
    expect(await call(sandbox, oliver, `${product}/${send}`, empty)).toEqual(requestIdOnly)
    expect((await control.messages()).map(({ to }) => to)).toEqual([own, own])
  })

  test('an account without a phone must pass a number', async () => {
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
  ])('%s is refused on the international site', async (number, code, status) => {
    const { sandbox, control } = await startForTest()
    const sent = call(sandbox, oliver, `ResourceManager/${send}`, { SecureMobilePhone: number })
    expect(await refusal(sent)).toMatchObject({ code, status })
    expect(await control.messages()).toEqual([])
  })

  test.each(products)(
    '%s: an account that has a directory or belongs to one gets no code',
    async (product) => {
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
    },
  )

  test('an account gets at most 100 codes in 24 hours, whatever the numbers', async () => {
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

  test('sending and enabling are throttled', async () => {
    const { sandbox } = await startForTest()
    const throttled = async (count: number, one: () => Promise<unknown>) => {
      const settled = await Promise.allSettled(Array.from({ length: count }, one))
      const refused = settled.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []))
      const codes = await Promise.all(refused.map((reason) => refusal(Promise.reject(reason))))
      return codes.filter(({ code }) => code === 'Throttling.User').length
    }
    // So many that all of them would pass only if they took three seconds.
    expect(await throttled(20, () => call(sandbox, oliver, `ResourceManager/${send}`))).toBeGreaterThan(0)
    expect(await throttled(40, () => enable(sandbox, current))).toBeGreaterThan(0)
  })
})

describe('enabling with the current account', () => {
  test('the typed client gets the directory, which the account manages', async () => {
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

  test.each(products)('%s: enabling twice is refused, and so is a member', async (product) => {
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

  test('a dry run changes nothing and is logged without effect; ResourceManager ignores DryRun', async () => {
    const { sandbox, control } = await startForTest()
    const checked = await enable(sandbox, { ...current, ...dry }, 'ResourceDirectoryMaster')
    expect(checked).toEqual(requestIdOnly)
    expect(await control.calls()).toMatchObject([{ outcome: 'OK', effect: false, target: oliver.accountId }])
    await expectNoDirectory(sandbox)
    const bad = enable(sandbox, { ...current, DryRun: 'perhaps' }, 'ResourceDirectoryMaster')
    expect(await refusal(bad)).toMatchObject({ code: 'InvalidDryRun', status: 400 })
    // ResourceManager does not know the parameter and ignores it.
    expect(await enable(sandbox, { ...current, ...dry })).toHaveProperty('ResourceDirectory')
  })

  test('the mode must be one of the documented two', async () => {
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
    ['an individual’s account', 'ResourceDirectoryMaster', { profile: 'individual' }, 'Invalid.AccountType'],
    [
      'an individual’s account',
      'ResourceManager',
      { profile: 'individual' },
      'EnterpriseRealNameVerificationError',
    ],
  ])('%s: refused by %s, dry run included, until it is fixed', async (_what, product, change, code) => {
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

  test('a fault can match the account that enables', async () => {
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
