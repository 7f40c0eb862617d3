import { inFlightTimeoutSeconds } from './console'
import { codeOf, expect, test } from './fixtures'
import { BindPage, wrongOf } from './flow-page'
import { en } from './messages'

const words = en.bind
const { flow } = en
const send = 'SendVerificationCodeForBindSecureMobilePhone'
const bind = 'BindSecureMobilePhone'

test.beforeEach(({ signedInAs }) => signedInAs('intl-admin'))

test.describe('why a phone cannot be bound is explained before any send', () => {
  for (const [what, order, title] of [
    ['a cloud account', { type: 'CloudAccount' as const }, /is a cloud account$/],
    ['a bound phone', { phone: '65-90000009' }, /already has a secure phone$/],
    ['an upgrade in progress', { status: 'PromoteVerifying' as const }, /does not allow binding$/],
  ] as const) {
    test(what, async ({ binding, page, newMember }) => {
      await binding.open(await newMember(order))
      await binding.shows(title)
      await expect(page.getByRole('link', { name: flow.openVendor })).toHaveAttribute(
        'href',
        /alibabacloud\.com/,
      )
      await binding.lacksButton(flow.send)
    })
  }
})

test.describe('a send that fails', () => {
  test('busy: nothing was sent, and a retry after the pause succeeds', async ({
    binding,
    cloud,
    newMember,
  }) => {
    const id = await newMember()
    await cloud.arm({ operation: send, fault: 'throttle', match: { accountId: id } })
    await binding.open(id)
    await binding.send('91234567')
    await expect(binding.failure).toContainText('not carried out')
    await expect(binding.numberField).toHaveValue('91234567')
    await binding.send()
    await binding.asksForCode()
  })

  test('keeps the step and what was typed, however long the response takes', async ({
    binding,
    cloud,
    newMember,
    clock,
  }) => {
    const id = await newMember()
    await cloud.arm({ operation: send, fault: 'slow:800', match: { accountId: id } })
    await binding.open(id)
    await expect(binding.numberField).toBeVisible()
    await cloud.removeMember(id)
    await binding.send('91234567')
    await expect.poll(() => cloud.calls({ operation: send, target: id })).toHaveLength(1)
    // Long enough for the page to poll the flow.
    await clock.runFor(20_000)
    await expect(binding.failure).toContainText('NotSupport.AccountInAnotherResourceDirectory')
    await expect(binding.numberField).toHaveValue('91234567')
  })

  test('is shown after a reload and to other operators, with who was refused, until a send is accepted', async ({
    binding,
    elsewhere,
    cloud,
    newMember,
  }) => {
    const id = await newMember()
    const code = 'SendValidateCodeExceedsLimitForAccount'
    await cloud.arm({ operation: send, fault: `code:${code}`, match: { accountId: id } })
    const second = await BindPage.in(await elsewhere('intl-admin'), id)
    await binding.open(id)
    await second.send('91234567')
    await expect(second.failure).toContainText(code)
    await expect(binding.failure).toContainText(code)
    await second.reload()
    await expect(second.failure).toContainText(/Refused at .+ when you requested a code/)
    await binding.send('91234567')
    await binding.asksForCode()
    await expect(binding.failure).toHaveCount(0)
  })

  test('because the session ended is shown once, and the page stops polling', async ({
    binding,
    page,
    cloud,
    newMember,
    clock,
  }) => {
    const id = await newMember()
    await cloud.arm({
      operation: send,
      fault: 'code:InvalidSecurityToken.Expired',
      match: { accountId: id },
    })
    await binding.open(id)
    await binding.send('91234567')
    await expect(binding.failure).toContainText('InvalidSecurityToken.Expired')
    const asked: string[] = []
    page.on('request', (request) => asked.push(new URL(request.url()).pathname))
    await clock.runFor(20_000)
    expect(asked).not.toContain(`/api/members/${id}/phone`)
    await expect(binding.failure).toHaveCount(1)
  })

  test('silent: unknown, never repeated; the code that arrives is accepted', async ({
    binding,
    page,
    cloud,
    newMember,
  }) => {
    const id = await newMember()
    await cloud.arm({ operation: send, fault: 'silent', effect: true, match: { accountId: id } })
    await binding.open(id)
    await binding.send('91234567')
    await expect(page.getByText(flow.code.unknownTitle)).toBeVisible()
    await expect(page.getByText(flow.life.unknown)).toBeVisible()
    await binding.bind(await codeOf(cloud, id))
    await binding.isBound()
    expect(await cloud.calls({ operation: send, target: id })).toHaveLength(1)
  })

  test('unavailable: a 503 leaves the outcome unknown, too', async ({ binding, page, cloud, newMember }) => {
    const id = await newMember()
    await cloud.arm({ operation: send, fault: 'unavailable', match: { accountId: id } })
    await binding.open(id)
    await binding.send('91234567')
    await expect(page.getByText(flow.code.unknownTitle)).toBeVisible()
    expect(await cloud.calls({ operation: send, target: id })).toHaveLength(1)
  })

  test('unknown: another send must be confirmed', async ({ binding, page, cloud, newMember }) => {
    const id = await newMember()
    await cloud.arm({ operation: send, fault: 'reset', effect: false, match: { accountId: id } })
    await binding.open(id)
    await binding.send('91234567')
    await expect(page.getByText(flow.code.unknownTitle)).toBeVisible()
    await cloud.advance(60)
    await page.reload()
    await binding.sendAgain()
    const dialog = page.getByRole('dialog', { name: /^Send another code to/ })
    await dialog.getByRole('button', { name: en.common.cancel }).click()
    expect(await cloud.calls({ operation: send, target: id })).toHaveLength(1)
    await binding.sendAgain()
    await dialog.getByRole('button', { name: flow.againUnknown.send }).click()
    await expect(page.getByText(/^Accepted for sending to/)).toBeVisible()
    expect(await cloud.calls({ operation: send, target: id })).toHaveLength(2)
  })
})

