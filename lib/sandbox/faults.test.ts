import { expect, test, vi } from 'vitest'
import { type FaultOrder, SandboxControlError } from './index.ts'
import { bind, call, newMember, persona, refusal, sendCode, startForTest } from './test/clients.ts'

const admin = persona('intl-admin')
const phone = '65-91234567'
const send = 'SendVerificationCodeForBindSecureMobilePhone'
const identity = 'Sts/GetCallerIdentity'

async function thrown(promise: Promise<unknown>): Promise<{ name: string; code?: string; message: string }> {
  return promise.then(
    () => {
      throw new Error('The call succeeded.')
    },
    (error) => error,
  )
}

test('a fault applies to its operation only, and as often as specified', async () => {
  const { sandbox, control } = await startForTest()
  const armed = await control.arm({ operation: 'GetCallerIdentity', fault: 'throttle', times: 2 })
  expect(await call(sandbox, admin, 'ResourceManager/GetResourceDirectory')).toHaveProperty(
    'ResourceDirectory',
  )
  expect(await control.faults()).toEqual([{ ...armed, timesLeft: 2 }])
  expect(await refusal(call(sandbox, admin, identity))).toMatchObject({
    code: 'Throttling.User',
    status: 400,
  })
  expect(await control.faults()).toMatchObject([{ timesLeft: 1 }])
  expect(await refusal(call(sandbox, admin, identity))).toMatchObject({ code: 'Throttling.User' })
  expect(await control.faults()).toEqual([])
  expect(await call(sandbox, admin, identity)).toHaveProperty('AccountId')
})

test('a fault can be limited to one product', async () => {
  const { sandbox, control } = await startForTest()
  await control.arm({ operation: 'ResourceDirectoryMaster/GetResourceDirectory', fault: 'unavailable' })
  expect(await call(sandbox, admin, 'ResourceManager/GetResourceDirectory')).toHaveProperty(
    'ResourceDirectory',
  )
  expect(await refusal(call(sandbox, admin, 'ResourceDirectoryMaster/GetResourceDirectory'))).toMatchObject({
    code: 'ServiceUnavailable',
    status: 503,
  })
})

test('a fault can match one member or one caller', async () => {
  const { sandbox, control } = await startForTest()
  const [hit, spared] = [await newMember(control), await newMember(control)]
  await control.arm({ operation: 'GetAccount', fault: 'unavailable', match: { accountId: hit } })
  const read = (accountId: string) =>
    call(sandbox, admin, 'ResourceManager/GetAccount', { AccountId: accountId })
  expect(await read(spared)).toHaveProperty('Account')
  expect(await refusal(read(hit))).toMatchObject({ code: 'ServiceUnavailable' })
  for (const caller of [admin.keyId, 'wei.tan']) {
    await control.arm({ operation: identity, fault: 'throttle', match: { caller } })
    expect(await call(sandbox, persona('read-only'), identity)).toHaveProperty('AccountId')
    expect(await refusal(call(sandbox, admin, identity))).toMatchObject({ code: 'Throttling.User' })
  }
})

test('code:<Code> returns the error documented for the operation', async () => {
  const { sandbox, control } = await startForTest()
  const bindName = 'ResourceManager/BindSecureMobilePhone'
  const accountId = await newMember(control)
  for (const [code, status, message] of [
    ['Invalid.EnterpriseName', 409, 'You must specify the enterprise name.'],
    ['NotSupport.Site.Action', 400, 'Site does not allow current action.'],
    [
      'InternalError',
      500,
      'The request processing has failed due to some unknown error, exception or failure.',
    ],
    ['MissingVerificationCode', 400, 'VerificationCode is mandatory for this action.'],
  ] as const) {
    await control.arm({ operation: bindName, fault: `code:${code}` })
    expect(await refusal(bind(sandbox, accountId, phone, '123456'))).toMatchObject({ code, status, message })
  }
  await control.arm({ operation: bindName, fault: 'code:NoPermission' })
  expect(await refusal(bind(sandbox, accountId, phone, '123456'))).toMatchObject({
    code: 'NoPermission',
    detail: { AuthAction: 'resourcemanager:BindSecureMobilePhone' },
  })
  await control.arm({ operation: bindName, fault: 'code:SignatureDoesNotMatch' })
  const echo = await refusal(bind(sandbox, accountId, phone, '123456'))
  expect(echo.message).toContain(`SecureMobilePhone=${phone}`)
  await control.arm({ operation: identity, fault: 'code:InternalError' })
  expect((await refusal(call(sandbox, admin, identity))).message).toContain('STS Server Internal Error')
})

test('html502 and empty make the official client fail, without effect', async () => {
  const { sandbox, control } = await startForTest()
  for (const fault of ['html502', 'empty']) {
    await control.arm({ operation: send, fault })
    expect((await thrown(sendCode(sandbox, control, await newMember(control), phone))).name).toBe(
      'SyntaxError',
    )
  }
  expect(await control.messages()).toEqual([])
  await control.arm({ operation: 'GetCallerIdentity', fault: 'html502' })
  const page = await fetch(`${sandbox.url}/?Action=GetCallerIdentity&Version=2015-04-01`)
  // The request was not signed, so the fault stays armed for one that is.
  expect(page.status).toBe(400)
  expect(await control.faults()).toHaveLength(1)
})

