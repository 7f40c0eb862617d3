import {
  BindSecureMobilePhoneRequest,
  SendVerificationCodeForBindSecureMobilePhoneRequest,
} from '@alicloud/resourcemanager20200331'
import { expect, test } from 'vitest'
import {
  bind,
  call,
  newMember,
  persona,
  refusal,
  resourceManager,
  sendCode,
  startForTest,
} from './test/clients.ts'

const admin = persona('intl-admin')
const phone = '65-91234567'
const send = 'ResourceManager/SendVerificationCodeForBindSecureMobilePhone'
const wrongCode = (code: string) => (code === '000000' ? '000001' : '000000')

test('the typed client sends a code and binds the phone with it', async () => {
  const { sandbox, control } = await startForTest()
  const accountId = await newMember(control)
  const client = resourceManager(sandbox, admin)
  const before = Date.now()
  const sent = await client.sendVerificationCodeForBindSecureMobilePhone(
    new SendVerificationCodeForBindSecureMobilePhoneRequest({ accountId, secureMobilePhone: phone }),
  )
  const expirationDate = sent.body?.expirationDate ?? ''
  expect(expirationDate).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  expect(Date.parse(expirationDate) - before).toBeGreaterThanOrEqual(900_000)
  const [message] = await control.messages({ to: phone })
  expect(message).toMatchObject({
    channel: 'sms',
    to: phone,
    operation: 'SendVerificationCodeForBindSecureMobilePhone',
    accountId,
    code: expect.stringMatching(/^\d{6}$/),
    expiresAt: expirationDate,
  })
  const bound = await client.bindSecureMobilePhone(
    new BindSecureMobilePhoneRequest({
      accountId,
      secureMobilePhone: phone,
      verificationCode: message?.code,
    }),
  )
  expect(bound.body?.requestId).toBeTruthy()
  expect(await control.member(accountId)).toMatchObject({ securePhone: phone })
  const read = await call(sandbox, admin, 'ResourceDirectoryMaster/GetAccount', { AccountId: accountId })
  expect(read.Account).toMatchObject({ HasSecureMobilePhone: true })
})

test('both products send and bind', async () => {
  const { sandbox, control } = await startForTest()
  const query = { AccountId: await newMember(control), SecureMobilePhone: phone }
  await call(sandbox, admin, 'ResourceDirectoryMaster/SendVerificationCodeForBindSecureMobilePhone', query)
  const [message] = await control.messages()
  const bound = { ...query, VerificationCode: message?.code ?? '' }
  expect(await call(sandbox, admin, 'ResourceDirectoryMaster/BindSecureMobilePhone', bound)).toEqual({
    RequestId: expect.any(String),
  })
})

test('a second bind is refused: an existing phone cannot be changed', async () => {
  const { sandbox, control } = await startForTest()
  const accountId = await newMember(control, { phone: '65-81112222' })
  // A send to such a member succeeds; only the bind is refused.
  const code = await sendCode(sandbox, control, accountId, phone)
  const refused = await refusal(bind(sandbox, accountId, phone, code))
  expect(refused).toMatchObject({ code: 'AccountSecureMobileAlreadyExists', status: 409 })
  expect(await control.member(accountId)).toMatchObject({ securePhone: '65-81112222' })
})

test('a wrong code, another number and a used code give the same error', async () => {
  const { sandbox, control } = await startForTest()
  const accountId = await newMember(control)
  const code = await sendCode(sandbox, control, accountId, phone)
  const invalid = {
    code: 'Invalid.VerificationCode',
    status: 409,
    message: 'The verification code is invalid.',
  }
  expect(await refusal(bind(sandbox, accountId, phone, wrongCode(code)))).toMatchObject(invalid)
  expect(await refusal(bind(sandbox, accountId, '65-91234568', code))).toMatchObject(invalid)
  expect(await refusal(bind(sandbox, await newMember(control), phone, code))).toMatchObject(invalid)
  await bind(sandbox, accountId, phone, code)
  await control.changeMember(accountId, { phone: null })
  expect(await refusal(bind(sandbox, accountId, phone, code))).toMatchObject(invalid)
})

