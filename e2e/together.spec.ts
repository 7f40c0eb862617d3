import type { Page } from '@playwright/test'
import { codeOf, expect, test } from './fixtures'
import { en } from './messages'
import { failureOn } from './on-page'
import { keyOfColleague } from './operators'

const words = en.bind
const { flow } = en
const send = 'SendVerificationCodeForBindSecureMobilePhone'
const bind = 'BindSecureMobilePhone'

/** Clicks the same button in all pages at the same time; where it has disappeared meanwhile, a click does nothing. */
async function clickInAll(pages: Page[], name: string): Promise<void> {
  const buttons = await Promise.all(
    pages.map((page) => page.getByRole('button', { name, exact: true }).elementHandle()),
  )
  await Promise.all(buttons.map((button) => button?.evaluate((element) => (element as HTMLElement).click())))
}

async function fillInAll(pages: Page[], label: string, text: string): Promise<void> {
  for (const page of pages) await page.getByLabel(label).fill(text)
}

/** On a busy machine the console's own pacing may hold a call back for too long: it was not made and can be repeated. */
async function sendInAll(pages: [Page, ...Page[]]): Promise<void> {
  const [first] = pages
  const sent = first.getByRole('heading', { name: flow.code.title })
  const busy = first.getByText(en.errors.cloud.busy.cause)
  await clickInAll(pages, flow.send)
  await expect(async () => {
    await expect(sent.or(busy)).toBeVisible()
    if (await busy.isVisible()) await first.getByRole('button', { name: flow.send, exact: true }).click()
    await expect(sent).toBeVisible({ timeout: 10_000 })
  }).toPass()
}

async function headingInAll(pages: Page[], name: string | RegExp): Promise<void> {
  for (const page of pages) await expect(page.getByRole('heading', { name })).toBeVisible()
}

/** The seconds left on a page's countdown, such as `14:22`. */
async function secondsOn(page: Page, what: 'lifetime' | 'cool-down'): Promise<number> {
  const shown =
    what === 'lifetime' ? page.getByRole('timer') : page.getByRole('button', { name: /^Send again in/ })
  const [, minutes, seconds] = /(\d+):(\d\d)/.exec(await shown.innerText()) ?? []
  return 60 * Number(minutes) + Number(seconds)
}

// Three pages at once are slow on a busy machine.
test.describe.configure({ timeout: 120_000 })

test('two tabs and a colleague share one send, one countdown and one bind', async ({
  page,
  elsewhere,
  cloud,
  newMember,
  signedInAs,
}) => {
  await signedInAs('intl-admin')
  const id = await newMember()
  const away = await elsewhere(await keyOfColleague(cloud, 'mei.lin'))
  const [tab, colleague] = [await page.context().newPage(), await away.newPage()]
  const pages: [Page, Page, Page] = [page, tab, colleague]
  for (const one of pages) await one.goto(`/members/${id}/phone`)

  // Slow enough for all three to ask while one send is in flight.
  await cloud.arm({ operation: send, fault: 'slow:700', match: { accountId: id } })
  await fillInAll(pages, flow.phone.label, '91234567')
  await sendInAll(pages)
  await headingInAll(pages, flow.code.title)
  expect(await cloud.calls({ operation: send, target: id })).toHaveLength(1)

  for (const what of ['cool-down', 'lifetime'] as const) {
    // Read one after the other: the others lie between the two values of the first page, within a second.
    const differences = async () => {
      const before = await secondsOn(page, what)
      const others = [await secondsOn(tab, what), await secondsOn(colleague, what)]
      const after = await secondsOn(page, what)
      return others.map((left) => Math.max(0, left - before, after - left))
    }
    await expect
      .poll(async () => (await differences()).every((seconds) => seconds <= 1), { message: what })
      .toBe(true)
  }

  await cloud.arm({ operation: bind, fault: 'slow:700', match: { accountId: id } })
  await fillInAll(pages, flow.code.label, await codeOf(cloud, id))
  await clickInAll(pages, words.bind)
  await headingInAll(pages, /^Phone bound to/)
  expect(await cloud.calls({ operation: bind, target: id })).toHaveLength(1)
  expect((await cloud.member(id)).securePhone).toBe('65-91234567')
})

test('a colleague continues the request that another operator started, and both see the result', async ({
  page,
  elsewhere,
  cloud,
  newMember,
  signedInAs,
}) => {
  await signedInAs('intl-admin')
  const id = await newMember()
  await page.goto(`/members/${id}/phone`)
  await page.getByLabel(flow.phone.label).fill('91234567')
  await page.getByRole('button', { name: flow.send }).click()
  await headingInAll([page], flow.code.title)

  const colleague = await (await elsewhere(await keyOfColleague(cloud, 'mei.lin'))).newPage()
  await colleague.goto(`/members/${id}/phone`)
  await headingInAll([colleague], flow.code.title)
  await expect(colleague.getByText(/wei\.tan/).first()).toBeVisible()
  await colleague.getByLabel(flow.code.label).fill(await codeOf(cloud, id))
  await colleague.getByRole('button', { name: words.bind }).click()
  await headingInAll([colleague, page], /^Phone bound to/)
  await expect(page.getByText('muster-operator/mei.lin').first()).toBeVisible()
  expect(await cloud.calls({ operation: send, target: id })).toHaveLength(1)
  expect(await cloud.calls({ operation: bind, target: id })).toHaveLength(1)
})

