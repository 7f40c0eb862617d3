import type { BrowserContext, Page } from '@playwright/test'
import type { SandboxControl } from '../lib/sandbox/index.ts'
import { settleSeconds } from './console'
import { codeOf, expect, failureOn, test } from './fixtures'
import { en } from './messages'

const words = en.bind
const { flow } = en
const send = 'SendVerificationCodeForBindSecureMobilePhone'
const bind = 'BindSecureMobilePhone'

test.beforeEach(({ signedInAs }) => signedInAs('intl-admin'))

async function openFlow(page: Page, memberId: string) {
  await page.goto(`/members/${memberId}/phone`)
}

async function sendTo(page: Page, number: string) {
  await page.getByLabel(flow.phone.label).fill(number)
  await page.getByRole('button', { name: flow.send }).click()
}

async function enter(page: Page, code: string) {
  await page.getByLabel(flow.code.label).fill(code)
  await page.getByRole('button', { name: words.bind }).click()
}

async function openIn(context: BrowserContext, memberId: string): Promise<Page> {
  const page = await context.newPage()
  await openFlow(page, memberId)
  return page
}

/** What the flow said aloud last. */
const announced = (page: Page) => page.locator('main [role=status]').first()

function calls(cloud: SandboxControl, operation: string, target: string) {
  return cloud.calls({ operation, target })
}

const codeHeading = { name: flow.code.title }
const wrongOf = (code: string) => (code === '000000' ? '111111' : '000000')

test('two clicks send one code', async ({ page, cloud, newMember }) => {
  const id = await newMember()
  await openFlow(page, id)
  await page.getByLabel(flow.phone.label).fill('91234567')
  await page.getByRole('button', { name: flow.send }).dblclick()
  await expect(page.getByRole('heading', codeHeading)).toBeVisible()
  // The step is drawn while the first of them is still on its way, too.
  await expect.poll(() => calls(cloud, send, id)).toHaveLength(1)
  await expect(page.getByRole('button', { name: /^Send again in/ })).toBeVisible()
  expect(await calls(cloud, send, id)).toHaveLength(1)
})

test('focus follows the steps, and each outcome is said aloud', async ({ page, cloud, newMember }) => {
  const id = await newMember()
  await openFlow(page, id)
  await page.getByRole('combobox', { name: flow.phone.country }).click()
  await page.getByPlaceholder(flow.phone.search).fill('86')
  await expect(page.getByText(flow.phone.chinaAbsent)).toBeVisible()
  await page.getByPlaceholder(flow.phone.search).fill('Malaysia')
  await page.getByRole('option', { name: /Malaysia/ }).click()
  await sendTo(page, '123456789')
  await expect(page.getByLabel(flow.code.label)).toBeFocused()
  await expect(announced(page)).toContainText(flow.announce.accepted)
  await expect(announced(page)).toContainText('The code is valid for 15 minutes more.')

  await page.getByRole('button', { name: words.changeNumber }).click()
  await expect(page.getByLabel(flow.phone.label)).toBeFocused()
  await expect(page.getByRole('combobox', { name: flow.phone.country })).toContainText('Malaysia')

  await cloud.advance(60)
  await page.getByLabel(flow.phone.label).fill('91234567')
  await page.getByRole('button', { name: flow.send, exact: true }).click()
  await expect(page.getByLabel(flow.code.label)).toBeFocused()
  await enter(page, await codeOf(cloud, id))
  await expect(page.getByRole('heading', { name: /^Phone bound to/ })).toBeFocused()
  await expect(announced(page)).toHaveText(words.announce.bound)
})