test.describe('a bind that fails', () => {
  test('bound elsewhere meanwhile: shows the refusal and where the phone can be changed', async ({
    binding,
    page,
    cloud,
    newMember,
  }) => {
    const id = await newMember()
    await binding.start(id)
    await cloud.changeMember(id, { phone: '65-90001111' })
    await binding.bind(await codeOf(cloud, id))
    await binding.shows(/already has a secure phone$/)
    await expect(binding.failure).toContainText('AccountSecureMobileAlreadyExists')
    await expect(binding.failure).toContainText(words.blocked.elsewhere)
    await expect(page.getByText('Stopped at step 2 of 3')).toBeVisible()
    await expect(binding.currentStep).toContainText(flow.steps.code)
    await expect(page.getByRole('link', { name: flow.openVendor })).toBeVisible()
  })

  test('a wrong code is not shown as the reason when someone else binds afterwards', async ({
    binding,
    page,
    elsewhere,
    cloud,
    newMember,
  }) => {
    const id = await newMember()
    await binding.start(id)
    await binding.bind(wrongOf(await codeOf(cloud, id)))
    await expect(page.getByText('9 attempts left')).toBeVisible()
    await cloud.changeMember(id, { phone: '65-90001111' })
    const second = await BindPage.in(await elsewhere('intl-admin'), id)
    await second.bind(await codeOf(cloud, id))
    await binding.shows(/already has a secure phone$/)
    await expect(binding.failure).toHaveCount(0)
    await expect(page.getByText(flow.blocked.note)).toBeVisible()
  })

  test('silent, with effect: found by reconciling, without a claim about the number', async ({
    binding,
    page,
    cloud,
    newMember,
  }) => {
    const id = await newMember()
    await binding.start(id)
    await cloud.arm({ operation: bind, fault: 'silent', effect: true, match: { accountId: id } })
    await binding.bind(await codeOf(cloud, id))
    await binding.shows(/now has a secure phone$/)
    await expect(page.getByText(words.done.foundWhy)).toBeVisible()
    await expect(page.getByText(flow.result.askedBy)).toBeVisible()
    await expect(page.getByText(words.done.by)).toHaveCount(0)
    await expect(binding.title(/^Phone bound to/)).toHaveCount(0)
    expect(await cloud.calls({ operation: bind, target: id })).toHaveLength(1)
  })

  test('no effect: checked until the in-flight timeout, then the code can be entered again', async ({
    binding,
    page,
    cloud,
    newMember,
  }) => {
    const id = await newMember()
    await binding.start(id)
    const code = await codeOf(cloud, id)
    await cloud.arm({ operation: bind, fault: 'reset', effect: false, match: { accountId: id } })
    await binding.bind(code)
    await binding.shows(words.checking.title)
    await binding.checkNow()
    await expect(page.getByText(words.checking.noPhoneYet)).toBeVisible()
    await cloud.advance(inFlightTimeoutSeconds + 1)
    await binding.checkNow()
    await binding.asksForCode()
    await expect(page.getByText(words.notBound.title)).toBeVisible()
    await expect(page.getByText(/^Alibaba Cloud did not confirm the bind request of [\d:]+/)).toBeVisible()
    await expect(binding.announced).toHaveText(words.announce.notBound)
    await binding.bind(code)
    await binding.isBound()
  })

  test('busy: the attempt is not counted', async ({ binding, page, cloud, newMember }) => {
    const id = await newMember()
    await binding.start(id)
    await cloud.arm({ operation: bind, fault: 'throttle', match: { accountId: id } })
    const code = await codeOf(cloud, id)
    await binding.bind(code)
    await expect(binding.failure).toContainText('not carried out')
    await binding.bind(wrongOf(code))
    await expect(page.getByText('9 attempts left')).toBeVisible()
  })
})