test('when two operators send to different numbers at the same time, each sees whose number is used', async ({
  page,
  elsewhere,
  cloud,
  newMember,
  signedInAs,
}) => {
  await signedInAs('intl-admin')
  const id = await newMember()
  const colleague = await (await elsewhere(await keyOfColleague(cloud, 'mei.lin'))).newPage()
  const both = [
    { own: page, name: 'wei.tan', mask: '+65-****4567', number: '91234567' },
    { own: colleague, name: 'mei.lin', mask: '+65-****5432', number: '98765432' },
  ]
  for (const { own, number } of both) {
    await own.goto(`/members/${id}/phone`)
    await own.getByLabel(flow.phone.label).fill(number)
  }
  await cloud.arm({ operation: send, fault: 'slow:700', match: { accountId: id } })
  await clickInAll([page, colleague], flow.send)
  await headingInAll([page, colleague], flow.code.title)
  expect(await cloud.calls({ operation: send, target: id })).toHaveLength(1)
  const [message] = await cloud.messages({ accountId: id })
  const [won, lost] = message?.to === '65-91234567' ? both : both.toReversed()
  if (!won || !lost) throw new Error('nobody sent a code')

  const notice = failureOn(lost.own)
  await expect(notice).toContainText(`nothing was sent to your number ${lost.mask}`)
  await expect(notice).toContainText(
    new RegExp(`${won.name} requested a code first, for .*${won.mask.slice(-4)}`),
  )
  await expect(lost.own.getByText(/^Accepted for sending to .+ by you/)).toHaveCount(0)
  await expect(lost.own.getByText(new RegExp(`^Accepted for sending to .+ by .*${won.name}`))).toBeVisible()
  await expect(failureOn(won.own)).toHaveCount(0)
  await expect(won.own.getByText(/^Accepted for sending to .+ by you/)).toBeVisible()

  // Sending to another number than a colleague's asks first; then everyone sees that the number was changed.
  await cloud.advance(60)
  await lost.own.getByRole('button', { name: words.changeNumber }).click()
  await expect(lost.own.getByText(/You can still use the code that .+ had sent to/)).toBeVisible()
  // Another number with the same visible digits.
  const alike = `9000${won.mask.slice(-4)}`
  await lost.own.getByLabel(flow.phone.label).fill(alike)
  await lost.own.getByRole('button', { name: flow.send, exact: true }).click()
  await expect(lost.own.getByText(new RegExp(`^Replace the code requested by .*${won.name}`))).toBeVisible()
  expect(await cloud.calls({ operation: send, target: id })).toHaveLength(1)
  await lost.own.getByRole('button', { name: flow.replace.confirm }).click()
  for (const { own } of both) {
    await expect(own.getByText(/^The number was changed\./)).toContainText('1st number with these digits')
    await expect(own.getByText(/^Accepted for sending to/)).toContainText('2nd number with these digits')
  }
  await expect(won.own.locator('main [role=status]').first()).toContainText(
    /sent a newer code, to another number/,
  )
  await page.goto(`/members/${id}`)
  await expect(page.getByText(/\(2nd number with these digits\)/).first()).toBeVisible()
  await expect(page.getByText(/\(1st number with these digits\)/).first()).toBeVisible()
})

test('a browser with a wrong clock counts down as the others do', async ({
  page,
  browser,
  muster,
  newMember,
  signedInAs,
}) => {
  await signedInAs('intl-admin')
  const path = `/members/${await newMember()}/phone`
  const sent = await page.request.post(`/api${path}/code`, {
    headers: { origin: muster.origin },
    data: { phone: '65-91234567' },
  })
  expect(sent.status()).toBe(200)

  const elsewhere = await browser.newContext({
    baseURL: muster.origin,
    storageState: await page.context().storageState(),
  })
  const fast = await elsewhere.newPage()
  await fast.addInitScript(() => {
    const now = Date.now.bind(Date)
    Date.now = () => now() + 10_000
  })
  await fast.goto(path)
  const timer = fast.getByRole('timer')
  const first = await timer.innerText()
  await expect(timer).not.toHaveText(first)
  const shown = await secondsOn(fast, 'lifetime')
  const { request } = await (await page.request.get(`/api${path}`)).json()
  // A page that loads slowly starts late and shows more; only the wrong clock would make it show less.
  expect(shown).toBeGreaterThanOrEqual(request.secondsLeft - 1)
  await elsewhere.close()
})