test('a wrong code keeps what was typed, tells the tries left, and the right one binds', async ({
  page,
  cloud,
  newMember,
}) => {
  const id = await newMember()
  await openFlow(page, id)
  await sendTo(page, '91234567')
  await expect(page.getByRole('heading', codeHeading)).toBeVisible()
  const code = await codeOf(cloud, id)
  await enter(page, wrongOf(code))
  await expect(page.getByText('9 tries left')).toBeVisible()
  await expect(page.getByLabel(flow.code.label)).toBeFocused()
  await expect(page.getByLabel(flow.code.label)).toHaveValue(wrongOf(code))
  await enter(page, code)
  await expect(page.getByRole('heading', { name: /^Phone bound to/ })).toBeVisible()
})

test('codes are taken as people paste them, and mistakes are told before any call', async ({
  page,
  cloud,
  newMember,
}) => {
  const id = await newMember()
  await openFlow(page, id)
  await sendTo(page, '91234567')
  await expect(page.getByRole('heading', codeHeading)).toBeVisible()
  for (const [typed, error] of [
    ['', en.fieldErrors.code.empty],
    ['12345', en.fieldErrors.code.too_short],
    ['1234567', en.fieldErrors.code.too_long],
    ['12a456', en.fieldErrors.code.not_digits],
  ] as const) {
    await enter(page, typed)
    await expect(page.getByText(error)).toBeVisible()
  }
  expect(await calls(cloud, bind, id)).toHaveLength(0)
  const code = await codeOf(cloud, id)
  const fullWidth = [...code].map((digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0)).join('')
  await enter(page, ` ${fullWidth.slice(0, 3)}–${fullWidth.slice(3)} `)
  await expect(page.getByRole('heading', { name: /^Phone bound to/ })).toBeVisible()
})

test('sending again waits for the cool-down that the server keeps, and only the newest code binds', async ({
  page,
  cloud,
  newMember,
}) => {
  const id = await newMember()
  await openFlow(page, id)
  await sendTo(page, '91234567')
  await expect(page.getByRole('button', { name: /^Send again in 0:[345]\d/ })).toBeVisible()
  const old = await codeOf(cloud, id)
  await page.reload()
  await expect(page.getByRole('button', { name: /^Send again in 0:[345]\d/ })).toBeVisible()
  await cloud.advance(60)
  await page.reload()
  await page.getByRole('button', { name: flow.again, exact: true }).click()
  await expect(page.getByText('send 2 in 24 hours')).toBeVisible()
  const code = await codeOf(cloud, id)
  if (old !== code) {
    await enter(page, old)
    await expect(page.getByText('9 tries left')).toBeVisible()
  }
  await enter(page, code)
  await expect(page.getByRole('heading', { name: /^Phone bound to/ })).toBeVisible()
})

