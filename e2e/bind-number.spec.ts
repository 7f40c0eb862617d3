import type { Page } from '@playwright/test'
import { codeOf, expect, test } from './fixtures'
import { en } from './messages'

const words = en.bind
const { flow } = en
const send = 'SendVerificationCodeForBindSecureMobilePhone'

test.beforeEach(({ signedInAs }) => signedInAs('intl-admin'))

test.describe('a number that is changed', () => {
  const stillOpen = (page: Page) =>
    page.getByText(/^You can still use the code sent to \+65-\*{4}4567 until it expires/)

  test('keeps the code valid until a new send is accepted, and leads back to it', async ({
    binding,
    page,
    cloud,
    newMember,
  }) => {
    const id = await newMember()
    await binding.start(id)
    const code = await codeOf(cloud, id)
    const change = binding.button(words.changeNumber)
    await change.click()
    await binding.shows(words.number.title)
    await expect(stillOpen(page)).toBeVisible()
    await binding.numberField.fill('9876')
    const back = binding.button(flow.stillOpen.back)
    await back.click()
    await binding.answer(en.shell.leave.stay)
    await expect(binding.numberField).toHaveValue('9876')
    await back.click()
    await binding.answer(en.shell.leave.leave)
    await expect(binding.codeField).toBeFocused()

    // The number step is this tab's own state: a reload returns to the code step.
    await change.click()
    await expect(stillOpen(page)).toBeVisible()
    await page.reload()
    await binding.asksForCode()

    await change.click()
    await cloud.advance(60)
    await cloud.arm({ operation: send, fault: 'code:InvalidSecureMobilePhone', match: { accountId: id } })
    await binding.numberField.fill('98765432')
    await binding.send()
    await expect(page.getByText(en.fieldErrors.phone.refused)).toBeVisible()
    await expect(stillOpen(page)).toBeVisible()
    await page.reload()
    await expect(binding.failure).toContainText(/when you requested a code for \+65-\*{4}5432/)
    await expect(page.getByText('+65-****4567').first()).toBeVisible()
    await binding.bind(code)
    await binding.isBound()
    expect((await cloud.member(id)).securePhone).toBe('65-91234567')
  })

  test('is the one that gets bound once its code was sent', async ({ binding, page, cloud, newMember }) => {
    const id = await newMember()
    await binding.open(id)
    await binding.send('91234567')
    await binding.changeNumber()
    await cloud.advance(60)
    await binding.numberField.fill('98765432')
    await binding.send()
    await expect(page.getByText('+65-****5432').first()).toBeVisible()
    await binding.bind(await codeOf(cloud, id))
    await binding.isBound()
    expect((await cloud.member(id)).securePhone).toBe('65-98765432')
    expect(await cloud.calls({ operation: send, target: id })).toHaveLength(2)
  })

  test('can get a code after a send of unknown outcome', async ({ binding, page, cloud, newMember }) => {
    const id = await newMember()
    await cloud.arm({ operation: send, fault: 'reset', effect: true, match: { accountId: id } })
    await binding.open(id)
    await binding.send('91234567')
    await expect(page.getByText(flow.code.unknownTitle)).toBeVisible()
    await binding.changeNumber()
    await expect(page.getByText(/^It is not known whether the code was sent to \+65-\*{4}4567/)).toBeVisible()
    await cloud.advance(60)
    await binding.numberField.fill('98765432')
    await binding.send()
    await expect(page.getByText('+65-****5432').first()).toBeVisible()
  })
})

