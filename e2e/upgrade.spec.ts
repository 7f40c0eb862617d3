import type { Page } from '@playwright/test'
import { codeOf, expect, test } from './fixtures'
import { en } from './messages'
import { failureOn } from './on-page'

// A page loaded before an upgrade of the console: the files of its remaining parts are gone.

const { flow } = en

const bind = 'BindSecureMobilePhone'
const send = 'SendVerificationCodeForBindSecureMobilePhone'
const partMissing = 'of this page could not be loaded'
const chunks = '**/_next/static/chunks/**'
const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true })
const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { name })

/** Removes the files of this build, as an upgrade does. @returns how many pages were loaded since */
async function upgrade(page: Page): Promise<() => number> {
  await page.waitForLoadState('networkidle')
  await page.route(chunks, (route) => route.fulfill({ status: 404, body: 'Not Found' }))
  let loads = 0
  page.on('request', (request) => {
    if (request.isNavigationRequest()) {
      loads += 1
      // The new build has all of its files.
      void page.unroute(chunks)
    }
  })
  return () => loads
}

test.use({ newBrowser: true })

test.describe('files gone after an upgrade', () => {
  test.beforeEach(({ signedInAs }) => signedInAs('intl-admin'))

  test('before a code is sent: it says so, keeps what was typed, and sends nothing', async ({
    binding,
    page,
    cloud,
    newMember,
  }) => {
    const id = await newMember()
    await binding.open(id)
    await expect(button(page, flow.send)).toBeEnabled()
    const loads = await upgrade(page)
    await binding.send('91234567')
    await expect(failureOn(page)).toContainText(`Nothing was sent: part ${partMissing}`)
    await expect(binding.numberField).toHaveValue('91234567')
    expect(await cloud.calls({ operation: send, target: id })).toEqual([])
    expect(loads()).toBe(0)
    await button(page, en.common.reload).click()
    await expect(binding.numberField).toHaveValue('')
    await binding.send('91234567')
    await binding.asksForCode()
    expect(loads()).toBe(1)
  })

  test('before a bind: it is not started, since its outcome could not be shown', async ({
    binding,
    page,
    cloud,
    newMember,
  }) => {
    const id = await newMember()
    const reply = await page.request.post(`/api/members/${id}/phone/code`, {
      headers: { origin: new URL((await page.goto('/settings'))?.url() ?? '').origin },
      data: { phone: '65-91234567' },
    })
    expect(reply.status()).toBe(200)
    await binding.open(id)
    await expect(button(page, en.bind.bind)).toBeEnabled()
    await upgrade(page)
    await binding.bind(await codeOf(cloud, id))
    await expect(failureOn(page)).toContainText(`Nothing was sent: part ${partMissing}`)
    expect(await cloud.calls({ operation: bind, target: id })).toEqual([])
    await button(page, en.common.reload).click()
    await binding.bind(await codeOf(cloud, id))
    await expect(heading(page, /^Phone bound to/)).toBeVisible()
  })

  test('after a bind: the part that shows its outcome was loaded before', async ({
    binding,
    page,
    cloud,
    newMember,
  }) => {
    const id = await newMember()
    await binding.open(id)
    await binding.send('91234567')
    await binding.asksForCode()
    const loads = await upgrade(page)
    await binding.bind(await codeOf(cloud, id))
    await expect(heading(page, /^Phone bound to/)).toBeVisible()
    expect(loads()).toBe(0)
  })

  test('at a menu with nothing typed: the page reloads once, and the menu opens', async ({ page }) => {
    await page.goto('/members')
    await expect(page.getByRole('table')).toBeVisible()
    const loads = await upgrade(page)
    await button(page, en.shell.theme).click()
    await expect.poll(loads).toBe(1)
    await button(page, en.shell.theme).click()
    await expect(page.getByRole('menuitemcheckbox', { name: en.shell.themeDark })).toBeVisible()
  })

  test('at a menu with something typed: it says so, and nothing is lost', async ({
    binding,
    page,
    newMember,
  }) => {
    await binding.open(await newMember())
    await binding.numberField.fill('91234567')
    const loads = await upgrade(page)
    await button(page, en.shell.theme).click()
    await expect(failureOn(page)).toContainText(`Part ${partMissing}`)
    await expect(binding.numberField).toHaveValue('91234567')
    expect(loads()).toBe(0)
    // Once the files are back, the part loads.
    await page.unroute(chunks)
    await button(page, en.shell.theme).click()
    await expect(page.getByRole('menuitemcheckbox', { name: en.shell.themeDark })).toBeVisible()
    await expect(failureOn(page)).toHaveCount(0)
    expect(loads()).toBe(0)
  })

  test('if the new build lacks files as well, no page reloads endlessly', async ({ page }) => {
    await page.goto('/members')
    await expect(page.getByRole('table')).toBeVisible()
    await page.waitForLoadState('networkidle')
    const own = await page.evaluate(() => [...document.scripts].map(({ src }) => src))
    await page.route(chunks, (route) =>
      own.includes(route.request().url()) ? route.continue() : route.fulfill({ status: 404 }),
    )
    let loads = 0
    page.on('request', (request) => {
      if (request.isNavigationRequest()) loads += 1
    })
    await button(page, en.shell.theme).click()
    await expect.poll(() => loads).toBe(1)
    await expect(page.getByRole('table')).toBeVisible()
    await button(page, en.shell.theme).click()
    await expect(failureOn(page)).toContainText(`Part ${partMissing}`)
    await expect(button(page, en.common.reload)).toBeVisible()
    expect(loads).toBe(1)
  })

  test('behind a link: the page it leads to is loaded completely', async ({ browser, muster }) => {
    // A separate browser, because the `page` fixture would report the momentary failure.
    const context = await browser.newContext({ baseURL: muster.origin })
    const page = await context.newPage()
    await context.request.post('/api/session/persona', {
      headers: { origin: muster.origin },
      data: { persona: 'intl-admin' },
    })
    await page.goto('/members')
    await expect(page.getByRole('table')).toBeVisible()
    await upgrade(page)
    await page.getByRole('link', { name: en.shell.settings }).click()
    await expect(heading(page, en.settings.title)).toBeVisible()
    await expect(page).toHaveURL(/\/settings$/)
    await context.close()
  })
})

test('a sign-in whose failure could not be shown is not started', async ({ page }) => {
  await page.goto('/sign-in')
  const root = page.getByRole('button', { name: en.signIn.persona.root.title })
  await expect(root).toBeEnabled()
  await page.getByLabel(en.signIn.accessKeyId, { exact: true }).fill('SANDBOX-typed')
  const loads = await upgrade(page)
  await root.click()
  await expect(failureOn(page)).toContainText(partMissing)
  await expect(page.getByLabel(en.signIn.accessKeyId, { exact: true })).toHaveValue('SANDBOX-typed')
  expect(loads()).toBe(0)
})