test.describe('a number that is changed', () => {
  const stillOpen = (page: Page) =>
    page.getByText(/^You can still use the code sent to \+65-\*{4}4567 until it expires/)

  test('leaves the code good until a new one was accepted, and leads back to it', async ({
    page,
    cloud,
    newMember,
  }) => {
    const id = await newMember()
    await openFlow(page, id)
    await sendTo(page, '91234567')
    await expect(page.getByRole('heading', codeHeading)).toBeVisible()
    const code = await codeOf(cloud, id)
    const change = page.getByRole('button', { name: words.changeNumber })
    await change.click()
    await expect(page.getByRole('heading', { name: words.number.title })).toBeVisible()
    await expect(stillOpen(page)).toBeVisible()
    await page.getByLabel(flow.phone.label).fill('9876')
    const back = page.getByRole('button', { name: flow.stillOpen.back })
    await back.click()
    await page.getByRole('dialog').getByRole('button', { name: en.shell.leave.stay }).click()
    await expect(page.getByLabel(flow.phone.label)).toHaveValue('9876')
    await back.click()
    await page.getByRole('dialog').getByRole('button', { name: en.shell.leave.leave }).click()
    await expect(page.getByLabel(flow.code.label)).toBeFocused()

    // The step is this tab's own: nobody else is led back.
    await change.click()
    await expect(stillOpen(page)).toBeVisible()
    await page.reload()
    await expect(page.getByRole('heading', codeHeading)).toBeVisible()

    await change.click()
    await cloud.advance(60)
    await cloud.arm({ operation: send, fault: 'code:InvalidSecureMobilePhone', match: { accountId: id } })
    await page.getByLabel(flow.phone.label).fill('98765432')
    await page.getByRole('button', { name: flow.send, exact: true }).click()
    await expect(page.getByText(en.fieldErrors.phone.refused)).toBeVisible()
    await expect(stillOpen(page)).toBeVisible()
    await page.reload()
    await expect(failureOn(page)).toContainText(/when you asked for a code for \+65-\*{4}5432/)
    await expect(page.getByText('+65-****4567').first()).toBeVisible()
    await enter(page, code)
    await expect(page.getByRole('heading', { name: /^Phone bound to/ })).toBeVisible()
    expect((await cloud.member(id)).securePhone).toBe('65-91234567')
  })

  test('is the one that is bound once its code was sent', async ({ page, cloud, newMember }) => {
    const id = await newMember()
    await openFlow(page, id)
    await sendTo(page, '91234567')
    await page.getByRole('button', { name: words.changeNumber }).click()
    await cloud.advance(60)
    await page.getByLabel(flow.phone.label).fill('98765432')
    await page.getByRole('button', { name: flow.send, exact: true }).click()
    await expect(page.getByText('+65-****5432').first()).toBeVisible()
    await enter(page, await codeOf(cloud, id))
    await expect(page.getByRole('heading', { name: /^Phone bound to/ })).toBeVisible()
    expect((await cloud.member(id)).securePhone).toBe('65-98765432')
    expect(await calls(cloud, send, id)).toHaveLength(2)
  })

  test('after a send of unknown outcome, a new number can be sent to', async ({ page, cloud, newMember }) => {
    const id = await newMember()
    await cloud.arm({ operation: send, fault: 'reset', effect: true, match: { accountId: id } })
    await openFlow(page, id)
    await sendTo(page, '91234567')
    await expect(page.getByText(flow.code.unknownTitle)).toBeVisible()
    await page.getByRole('button', { name: words.changeNumber }).click()
    await expect(page.getByText(/^Whether the code was sent to \+65-\*{4}4567 is not known/)).toBeVisible()
    await cloud.advance(60)
    await page.getByLabel(flow.phone.label).fill('98765432')
    await page.getByRole('button', { name: flow.send, exact: true }).click()
    await expect(page.getByText('+65-****5432').first()).toBeVisible()
  })
})