test('a code is valid for 15 minutes by the sandbox clock', async () => {
  const { sandbox, control } = await startForTest()
  const [early, late] = [await newMember(control), await newMember(control)]
  const earlyCode = await sendCode(sandbox, control, early, phone)
  const lateCode = await sendCode(sandbox, control, late, phone)
  await control.advance(890)
  await bind(sandbox, early, phone, earlyCode)
  await control.advance(10)
  expect(await refusal(bind(sandbox, late, phone, lateCode))).toMatchObject({
    code: 'Invalid.VerificationCode',
  })
})

test('a new code voids the older one, unless configured otherwise', async () => {
  const voiding = await startForTest()
  const first = await newMember(voiding.control)
  const older = await sendCode(voiding.sandbox, voiding.control, first, phone)
  const newer = await sendCode(voiding.sandbox, voiding.control, first, phone)
  if (older !== newer) {
    expect(await refusal(bind(voiding.sandbox, first, phone, older))).toMatchObject({
      code: 'Invalid.VerificationCode',
    })
  }
  await bind(voiding.sandbox, first, phone, newer)

  const keeping = await startForTest({ assumptions: { newCodeVoidsOlder: false } })
  const second = await newMember(keeping.control)
  const kept = await sendCode(keeping.sandbox, keeping.control, second, phone)
  await sendCode(keeping.sandbox, keeping.control, second, phone)
  await bind(keeping.sandbox, second, phone, kept)
})

test('after 10 wrong attempts the right code is refused; a new code has all its attempts', async () => {
  const { sandbox, control } = await startForTest({ limits: false })
  const [almost, over] = [await newMember(control), await newMember(control)]
  const enterWrong = async (accountId: string, code: string, times: number) => {
    for (let count = 0; count < times; count += 1) {
      const refused = await refusal(bind(sandbox, accountId, phone, wrongCode(code)))
      expect(refused.code).toBe('Invalid.VerificationCode')
    }
  }
  const almostCode = await sendCode(sandbox, control, almost, phone)
  await enterWrong(almost, almostCode, 9)
  await bind(sandbox, almost, phone, almostCode)
  const overCode = await sendCode(sandbox, control, over, phone)
  await enterWrong(over, overCode, 10)
  expect(await refusal(bind(sandbox, over, phone, overCode))).toMatchObject({
    code: 'Invalid.VerificationCode',
  })
  await bind(sandbox, over, phone, await sendCode(sandbox, control, over, phone))
}, 20_000)

test('the number of wrong attempts can be configured', async () => {
  const { sandbox, control } = await startForTest({ assumptions: { wrongAttemptsMax: 1 } })
  const accountId = await newMember(control)
  const code = await sendCode(sandbox, control, accountId, phone)
  await refusal(bind(sandbox, accountId, phone, wrongCode(code)))
  expect(await refusal(bind(sandbox, accountId, phone, code))).toMatchObject({
    code: 'Invalid.VerificationCode',
  })
})

test('a member gets 100 codes in 24 hours by the sandbox clock; other members are not affected', async () => {
  const { sandbox, control } = await startForTest({ limits: false })
  const [busy, other] = [await newMember(control), await newMember(control)]
  const query = { AccountId: busy, SecureMobilePhone: phone }
  for (let count = 0; count < 100; count += 1) await call(sandbox, admin, send, query)
  expect(await refusal(call(sandbox, admin, send, query))).toMatchObject({
    code: 'SendValidateCodeExceedsLimitForAccount',
    status: 409,
  })
  await sendCode(sandbox, control, other, phone)
  await control.advance(86_401)
  await sendCode(sandbox, control, busy, phone)
})

