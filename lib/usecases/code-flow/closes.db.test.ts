import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Operator } from '../actor'
import { enableDirectory, getEnableFlow, sendEnableCode } from '../enable'
import { attachNetwork, getAttachFlow, sendCenCode } from '../networks'
import { bindPhone, getBindFlow, sendCode } from '../phone'
import { failureOf, startTestConsole, type TestConsole } from '../testing'

let muster: TestConsole
let wei: Operator
beforeAll(async () => {
  muster = await startTestConsole()
  wei = await muster.signedInAs('intl-admin')
})
afterAll(() => muster.close())
afterEach(() => muster.sandbox.disarmAll())

const code = '123456'

/** Whether a change refused with this code closes the step, according to its reply, and the step that the flow shows. */
async function refusedWith(
  vendorCode: string,
  operation: string,
  act: () => Promise<boolean>,
  step: () => Promise<{ step: string }>,
) {
  await muster.sandbox.arm({ operation, fault: `code:${vendorCode}` })
  return { closes: await act(), step: (await step()).step }
}

describe('a refused change reports whether its step is closed', () => {
  test.each([
    ['AccountSecureMobileAlreadyExists', true],
    ['AccountTypeMismatch', true],
    ['NotSupport.Site.Action', true],
    ['EntityAlreadyExists.ResourceDirectory', true],
    ['NotSupport.AccountInAnotherResourceDirectory', true],
    ['Invalid.VerificationCode', false],
    ['InvalidSecureMobilePhone', false],
    ['NoPermission', false],
  ])('binding: %s closes: %s', async (vendorCode, closes) => {
    const memberId = await muster.newMember()
    const { request } = await sendCode.run(wei, { memberId, phone: '65-91234567' })
    const input = { memberId, requestId: request?.id ?? '', code }
    const seen = await refusedWith(
      vendorCode,
      'BindSecureMobilePhone',
      async () => (await failureOf(bindPhone, wei, input)).closes,
      () => getBindFlow.run(wei, { memberId }),
    )
    expect(seen.closes).toBe(closes)
    expect(seen.step === 'code').toBe(!closes)
  })

  test.each([
    ['EntityAlreadyExists.ResourceDirectory', true],
    ['NotSupport.AccountInAnotherResourceDirectory', true],
    ['InvalidVerificationCode', false],
    ['Throttling.User', false],
  ])('enabling with a code: %s closes: %s', async (vendorCode, closes) => {
    await muster.services.ledger.forgetAll()
    const oliver = await muster.signedInAs('no-directory')
    const { request } = await sendEnableCode.run(oliver, { namePrefix: 'ventures', phone: '65-91234567' })
    const input = { requestId: request?.id ?? '', code, confirmation: oliver.accountId }
    const seen = await refusedWith(
      vendorCode,
      'EnableResourceDirectory',
      async () => (await failureOf(enableDirectory, oliver, input)).closes,
      () => getEnableFlow.run(oliver, {}),
    )
    expect(seen.closes).toBe(closes)
    expect(seen.step === 'code').toBe(!closes)
  })

  test.each([
    ['InvalidCen.CenUidInvalid', true],
    ['InvalidCen.ParameterCenInstanceId', true],
    ['VerifyCode.InvalidTokenCode', false],
    ['Throttling.User', false],
  ])('attaching with a code: %s closes: %s', async (vendorCode, closes) => {
    await muster.services.ledger.forgetAll()
    const region = 'ap-southeast-1'
    const [networkId = ''] = await muster.sandbox.addNetworks('international', [{}], region)
    const at = { region, networkId }
    const { request } = await sendCenCode.run(wei, {
      ...at,
      ...{ cenId: 'cen-7ku2w9xq4mz81hvt3e', ownerId: '9134520068812347' },
    })
    const input = { ...at, requestId: request?.id ?? '', code }
    const seen = await refusedWith(
      vendorCode,
      'AttachCen',
      async () => (await failureOf(attachNetwork, wei, input)).closes,
      () => getAttachFlow.run(wei, at),
    )
    expect(seen.closes).toBe(closes)
    expect(seen.step === 'code').toBe(!closes)
  })

  test('without a code, only a refusal for the state of the target closes the step', async () => {
    const region = 'ap-southeast-1'
    const [networkId = ''] = await muster.sandbox.addNetworks('international', [{}], region)
    const input = { region, networkId, cenId: 'cen-5d0k7r2vq9xw3mzt81' }
    await muster.sandbox.arm({ operation: 'AttachCen', fault: 'code:InvalidCen.ParameterCenInstanceId' })
    expect(await failureOf(attachNetwork, wei, input)).toMatchObject({ code: 'cen.not_found', closes: false })
    await attachNetwork.run(wei, input)
    await muster.sandbox.advance(60)
    const again = await failureOf(attachNetwork, wei, input)
    expect(again).toMatchObject({ code: 'network.attached', closes: true })
  })

  test('without a code, any refusal ends the request', async () => {
    const region = 'ap-southeast-1'
    const [networkId = ''] = await muster.sandbox.addNetworks('international', [{}], region)
    await muster.sandbox.arm({ operation: 'AttachCen', fault: 'code:VerifyCode.InvalidTokenCode' })
    await failureOf(attachNetwork, wei, { region, networkId, cenId: 'cen-5d0k7r2vq9xw3mzt81' })
    expect(await getAttachFlow.run(wei, { region, networkId })).toMatchObject({
      step: 'choose',
      request: null,
    })
  })

  test('a code of a closed request closes the step', async () => {
    const memberId = await muster.newMember()
    const { request } = await sendCode.run(wei, { memberId, phone: '65-91234567' })
    await muster.services.ledger.forgetAll()
    const refused = await failureOf(bindPhone, wei, { memberId, requestId: request?.id ?? '', code })
    expect(refused).toMatchObject({ code: 'code.request_closed', closes: true })
  })
})