test('a code is discarded by whoever sent it, and who may only look is told why not', async ({
  page,
  elsewhere,
  cloud,
  newMember,
  accessible,
}) => {
  const id = await newMember()
  await openFlow(page, id)
  await sendTo(page, '91234567')
  const other = await openIn(await elsewhere('read-only'), id)
  await expect(other.getByRole('heading', codeHeading)).toBeVisible()
  await expect(
    other.getByText(
      /^To discard this code, you must be wei\.tan, a console administrator, or an operator who sent a code/,
    ),
  ).toBeVisible()
  await expect(other.getByRole('button', { name: flow.discard.verb })).toHaveCount(0)

  await page.getByRole('button', { name: flow.discard.verb }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText(flow.discard.body)
  await accessible()
  await dialog.getByRole('button', { name: en.common.cancel }).click()
  await expect(page.getByRole('heading', codeHeading)).toBeVisible()
  await page.getByRole('button', { name: flow.discard.verb }).click()
  await dialog.getByRole('button', { name: flow.discard.confirm }).click()
  await expect(page.getByRole('heading', { name: words.number.title })).toBeVisible()
  await expect(page.getByText(/^You discarded it at /)).toBeVisible()
  await expect(other.getByText(/^wei\.tan discarded it at /)).toBeVisible()
  expect((await cloud.member(id)).securePhone).toBeUndefined()
  await page.goto(`/members/${id}`)
  await expect(page.getByText(/discarded by wei\.tan/)).toBeVisible()
})

test('a reload, and a second browser, find the same step', async ({ page, elsewhere, cloud, newMember }) => {
  const id = await newMember()
  await openFlow(page, id)
  await sendTo(page, '91234567')
  await expect(page.getByRole('heading', codeHeading)).toBeVisible()
  await page.reload()
  await expect(page.getByRole('heading', codeHeading)).toBeVisible()

  const second = await openIn(await elsewhere('intl-admin'), id)
  const other = second
  await expect(other.getByRole('heading', codeHeading)).toBeVisible()
  await enter(other, await codeOf(cloud, id))
  await expect(other.getByRole('heading', { name: /^Phone bound to/ })).toBeVisible()
  await expect(page.getByRole('heading', { name: /^Phone bound to/ })).toBeVisible()
})

test('what another browser has under way is shown, and cannot be done twice', async ({
  page,
  elsewhere,
  cloud,
  newMember,
}) => {
  const id = await newMember()
  // The cloud is slower than the console waits: what is under way stays so for a while, then it is looked up.
  const found = { name: /has a secure phone now$/ }
  const second = await openIn(await elsewhere('intl-admin'), id)
  const other = second

  await cloud.arm({ operation: send, fault: 'slow:6000', match: { accountId: id } })
  await openFlow(page, id)
  await sendTo(page, '91234567')
  await expect.poll(() => calls(cloud, send, id)).toHaveLength(1)
  await other.reload()
  await expect(other.getByText(/^A code is being sent to/)).toBeVisible()
  await expect(other.getByLabel(flow.code.label)).toHaveCount(0)
  await expect(other.getByRole('heading', { name: words.review.title })).toHaveCount(0)
  await expect(other.getByRole('button', { name: words.bind })).toHaveCount(0)
  await expect(other.getByRole('button', { name: words.changeNumber })).toHaveCount(0)
  await expect(other.getByText(flow.noRequestId)).toHaveCount(0)
  await expect(other.getByLabel(flow.code.label)).toBeFocused()

  await cloud.arm({ operation: bind, fault: 'slow:6000', match: { accountId: id } })
  await enter(page, await codeOf(cloud, id))
  await expect.poll(() => calls(cloud, bind, id)).toHaveLength(1)
  await other.reload()
  await expect(other.getByText(/binding this phone now/)).toBeVisible()
  await expect(other.getByText(flow.sending).locator('visible=true')).toHaveCount(0)
  await expect(other.getByRole('button', { name: words.changeNumber })).toHaveCount(0)
  await expect(other.getByRole('heading', found)).toBeVisible()
  await expect(page.getByRole('heading', found)).toBeVisible()
  expect(await calls(cloud, bind, id)).toHaveLength(1)
})

test('a code sent from another browser is announced and takes the focus from nothing', async ({
  page,
  elsewhere,
  cloud,
  newMember,
}) => {
  const id = await newMember()
  await openFlow(page, id)
  await sendTo(page, '91234567')
  await expect(page.getByLabel(flow.code.label)).toBeFocused()
  await cloud.advance(60)
  const second = await openIn(await elsewhere('intl-admin'), id)
  const crumb = page.getByRole('navigation', { name: en.shell.breadcrumb }).getByRole('link').first()
  await crumb.focus()
  await second.getByRole('button', { name: flow.again, exact: true }).click()
  await expect(announced(page)).toContainText(/^A newer code was sent by .+\. Enter that one\./)
  await expect(crumb).toBeFocused()
})

test.describe('the number', () => {
  test('is shown as it will be sent, with what was tidied up', async ({ page, newMember }) => {
    await openFlow(page, await newMember())
    await page.getByLabel(flow.phone.label).fill('0065 9123-4567')
    await expect(page.getByText('65-91234567', { exact: true })).toBeVisible()
    await expect(page.getByText(flow.preview.country_code)).toBeVisible()
    await expect(page.getByText(flow.preview.separators)).toBeVisible()
  })

  test('of another country chooses that country, and says so', async ({ page, newMember }) => {
    for (const typed of ['+44 7400 123456', '＋４４ ７４００ １２３４５６', '٠٠٤٤ ٧٤٠٠ ١٢٣٤٥٦']) {
      await openFlow(page, await newMember())
      await page.getByLabel(flow.phone.label).fill(typed)
      await expect(page.getByText(/^Country set to United Kingdom/)).toBeVisible()
      await expect(page.getByText('44-7400123456', { exact: true })).toBeVisible()
    }
  })

  test('of another country has no mistake left once that country was chosen', async ({ page, newMember }) => {
    await openFlow(page, await newMember())
    await sendTo(page, '9123')
    await expect(page.getByText(en.fieldErrors.phone.too_short)).toBeVisible()
    await page.getByLabel(flow.phone.label).fill('+852 9123 4567')
    await expect(page.getByText(/^Country set to Hong Kong/)).toBeVisible()
    await expect(page.getByText(en.fieldErrors.phone.other_country)).toHaveCount(0)
    await expect(page.getByText(en.fieldErrors.phone.too_short)).toHaveCount(0)
  })

  test('that the site does not take leads to the other site, where that was chosen wrongly', async ({
    page,
    muster,
    newMember,
  }) => {
    const wrongSite = {
      site: 'china',
      accessKeyId: 'SANDBOX-INTL-ADMIN',
      accessKeySecret: 'sandbox-secret-intl-admin',
    }
    const headers = { origin: muster.origin }
    expect((await page.request.post('/api/session', { headers, data: wrongSite })).status()).toBe(200)
    await openFlow(page, await newMember())
    const change = page.getByRole('button', { name: 'This is an international account' })
    await sendTo(page, '+65 9123 4567')
    await expect(change).toBeVisible()
    // Alibaba Cloud refuses the only country that is left.
    await sendTo(page, '138 1234 5678')
    await expect(page.getByLabel(flow.phone.label)).toHaveAccessibleDescription(
      /does not accept numbers with this country code/,
    )
    // The form goes on once it is that of the other site, and not before.
    let goOn = () => {}
    const held = new Promise<void>((resolve) => {
      goOn = resolve
    })
    let waiting = 0
    await page.route('**/api/members/*/phone', async (route) => {
      waiting += 1
      await held
      await route.continue()
    })
    const changed = page.waitForResponse('**/api/session/site')
    await change.click()
    await changed
    await expect.poll(() => waiting).toBeGreaterThan(0)
    await expect(page.getByText(flow.site.changing)).toBeVisible()
    goOn()
    await expect(page.getByText(flow.site.changing)).toHaveCount(0)
    await expect(page.getByRole('combobox', { name: flow.phone.country })).toContainText('Singapore')
    await expect(page.getByLabel(flow.phone.label)).toHaveValue('138 1234 5678')
    await sendTo(page, '+65 9123 4567')
    await expect(page.getByRole('heading', codeHeading)).toBeVisible()
  })

  test('with mistakes is explained at the field and nothing is sent', async ({ page, cloud, newMember }) => {
    const id = await newMember()
    await openFlow(page, id)
    for (const [typed, error] of [
      ['', en.fieldErrors.phone.empty],
      ['+86 138 1234 5678', en.fieldErrors.phone.country_not_allowed_international],
      ['9123', en.fieldErrors.phone.too_short],
    ] as const) {
      await sendTo(page, typed)
      await expect(page.getByText(error)).toBeVisible()
      await expect(page.getByLabel(flow.phone.label)).toBeFocused()
    }
    expect(await calls(cloud, send, id)).toHaveLength(0)
  })

  test('that another member uses is told by name', async ({ page, newMember }) => {
    const first = await newMember({ displayName: 'phone-twin' })
    await openFlow(page, first)
    await sendTo(page, '98880001')
    await expect(page.getByRole('heading', codeHeading)).toBeVisible()
    await openFlow(page, await newMember())
    await page.getByLabel(flow.phone.label).fill('98880001')
    const warning = page.getByText(/also used for phone-twin/)
    await expect(warning).toBeVisible()
    // It is read before the press, also where the page is read aloud.
    const button = await page.getByRole('button', { name: flow.send, exact: true }).elementHandle()
    const above = await warning.evaluate(
      (element, after) => after !== null && Boolean(element.compareDocumentPosition(after) & 4),
      button,
    )
    expect(above).toBe(true)
  })

  test('of China is not offered to an international account', async ({ page, newMember }) => {
    await openFlow(page, await newMember())
    await page.getByRole('combobox', { name: flow.phone.country }).click()
    const search = page.getByPlaceholder(flow.phone.search)
    await search.fill('886')
    await expect(page.getByRole('option', { name: /Taiwan/ })).toBeVisible()
    await search.fill('China mainland')
    await expect(page.getByText(flow.phone.none)).toBeVisible()
    await search.fill('+86')
    await expect(page.getByRole('option', { name: '+86', exact: true })).toHaveCount(0)
  })
})

test.describe('what cannot be bound is explained before any send', () => {
  for (const [what, order, title] of [
    ['a cloud account', { type: 'CloudAccount' as const }, /is a cloud account$/],
    ['a bound phone', { phone: '65-90000009' }, /already has a secure phone$/],
    ['an upgrade under way', { status: 'PromoteVerifying' as const }, /does not allow binding$/],
  ] as const) {
    test(what, async ({ page, newMember }) => {
      await openFlow(page, await newMember(order))
      await expect(page.getByRole('heading', { name: title })).toBeVisible()
      await expect(page.getByRole('link', { name: flow.openVendor })).toHaveAttribute(
        'href',
        /alibabacloud\.com/,
      )
      await expect(page.getByRole('button', { name: flow.send })).toHaveCount(0)
    })
  }
})

test.describe('a send that fails', () => {
  test('busy: nothing was sent, and it goes after the pause', async ({ page, cloud, newMember }) => {
    const id = await newMember()
    await cloud.arm({ operation: send, fault: 'throttle', match: { accountId: id } })
    await openFlow(page, id)
    await sendTo(page, '91234567')
    await expect(failureOn(page)).toContainText('not carried out')
    await expect(page.getByLabel(flow.phone.label)).toHaveValue('91234567')
    await page.getByRole('button', { name: flow.send, exact: true }).click()
    await expect(page.getByRole('heading', codeHeading)).toBeVisible()
  })

  test('keeps the step and what was typed, however long its answer takes', async ({
    page,
    cloud,
    newMember,
  }) => {
    const id = await newMember()
    await cloud.arm({ operation: send, fault: 'slow:800', match: { accountId: id } })
    await page.clock.install()
    await openFlow(page, id)
    await expect(page.getByLabel(flow.phone.label)).toBeVisible()
    await cloud.removeMember(id)
    await sendTo(page, '91234567')
    await expect.poll(() => calls(cloud, send, id)).toHaveLength(1)
    // Long enough for the page to ask how the flow stands.
    await page.clock.runFor(20_000)
    await expect(failureOn(page)).toContainText('NotSupport.AccountInAnotherResourceDirectory')
    await expect(page.getByLabel(flow.phone.label)).toHaveValue('91234567')
  })

  test('is told after a reload and to others, with who was refused, until a send goes out', async ({
    page,
    elsewhere,
    cloud,
    newMember,
  }) => {
    const id = await newMember()
    const code = 'SendValidateCodeExceedsLimitForAccount'
    await cloud.arm({ operation: send, fault: `code:${code}`, match: { accountId: id } })
    const second = await openIn(await elsewhere('intl-admin'), id)
    await openFlow(page, id)
    await sendTo(second, '91234567')
    await expect(failureOn(second)).toContainText(code)
    await expect(failureOn(page)).toContainText(code)
    await second.reload()
    await expect(failureOn(second)).toContainText(/Refused at .+ when you asked for a code/)
    await sendTo(page, '91234567')
    await expect(page.getByRole('heading', codeHeading)).toBeVisible()
    await expect(failureOn(page)).toHaveCount(0)
  })

  test('because the session is over says so once, and asks for nothing more', async ({
    page,
    cloud,
    newMember,
  }) => {
    const id = await newMember()
    await cloud.arm({
      operation: send,
      fault: 'code:InvalidSecurityToken.Expired',
      match: { accountId: id },
    })
    await page.clock.install()
    await openFlow(page, id)
    await sendTo(page, '91234567')
    await expect(failureOn(page)).toContainText('InvalidSecurityToken.Expired')
    const asked: string[] = []
    page.on('request', (request) => asked.push(new URL(request.url()).pathname))
    await page.clock.runFor(20_000)
    expect(asked).not.toContain(`/api/members/${id}/phone`)
    await expect(failureOn(page)).toHaveCount(1)
  })

  test('silent: unknown, never repeated; the code that arrives is taken', async ({
    page,
    cloud,
    newMember,
  }) => {
    const id = await newMember()
    await cloud.arm({ operation: send, fault: 'silent', effect: true, match: { accountId: id } })
    await openFlow(page, id)
    await sendTo(page, '91234567')
    await expect(page.getByText(flow.code.unknownTitle)).toBeVisible()
    await expect(page.getByText(flow.life.unknown)).toBeVisible()
    await enter(page, await codeOf(cloud, id))
    await expect(page.getByRole('heading', { name: /^Phone bound to/ })).toBeVisible()
    expect(await calls(cloud, send, id)).toHaveLength(1)
  })

  test('unavailable: a 503 says nothing about what was done, either', async ({ page, cloud, newMember }) => {
    const id = await newMember()
    await cloud.arm({ operation: send, fault: 'unavailable', match: { accountId: id } })
    await openFlow(page, id)
    await sendTo(page, '91234567')
    await expect(page.getByText(flow.code.unknownTitle)).toBeVisible()
    expect(await calls(cloud, send, id)).toHaveLength(1)
  })

  test('unknown: another send needs to be confirmed', async ({ page, cloud, newMember }) => {
    const id = await newMember()
    await cloud.arm({ operation: send, fault: 'reset', effect: false, match: { accountId: id } })
    await openFlow(page, id)
    await sendTo(page, '91234567')
    await expect(page.getByText(flow.code.unknownTitle)).toBeVisible()
    await cloud.advance(60)
    await page.reload()
    await page.getByRole('button', { name: flow.again, exact: true }).click()
    const dialog = page.getByRole('dialog', { name: /^Send another code to/ })
    await dialog.getByRole('button', { name: en.common.cancel }).click()
    expect(await calls(cloud, send, id)).toHaveLength(1)
    await page.getByRole('button', { name: flow.again, exact: true }).click()
    await dialog.getByRole('button', { name: flow.againUnknown.send }).click()
    await expect(page.getByText(/^Accepted for sending to/)).toBeVisible()
    expect(await calls(cloud, send, id)).toHaveLength(2)
  })
})

test.describe('a bind that fails', () => {
  test('bound elsewhere meanwhile: the refusal, and where it can be changed', async ({
    page,
    cloud,
    newMember,
  }) => {
    const id = await newMember()
    await openFlow(page, id)
    await sendTo(page, '91234567')
    await expect(page.getByRole('heading', codeHeading)).toBeVisible()
    await cloud.changeMember(id, { phone: '65-90001111' })
    await enter(page, await codeOf(cloud, id))
    await expect(page.getByRole('heading', { name: /already has a secure phone$/ })).toBeVisible()
    await expect(failureOn(page)).toContainText('AccountSecureMobileAlreadyExists')
    await expect(failureOn(page)).toContainText(words.blocked.elsewhere)
    await expect(page.getByText('Step 2 of 3 stopped')).toBeVisible()
    await expect(page.locator('[aria-current=step]')).toContainText(flow.steps.code)
    await expect(page.getByRole('link', { name: flow.openVendor })).toBeVisible()
  })

  test('a wrong code is not the reason when somebody else binds afterwards', async ({
    page,
    elsewhere,
    cloud,
    newMember,
  }) => {
    const id = await newMember()
    await openFlow(page, id)
    await sendTo(page, '91234567')
    await expect(page.getByRole('heading', codeHeading)).toBeVisible()
    await enter(page, wrongOf(await codeOf(cloud, id)))
    await expect(page.getByText('9 tries left')).toBeVisible()
    await cloud.changeMember(id, { phone: '65-90001111' })
    const second = await openIn(await elsewhere('intl-admin'), id)
    await enter(second, await codeOf(cloud, id))
    await expect(page.getByRole('heading', { name: /already has a secure phone$/ })).toBeVisible()
    await expect(failureOn(page)).toHaveCount(0)
    await expect(page.getByText(flow.blocked.note)).toBeVisible()
  })

  test('silent, effect first: looked up, found, and no claim which number', async ({
    page,
    cloud,
    newMember,
  }) => {
    const id = await newMember()
    await openFlow(page, id)
    await sendTo(page, '91234567')
    await expect(page.getByRole('heading', codeHeading)).toBeVisible()
    await cloud.arm({ operation: bind, fault: 'silent', effect: true, match: { accountId: id } })
    await enter(page, await codeOf(cloud, id))
    await expect(page.getByRole('heading', { name: /has a secure phone now$/ })).toBeVisible()
    await expect(page.getByText(words.done.foundWhy)).toBeVisible()
    await expect(page.getByText(flow.result.askedBy)).toBeVisible()
    await expect(page.getByText(words.done.by)).toHaveCount(0)
    await expect(page.getByRole('heading', { name: /^Phone bound to/ })).toHaveCount(0)
    expect(await calls(cloud, bind, id)).toHaveLength(1)
  })

  test('no effect: checking until the settle time, then the code can be entered again', async ({
    page,
    cloud,
    newMember,
  }) => {
    const id = await newMember()
    await openFlow(page, id)
    await sendTo(page, '91234567')
    await expect(page.getByRole('heading', codeHeading)).toBeVisible()
    const code = await codeOf(cloud, id)
    await cloud.arm({ operation: bind, fault: 'reset', effect: false, match: { accountId: id } })
    await enter(page, code)
    await expect(page.getByRole('heading', { name: words.checking.title })).toBeVisible()
    await page.getByRole('button', { name: flow.checking.lookNow }).click()
    await expect(page.getByText(words.checking.noPhoneYet)).toBeVisible()
    await cloud.advance(settleSeconds + 1)
    await page.getByRole('button', { name: flow.checking.lookNow }).click()
    await expect(page.getByRole('heading', codeHeading)).toBeVisible()
    await expect(page.getByText(words.notBound.title)).toBeVisible()
    await expect(page.getByText(/^The bind request of [\d:]+ got no answer/)).toBeVisible()
    await expect(announced(page)).toHaveText(words.announce.notBound)
    await enter(page, code)
    await expect(page.getByRole('heading', { name: /^Phone bound to/ })).toBeVisible()
  })

  test('busy: the try is not counted', async ({ page, cloud, newMember }) => {
    const id = await newMember()
    await openFlow(page, id)
    await sendTo(page, '91234567')
    await expect(page.getByRole('heading', codeHeading)).toBeVisible()
    await cloud.arm({ operation: bind, fault: 'throttle', match: { accountId: id } })
    const code = await codeOf(cloud, id)
    await enter(page, code)
    await expect(failureOn(page)).toContainText('not carried out')
    await enter(page, wrongOf(code))
    await expect(page.getByText('9 tries left')).toBeVisible()
  })
})