test.each(['html502', 'empty', 'reset', 'silent'])(
  '%s with effect: the code is sent, but the answer is not',
  async (fault) => {
    const { sandbox, control } = await startForTest()
    const accountId = await newMember(control)
    await control.arm({ operation: send, fault, effect: true })
    const query = { AccountId: accountId, SecureMobilePhone: phone }
    await thrown(call(sandbox, admin, `ResourceManager/${send}`, query, { timeoutMs: 300 }))
    const [message] = await control.messages({ accountId })
    expect(await control.calls({ operation: send })).toMatchObject([
      { outcome: fault, effect: true, target: accountId },
    ])
    expect(await bind(sandbox, accountId, phone, message?.code ?? '')).toHaveProperty('RequestId')
  },
)

test('reset breaks the connection, silent keeps it open; neither has an effect by default', async () => {
  const { sandbox, control } = await startForTest()
  const accountId = await newMember(control)
  const query = { AccountId: accountId, SecureMobilePhone: phone }
  await control.arm({ operation: send, fault: 'reset' })
  expect(await thrown(call(sandbox, admin, `ResourceManager/${send}`, query))).toMatchObject({
    code: 'ECONNRESET',
  })
  await control.arm({ operation: send, fault: 'silent' })
  const silent = await thrown(call(sandbox, admin, `ResourceManager/${send}`, query, { timeoutMs: 200 }))
  expect(silent.name).toBe('RequestTimeoutError')
  expect(await control.messages()).toEqual([])
  expect(await control.calls({ operation: send })).toMatchObject([
    { outcome: 'silent', effect: false },
    { outcome: 'reset', effect: false },
  ])
})

test('a fault with effect has none if the operation is refused', async () => {
  const { sandbox, control } = await startForTest()
  await control.arm({ operation: send, fault: 'empty', effect: true })
  const query = { AccountId: '1999999999999999', SecureMobilePhone: phone }
  await thrown(call(sandbox, admin, `ResourceManager/${send}`, query))
  expect(await control.calls({ operation: send })).toMatchObject([{ outcome: 'empty', effect: false }])
})

test('slow delays the answer, not the effect', async () => {
  const { sandbox, control } = await startForTest()
  const accountId = await newMember(control)
  await control.arm({ operation: send, fault: 'slow:60000', match: { accountId } })
  const query = { AccountId: accountId, SecureMobilePhone: phone }
  await thrown(call(sandbox, admin, `ResourceManager/${send}`, query, { timeoutMs: 200 }))
  expect(await control.messages({ accountId })).toHaveLength(1)
  await control.arm({ operation: 'GetCallerIdentity', fault: 'slow:50' })
  const before = performance.now()
  expect(await call(sandbox, admin, identity)).toHaveProperty('AccountId')
  expect(performance.now() - before).toBeGreaterThanOrEqual(45)
})

test('slow delays refusals, too', async () => {
  const { sandbox, control } = await startForTest()
  const target = '1999999999999999'
  await control.arm({ operation: send, fault: 'slow:60000', match: { accountId: target } })
  const query = { AccountId: target, SecureMobilePhone: phone }
  const late = thrown(call(sandbox, admin, `ResourceManager/${send}`, query, { timeoutMs: 90_000 }))
  await vi.waitFor(async () =>
    expect(await control.calls({ operation: send })).toMatchObject([
      { outcome: 'NotSupport.AccountInAnotherResourceDirectory', effect: false },
    ]),
  )
  expect(await Promise.race([late, 'waiting'])).toBe('waiting')
})

test('every answer can be delayed', async () => {
  const { sandbox } = await startForTest({ replyDelayMs: 40 })
  const before = performance.now()
  await call(sandbox, admin, identity)
  expect(performance.now() - before).toBeGreaterThanOrEqual(35)
})

test('faults can be disarmed, one or all', async () => {
  const { sandbox, control } = await startForTest()
  const first = await control.arm({ operation: 'GetCallerIdentity', fault: 'throttle' })
  await control.arm({ operation: 'GetCallerIdentity', fault: 'unavailable' })
  await control.disarm(first.id)
  expect(await control.faults()).toMatchObject([{ fault: 'unavailable' }])
  await expect(control.disarm(first.id)).rejects.toMatchObject({ status: 404, code: 'UnknownFault' })
  await control.disarmAll()
  expect(await call(sandbox, admin, identity)).toHaveProperty('AccountId')
})

test.each([
  [{ operation: 'MakeTea', fault: 'throttle' }, 'UnknownOperation'],
  [{ operation: 'Sts/GetAccount', fault: 'throttle' }, 'UnknownOperation'],
  [{ operation: 'GetAccount', fault: 'throtle' }, 'UnknownFault'],
  [{ operation: 'GetAccount', fault: 'slow:long' }, 'UnknownFault'],
  [{ operation: 'GetAccount', fault: 'code:AccountTypeMismatch' }, 'UnknownCode'],
  [{ operation: 'GetAccount', fault: 'code:MissingVerificationCode' }, 'UnknownCode'],
  [{ operation: 'GetAccount', fault: 'code:' }, 'UnknownFault'],
  [{ operation: 'GetAccount', fault: 'throttle', times: 0 }, 'InvalidField'],
  [{ operation: 'GetAccount', fault: 'throttle', effect: true }, 'InvalidField'],
  [{ operation: 'GetAccount', fault: 'silent', match: { account: '1' } }, 'UnknownField'],
  [{ operation: 'GetAccount', fault: 'silent', time: 3 }, 'UnknownField'],
])('the fault %o is refused', async (order, code) => {
  const { control } = await startForTest()
  const error = await thrown(control.arm(order as FaultOrder))
  expect(error).toBeInstanceOf(SandboxControlError)
  expect(error).toMatchObject({ status: 400, code })
  expect(await control.faults()).toEqual([])
})
