import type { Page } from '@playwright/test'
import { whenNotBusy } from './console'
import { expect, test } from './fixtures'
import { en } from './messages'
import { failureOn } from './on-page'

// Leaving a page with something typed asks first; when a session ends, what was typed is kept.

const { flow } = en

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true })
const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { name })

test.describe('leaving with something typed', () => {
  test.beforeEach(({ signedInAs }) => signedInAs('intl-admin'))
  const { leave } = en.shell

  async function typeNumber(page: Page, id: string) {
    await page.goto(`/members/${id}`)
    await page.getByRole('link', { name: en.member.actions.bind }).first().click()
    // By keys, as a person does: a browser lets a page intercept Back only after user input.
    await page.getByLabel(flow.phone.label).click()
    await page.keyboard.type('91234567')
  }

  test('a link asks once, and stays or leaves', async ({ binding, page, newMember }) => {
    await typeNumber(page, await newMember())
    const link = page.getByRole('link', { name: en.shell.networks })
    await link.click()
    await expect(page.getByRole('dialog', { name: leave.title })).toBeVisible()
    await button(page, leave.stay).click()
    await expect(page.getByRole('dialog')).toHaveCount(0)
    await expect(binding.numberField).toHaveValue('91234567')
    await link.click()
    await button(page, leave.leave).click()
    await expect(heading(page, en.networks.title)).toBeVisible()
  })

  test('Back asks once', async ({ page, newMember }) => {
    const id = await newMember()
    await typeNumber(page, id)
    await page.evaluate(() => window.history.back())
    await expect(page.getByRole('dialog', { name: leave.title })).toBeVisible()
    await expect(page).toHaveURL(/\/phone$/)
    await button(page, leave.leave).click()
    await expect(page).toHaveURL(new RegExp(`/members/${id}$`))
    await expect(page.getByRole('dialog')).toHaveCount(0)
  })

  test('closing shows the browser’s own dialog; with nothing typed or everything sent, nothing asks', async ({
    binding,
    page,
    newMember,
  }) => {
    const asked: string[] = []
    page.on('dialog', (dialog) => {
      asked.push(dialog.type())
      void dialog.accept()
    })
    const id = await newMember()
    await binding.open(id)
    await expect(button(page, flow.send)).toBeEnabled()
    await page.reload()
    expect(asked).toEqual([])
    await binding.numberField.fill('91234567')
    await page.reload()
    expect(asked).toEqual(['beforeunload'])
    await binding.send('91234567')
    await binding.asksForCode()
    await page.reload()
    await page.getByRole('link', { name: en.shell.networks }).click()
    await expect(heading(page, en.networks.title)).toBeVisible()
    expect(asked).toEqual(['beforeunload'])
  })

  test('an ended session keeps what was typed until the operator has signed in again', async ({
    binding,
    page,
    context,
    muster,
    newMember,
  }) => {
    const id = await newMember()
    await binding.open(id)
    await binding.numberField.fill('91234567')
    await context.clearCookies({ name: /-\d+$/ })
    await binding.send()
    const again = failureOn(page).getByRole('link', { name: en.common.signInAgainTab })
    const opened = context.waitForEvent('page')
    await again.click()
    const tab = await opened
    await tab.getByRole('button', { name: en.signIn.persona['intl-admin'].title }).click()
    await expect(tab).toHaveURL(`${muster.origin}/members/${id}/phone`)
    await page.bringToFront()
    await expect(binding.numberField).toHaveValue('91234567')
    await binding.send()
    await binding.asksForCode()
  })

  test('a session end that the frame detects is shown there, and the page continues after a sign-in', async ({
    binding,
    page,
    context,
    muster,
    newMember,
    signedInAs,
    clock,
  }) => {
    const id = await newMember()
    await binding.open(id)
    await binding.numberField.fill('91234567')
    await context.clearCookies({ name: /-\d+$/ })
    await clock.fastForward(61_000)
    const { title } = en.shell.endedTyped
    await expect(page.getByText(title)).toBeVisible()
    await expect(binding.numberField).toHaveValue('91234567')
    await signedInAs('intl-admin')
    await clock.fastForward(6_000)
    await expect(page.getByText(title)).toHaveCount(0)
    await expect(binding.numberField).toHaveValue('91234567')
    expect(page.url()).toBe(`${muster.origin}/members/${id}/phone`)
  })

  test('after a session end that the frame detects, a sign-in to the other site finds nothing that was typed', async ({
    binding,
    page,
    context,
    muster,
    newMember,
    clock,
  }) => {
    const signIn = async (site: 'international' | 'china') => {
      const data = {
        site,
        accessKeyId: 'SANDBOX-INTL-ADMIN',
        accessKeySecret: 'sandbox-secret-intl-admin',
      }
      const headers = { origin: muster.origin }
      const reply = await whenNotBusy(() => page.request.post('/api/session', { headers, data }))
      expect(reply.status()).toBe(200)
    }
    await signIn('international')
    await binding.open(await newMember())
    await binding.numberField.fill('91234567')
    await context.clearCookies({ name: /-\d+$/ })
    await clock.fastForward(61_000)
    await expect(page.getByText(en.shell.endedTyped.title)).toBeVisible()
    await signIn('china')
    await clock.fastForward(6_000)
    await expect(binding.numberField).toHaveValue('')
  })
})