test.describe('the number', () => {
  test('is shown as it will be sent, with what was normalized', async ({ binding, page, newMember }) => {
    await binding.open(await newMember())
    await binding.numberField.fill('0065 9123-4567')
    await expect(page.getByText('65-91234567', { exact: true })).toBeVisible()
    await expect(page.getByText(flow.preview.country_code)).toBeVisible()
    await expect(page.getByText(flow.preview.separators)).toBeVisible()
  })

  test('of another country selects that country, and says so', async ({ binding, page, newMember }) => {
    for (const typed of ['+44 7400 123456', '＋４４ ７４００ １２３４５６', '٠٠٤٤ ٧٤٠٠ ١٢٣٤٥٦']) {
      await binding.open(await newMember())
      await binding.numberField.fill(typed)
      await expect(page.getByText(/^Country set to United Kingdom/)).toBeVisible()
      await expect(page.getByText('44-7400123456', { exact: true })).toBeVisible()
    }
  })

  test('of another country shows no error once that country is selected', async ({
    binding,
    page,
    newMember,
  }) => {
    await binding.open(await newMember())
    await binding.send('9123')
    await expect(page.getByText(en.fieldErrors.phone.too_short)).toBeVisible()
    await binding.numberField.fill('+852 9123 4567')
    await expect(page.getByText(/^Country set to Hong Kong/)).toBeVisible()
    await expect(page.getByText(en.fieldErrors.phone.other_country)).toHaveCount(0)
    await expect(page.getByText(en.fieldErrors.phone.too_short)).toHaveCount(0)
  })

  test('that the site does not accept leads to the other site if the wrong one was chosen', async ({
    binding,
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
    await binding.open(await newMember())
    const change = page.getByRole('button', { name: 'Switch to the international site' })
    await binding.send('+65 9123 4567')
    await expect(change).toBeVisible()
    // Alibaba Cloud refuses the only remaining country.
    await binding.send('138 1234 5678')
    await expect(binding.numberField).toHaveAccessibleDescription(
      /does not accept numbers with this country code/,
    )
    // The form can be used only once it is that of the other site.
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
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
    release()
    await expect(page.getByText(flow.site.changing)).toHaveCount(0)
    await expect(binding.country).toContainText('Singapore')
    await expect(binding.numberField).toHaveValue('138 1234 5678')
    await binding.send('+65 9123 4567')
    await binding.asksForCode()
  })

  test('with mistakes shows an error at the field, and nothing is sent', async ({
    binding,
    page,
    cloud,
    newMember,
  }) => {
    const id = await newMember()
    await binding.open(id)
    for (const [typed, error] of [
      ['', en.fieldErrors.phone.empty],
      ['+86 138 1234 5678', en.fieldErrors.phone.country_not_allowed_international],
      ['9123', en.fieldErrors.phone.too_short],
    ] as const) {
      await binding.send(typed)
      await expect(page.getByText(error)).toBeVisible()
      await expect(binding.numberField).toBeFocused()
    }
    expect(await cloud.calls({ operation: send, target: id })).toHaveLength(0)
  })

  test('that another member uses is shown with that member’s name', async ({ binding, page, newMember }) => {
    const first = await newMember({ displayName: 'phone-twin' })
    await binding.open(first)
    await binding.send('98880001')
    await binding.asksForCode()
    await binding.open(await newMember())
    await binding.numberField.fill('98880001')
    const warning = page.getByText(/also used for phone-twin/)
    await expect(warning).toBeVisible()
    // It comes before the button, also for screen readers.
    const button = await binding.button(flow.send).elementHandle()
    const above = await warning.evaluate(
      (element, after) => after !== null && Boolean(element.compareDocumentPosition(after) & 4),
      button,
    )
    expect(above).toBe(true)
  })

  test('of China is not offered to an international account', async ({ binding, page, newMember }) => {
    await binding.open(await newMember())
    await binding.country.click()
    const search = page.getByPlaceholder(flow.phone.search)
    await search.fill('886')
    await expect(page.getByRole('option', { name: /Taiwan/ })).toBeVisible()
    await search.fill('China mainland')
    await expect(page.getByText(flow.phone.none)).toBeVisible()
    await search.fill('+86')
    await expect(page.getByRole('option', { name: '+86', exact: true })).toHaveCount(0)
  })
})
