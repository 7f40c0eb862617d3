import type { Page } from '@playwright/test'
import { expect, test } from './fixtures'
import { foreignWords } from './foreign-words'
import { en, zh } from './messages'
import { expectNoSidewaysScroll, violationsOn } from './on-page'

const { flow } = en

test.describe('changing the language keeps the page and what was typed', () => {
  async function toChinese(page: Page) {
    const before = page.url()
    await page.getByRole('radio', { name: '中文' }).click()
    await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN')
    expect(page.url()).toBe(before)
  }

  test('at sign-in', async ({ page }) => {
    await page.goto('/sign-in?from=%2Fsettings')
    await page.getByRole('radio', { name: en.signIn.china }).check()
    await page.getByLabel(en.signIn.accessKeyId).fill('SANDBOX-HALF')
    await page.getByLabel(en.signIn.accessKeySecret).fill('half a secret')
    await page.getByText(en.signIn.more).click()
    await page.getByLabel(en.signIn.roleArn).fill('acs:ram::1')
    await toChinese(page)
    await expect(page.getByLabel(zh.signIn.accessKeyId)).toHaveValue('SANDBOX-HALF')
    await expect(page.getByLabel(zh.signIn.accessKeySecret)).toHaveValue('half a secret')
    await expect(page.getByLabel(zh.signIn.roleArn)).toHaveValue('acs:ram::1')
    await expect(page.getByRole('radio', { name: zh.signIn.china })).toBeChecked()
  })

  test.describe('after sign-in', () => {
    test.beforeEach(({ signedInAs }) => signedInAs('intl-admin'))

    test('in the list of members', async ({ page }) => {
      await page.goto('/members?type=resource&sort=-joined')
      await page.getByRole('searchbox').fill('store')
      await expect(page).toHaveURL(/q=store/)
      await toChinese(page)
      await expect(page.getByRole('searchbox', { name: zh.members.search })).toHaveValue('store')
      await expect(page.getByRole('combobox', { name: zh.members.type })).toContainText(
        zh.status.type.resource,
      )
      await expect(page).toHaveTitle(`${zh.members.title} · Muster`)
    })

    test('on the steps of a binding', async ({ page, newMember }) => {
      await page.goto(`/members/${await newMember()}/phone`)
      await page.getByRole('combobox', { name: flow.phone.country }).click()
      await page.getByPlaceholder(flow.phone.search).fill('Malaysia')
      await page.getByRole('option', { name: /Malaysia/ }).click()
      await page.getByLabel(flow.phone.label).fill('12 345 6789')
      await toChinese(page)
      await expect(page.getByLabel(zh.flow.phone.label)).toHaveValue('12 345 6789')
      await expect(page.getByRole('combobox', { name: zh.flow.phone.country })).toContainText('马来西亚')
      await page.getByRole('button', { name: zh.flow.send }).click()
      await page.getByLabel(zh.flow.code.label).fill('123')
      const before = page.url()
      await page.getByRole('radio', { name: 'EN' }).click()
      await expect(page.getByLabel(flow.code.label)).toHaveValue('123')
      expect(page.url()).toBe(before)
    })
  })
})

test('a language chosen in another tab applies to the whole next page', async ({
  page,
  context,
  signedInAs,
}) => {
  await signedInAs('intl-admin')
  await page.goto('/members')
  const other = await context.newPage()
  await other.goto('/settings')
  await other.getByRole('radio', { name: '中文' }).click()
  await expect(other.locator('html')).toHaveAttribute('lang', 'zh-CN')
  await page.getByRole('navigation').getByRole('link', { name: en.shell.settings }).click()
  await expect(page.getByRole('heading', { name: zh.settings.title, level: 1 })).toBeVisible()
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN')
  await expect(page.getByRole('navigation').getByRole('link', { name: zh.shell.settings })).toBeVisible()
  await other.close()
})

test('the first page shows times in the browser’s time zone', async ({
  page,
  signedInAs,
  newMember,
  muster,
}) => {
  await signedInAs('intl-admin')
  const flow = `/members/${await newMember()}/phone`
  const reply = await page.request.post(`/api${flow}/code`, {
    headers: { origin: muster.origin },
    data: { phone: '65-91234567' },
  })
  const { request } = (await reply.json()) as { request: { settledAt: string } }
  const time = new Intl.DateTimeFormat('en', {
    timeStyle: 'medium',
    hourCycle: 'h23',
    timeZone: 'Asia/Singapore',
  })
  await page.goto(flow)
  await expect(page.getByText('Accepted for sending to')).toContainText(
    time.format(new Date(request.settledAt)),
  )
})

test('a page that fails is replaced by an error page in the user’s language and theme', async ({
  browser,
  muster,
}) => {
  // A separate browser, because the `page` fixture would report this intentional failure.
  const context = await browser.newContext({ baseURL: muster.origin, viewport: { width: 320, height: 640 } })
  await context.addCookies([
    { name: 'muster-locale', value: 'zh-CN', url: muster.origin },
    { name: 'muster-theme', value: 'dark', url: muster.origin },
  ])
  const page = await context.newPage()
  await context.request.post('/api/session/persona', {
    headers: { origin: muster.origin },
    data: { persona: 'china-admin' },
  })
  await page.goto('/members')
  await expect(page.getByRole('table')).toBeVisible()
  await page.getByRole('button', { name: zh.shell.menu }).click()
  const link = page.getByRole('dialog').getByRole('link', { name: zh.shell.settings })
  await expect(link).toBeVisible()
  await page.waitForLoadState('networkidle')
  // A console replaced meanwhile no longer has its older scripts, and this one does not respond either.
  const gone = /\/_next\/static\/chunks\/|\/api\/health$/
  await page.route(gone, (route) => route.abort())
  await link.click()
  const title = '页面无法显示'
  await expect(page.getByRole('heading', { name: title })).toBeFocused()
  await expect(page).toHaveTitle(title)
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh')
  await expect(page.locator('html')).toHaveCSS('color-scheme', 'dark')
  await expectNoSidewaysScroll(page)
  expect(await foreignWords(page, 'zh-CN')).toEqual([])
  expect(await violationsOn(page)).toEqual([])
  await page.unroute(gone)
  await page.getByRole('button', { name: '刷新页面' }).click()
  await expect(page.getByRole('heading', { name: zh.settings.title, level: 1 })).toBeVisible()
  await context.close()
})