test.each([
  ['intl-admin', '86-13900001234', 'InvalidParameter.MobileCountryCode', 409],
  ['china-admin', '65-91234567', 'InvalidParameter.MobileCountryCode', 409],
  ['china-admin', '852-51234567', 'InvalidParameter.MobileCountryCode', 409],
  ['intl-admin', '6591234567', 'InvalidSecureMobilePhone', 400],
  ['intl-admin', '65-9123 4567', 'InvalidSecureMobilePhone', 400],
] as const)('sending as %s to %s is refused', async (id, number, code, status) => {
  const { sandbox, control } = await startForTest()
  const [accountId = ''] = await control.addMembers(persona(id).site, [{}])
  const query = { AccountId: accountId, SecureMobilePhone: number }
  expect(await refusal(call(sandbox, persona(id), send, query))).toMatchObject({ code, status })
  expect(await control.messages()).toEqual([])
})

test('the China site binds 86 numbers and refuses numbers of the other site', async () => {
  const { sandbox, control } = await startForTest()
  const china = persona('china-admin')
  const [accountId = ''] = await control.addMembers('china', [{}])
  const refused = await refusal(bind(sandbox, accountId, '65-91234567', '123456', china))
  expect(refused).toMatchObject({ code: 'NotSupport.Site.Action', status: 400 })
  const code = await sendCode(sandbox, control, accountId, '86-13900001234', china)
  await bind(sandbox, accountId, '86-13900001234', code, china)
})

test.each([
  { type: 'CloudAccount', status: 'InviteSuccess' },
  { status: 'PromoteVerifying' },
  { status: 'PromoteSuccess' },
  { deletionStatus: 'Deleting' },
])('a code can be sent for a member with %o, but no phone can be bound', async (order) => {
  const { sandbox, control } = await startForTest()
  const accountId = await newMember(control, order)
  const code = await sendCode(sandbox, control, accountId, phone)
  const refused = await refusal(bind(sandbox, accountId, phone, code))
  expect(refused).toMatchObject({ code: 'AccountTypeMismatch', status: 409 })
})

test('unknown members, members of other directories and the management account are refused', async () => {
  const { sandbox, control } = await startForTest()
  const [otherMember = ''] = await control.addMembers('china', [{}])
  for (const [accountId, code] of [
    ['1999999999999999', 'NotSupport.AccountInAnotherResourceDirectory'],
    [otherMember, 'NotSupport.AccountInAnotherResourceDirectory'],
    [admin.accountId, 'EntityAlreadyExists.ResourceDirectory'],
  ] as const) {
    const query = { AccountId: accountId, SecureMobilePhone: phone }
    expect(await refusal(call(sandbox, admin, send, query))).toMatchObject({ code, status: 409 })
    expect(await refusal(bind(sandbox, accountId, phone, '123456'))).toMatchObject({ code, status: 409 })
  }
})

test('the root user and users of other accounts can neither send nor bind', async () => {
  const { sandbox, control } = await startForTest()
  const accountId = await newMember(control)
  for (const id of ['root', 'member', 'no-directory'] as const) {
    const query = { AccountId: accountId, SecureMobilePhone: phone }
    expect(await refusal(call(sandbox, persona(id), send, query))).toMatchObject({
      code: 'CallerIdentityError',
    })
    const refused = await refusal(bind(sandbox, accountId, phone, '123456', persona(id)))
    expect(refused).toMatchObject({ code: 'CallerIdentityError', status: 409 })
  }
})

test.each([
  [send, { SecureMobilePhone: phone }, 'MissingAccountId'],
  [send, { AccountId: '1999999999999999' }, 'MissingSecureMobilePhone'],
  [
    'ResourceManager/BindSecureMobilePhone',
    { AccountId: '1999999999999999', SecureMobilePhone: phone, VerificationCode: '' },
    'MissingVerificationCode',
  ],
] as const)('%s with %o lacks a required parameter', async (name, query, code) => {
  const { sandbox } = await startForTest()
  expect(await refusal(call(sandbox, admin, name, query))).toMatchObject({ code, status: 400 })
})
