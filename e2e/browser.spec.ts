import type { Page } from '@playwright/test'
import { startConsole, whenNotBusy } from './console'
import { codeOf, expect, failureOn, test, testApart } from './fixtures'
import { en, zh } from './messages'

// What a browser does of itself: it translates pages, keeps no cookies, finds files gone, is closed or goes back.

const { flow } = en
const bind = 'BindSecureMobilePhone'
const send = 'SendVerificationCodeForBindSecureMobilePhone'
const partMissing = 'part of this page could not be loaded'
const chunks = '**/_next/static/chunks/**'

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true })
const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { name })

/** How translations take a text out of the page: a copy in its place, or the text itself inside of the new elements. */
type Manner = 'copied' | 'moved'

/** Translates the page as it is and all that comes into it, into the same words. */
async function translate(page: Page, manner: Manner) {
  await page.evaluate((how) => {
    function wrap(text: Text) {
      const parent = text.parentElement
      if (!text.data.trim() || !parent || parent.closest('font, script, style, textarea, [translate=no]'))
        return
      const [outer, inner] = [document.createElement('font'), document.createElement('font')]
      outer.append(inner)
      if (how === 'copied') {
        inner.append(text.data)
        text.replaceWith(outer)
      } else {
        parent.insertBefore(outer, text)
        inner.append(text)
      }
    }
    function wrapAll(root: Node) {
      const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
      const texts: Text[] = root instanceof Text ? [root] : []
      for (let node = walker.nextNode(); node; node = walker.nextNode()) texts.push(node as Text)
      texts.forEach(wrap)
    }
    wrapAll(document.body)
    new MutationObserver((records) => {
      for (const { type, target, addedNodes } of records) {
        if (type === 'characterData') wrapAll(target)
        else addedNodes.forEach(wrapAll)
      }
    }).observe(document.body, { childList: true, subtree: true, characterData: true })
  }, manner)
}

/** A page that React has taken over: a translation begins later than that. */
async function openTranslated(page: Page, path: string, manner: Manner) {
  await page.goto(path)
  await expect(page.getByRole('button').first()).toBeVisible()
  await expect(page.locator('button:disabled')).toHaveCount(0)
  await translate(page, manner)
}

/** Patient with the slow answer that holds the first reading of a directory. */
const apart = testApart({ MUSTER_CALL_DEADLINE_SECONDS: '40', MUSTER_SETTLE_SECONDS: '60' })

for (const manner of ['copied', 'moved'] as const) {
  test.describe(`translated by the browser, texts ${manner}`, () => {
    apart(
      `the first visit of the members, and their filters (${manner})`,
      async ({ page, cloud, signedInAs }) => {
        await signedInAs(manner === 'copied' ? 'intl-admin' : 'china-admin')
        await cloud.arm({ operation: 'ListAccounts', fault: 'slow:8000', times: 9 })
        await openTranslated(page, '/members', manner)
        await expect(page.getByText(en.members.firstReading.title, { exact: true }).first()).toBeVisible()
        await expect(page.getByRole('table')).toBeVisible()
        const search = page.getByRole('searchbox')
        await search.fill('zzz')
        await expect(page.getByText(en.members.empty.match, { exact: true })).toBeVisible()
        await search.fill('')
        await expect(page.getByRole('table')).toBeVisible()
        await page.getByRole('link', { name: new RegExp(`^${en.status.phone.bound}`) }).click()
        await expect(page).toHaveURL(/phone=bound/)
        await page.goBack()
        await expect(page.getByRole('table')).toBeVisible()
      },
    )

    test('binding, with a countdown that goes on and a failure that comes and goes', async ({
      page,
      cloud,
      newMember,
      signedInAs,
    }) => {
      await signedInAs('intl-admin')
      const id = await newMember()
      await openTranslated(page, `/members/${id}/phone`, manner)
      await cloud.arm({ operation: send, fault: 'code:NoPermission', match: { accountId: id } })
      await page.getByLabel(flow.phone.label).fill('91234567')
      await button(page, flow.send).click()
      await expect(failureOn(page)).toBeVisible()
      await cloud.advance(61)
      await button(page, flow.send).click()
      await expect(heading(page, flow.code.title)).toBeVisible()
      await expect(failureOn(page)).toHaveCount(0)
      const again = button(page, /^Send again in/)
      const first = await again.textContent()
      await expect(again).not.toHaveText(first ?? '')
      const second = await again.textContent()
      await expect(again).not.toHaveText(second ?? '')
      await page.getByLabel(flow.code.label).fill(await codeOf(cloud, id))
      await button(page, en.bind.bind).click()
      await expect(heading(page, /^Phone bound to/)).toBeVisible()
    })

    test('a sign-in that fails, and one that does not', async ({ page }) => {
      await openTranslated(page, '/sign-in', manner)
      const { persona } = en.signIn
      await page.getByRole('button', { name: persona.root.title }).click()
      await expect(failureOn(page)).toBeVisible()
      await page.getByRole('button', { name: persona.member.title }).click()
      await expect(failureOn(page)).toContainText(/management account/)
      await button(page, en.signIn.submit).click()
      await expect(page.getByText(en.fieldErrors.input.required)).toHaveCount(2)
      await page.getByRole('button', { name: persona['intl-admin'].title }).click()
      await expect(heading(page, en.members.title)).toBeVisible()
    })

    test('the office networks and their regions', async ({ page, signedInAs }) => {
      await signedInAs('intl-admin')
      await openTranslated(page, '/networks', manner)
      await expect(page.getByRole('table')).toBeVisible()
      await button(page, en.networks.read).click()
      await page.getByRole('combobox', { name: en.networks.region }).click()
      await page.getByRole('option', { name: /Frankfurt/ }).click()
      await expect(page).toHaveURL(/region=eu-central-1/)
      await page.getByRole('link', { name: en.shell.members }).first().click()
      await expect(heading(page, en.members.title)).toBeVisible()
    })
  })
}

/** From here on the files of this build are gone, as after an upgrade. @returns how many pages were loaded since */
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

test.describe('files gone after an upgrade', () => {
  test.beforeEach(({ signedInAs }) => signedInAs('intl-admin'))

  test('before a code is sent: it says so, keeps what was typed, and sends nothing', async ({
    page,
    cloud,
    newMember,
  }) => {
    const id = await newMember()
    await page.goto(`/members/${id}/phone`)
    await expect(button(page, flow.send)).toBeEnabled()
    const loads = await upgrade(page)
    await page.getByLabel(flow.phone.label).fill('91234567')
    await button(page, flow.send).click()
    await expect(failureOn(page)).toContainText(`Nothing was sent: a ${partMissing}`)
    await expect(page.getByLabel(flow.phone.label)).toHaveValue('91234567')
    expect(await cloud.calls({ operation: send, target: id })).toEqual([])
    expect(loads()).toBe(0)
    await button(page, en.common.reload).click()
    await expect(page.getByLabel(flow.phone.label)).toHaveValue('')
    await page.getByLabel(flow.phone.label).fill('91234567')
    await button(page, flow.send).click()
    await expect(heading(page, flow.code.title)).toBeVisible()
    expect(loads()).toBe(1)
  })

  test('before a bind: it is not begun, since its outcome could not be shown', async ({
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
    await page.goto(`/members/${id}/phone`)
    await expect(button(page, en.bind.bind)).toBeEnabled()
    await upgrade(page)
    await page.getByLabel(flow.code.label).fill(await codeOf(cloud, id))
    await button(page, en.bind.bind).click()
    await expect(failureOn(page)).toContainText(`Nothing was sent: a ${partMissing}`)
    expect(await cloud.calls({ operation: bind, target: id })).toEqual([])
    await button(page, en.common.reload).click()
    await page.getByLabel(flow.code.label).fill(await codeOf(cloud, id))
    await button(page, en.bind.bind).click()
    await expect(heading(page, /^Phone bound to/)).toBeVisible()
  })

  test('after a bind: what tells its outcome is there before', async ({ page, cloud, newMember }) => {
    const id = await newMember()
    await page.goto(`/members/${id}/phone`)
    await page.getByLabel(flow.phone.label).fill('91234567')
    await button(page, flow.send).click()
    await expect(heading(page, flow.code.title)).toBeVisible()
    const loads = await upgrade(page)
    await page.getByLabel(flow.code.label).fill(await codeOf(cloud, id))
    await button(page, en.bind.bind).click()
    await expect(heading(page, /^Phone bound to/)).toBeVisible()
    expect(loads()).toBe(0)
  })

  test('at a menu where nothing is typed: the page loads anew once, and the menu opens', async ({ page }) => {
    await page.goto('/members')
    await expect(page.getByRole('table')).toBeVisible()
    const loads = await upgrade(page)
    await button(page, en.shell.theme).click()
    await expect.poll(loads).toBe(1)
    await button(page, en.shell.theme).click()
    await expect(page.getByRole('menuitemcheckbox', { name: en.shell.themeDark })).toBeVisible()
  })

  test('at a menu where something is typed: it says so, and nothing is lost', async ({ page, newMember }) => {
    await page.goto(`/members/${await newMember()}/phone`)
    await page.getByLabel(flow.phone.label).fill('91234567')
    const loads = await upgrade(page)
    await button(page, en.shell.theme).click()
    await expect(failureOn(page)).toContainText(`A ${partMissing}`)
    await expect(page.getByLabel(flow.phone.label)).toHaveValue('91234567')
    expect(loads()).toBe(0)
    // What is there again is missing no more.
    await page.unroute(chunks)
    await button(page, en.shell.theme).click()
    await expect(page.getByRole('menuitemcheckbox', { name: en.shell.themeDark })).toBeVisible()
    await expect(failureOn(page)).toHaveCount(0)
    expect(loads()).toBe(0)
  })

  test('where the new build lacks files as well, no page reloads without end', async ({ page }) => {
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
    await expect(failureOn(page)).toContainText(`A ${partMissing}`)
    await expect(button(page, en.common.reload)).toBeVisible()
    expect(loads).toBe(1)
  })

  test('behind a link: the page it leads to is loaded anew', async ({ browser, muster }) => {
    // A browser of its own: a page that fails for a moment is a complaint in any other test.
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

test('a sign-in whose failure could not be told is not begun', async ({ page }) => {
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

for (const [locale, words] of [
  ['en', en],
  ['zh-CN', zh],
] as const) {
  test(`a browser that keeps no cookies is told so, and what was typed stays: ${locale}`, async ({
    page,
    context,
    inLanguage,
  }) => {
    await inLanguage(locale)
    await page.route('**/api/session**', async (route) => {
      const reply = await route.fetch()
      const headers = { ...reply.headers() }
      delete headers['set-cookie']
      // The browser's jar is this test's as well: what the console set does not stay.
      await context.clearCookies({ name: /-\d+$/ })
      await route.fulfill({ response: reply, headers })
    })
    const { signIn } = words
    const told = words.errors.signin.cookies_refused
    await page.goto('/sign-in')
    const keyId = page.getByLabel(signIn.accessKeyId, { exact: true })
    await keyId.fill('SANDBOX-INTL-ADMIN')
    await page.getByRole('button', { name: signIn.persona['intl-admin'].title }).click()
    await expect(failureOn(page)).toContainText(told.cause)
    await expect(failureOn(page)).toContainText(told.next)
    await expect(keyId).toHaveValue('SANDBOX-INTL-ADMIN')
    await expect(page).toHaveURL(/\/sign-in$/)
    expect(await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]))).toBe(
      '[{},{}]',
    )
  })
}

test.describe('leaving with something typed', () => {
  test.beforeEach(({ signedInAs }) => signedInAs('intl-admin'))
  const { leave } = en.shell

  async function typeNumber(page: Page, id: string) {
    await page.goto(`/members/${id}`)
    await page.getByRole('link', { name: en.member.actions.bind }).first().click()
    // By keys, as a person does: a browser lets no page hold back a Back that no person may have pressed.
    await page.getByLabel(flow.phone.label).click()
    await page.keyboard.type('91234567')
  }

  test('a link asks once, and stays or leaves', async ({ page, newMember }) => {
    await typeNumber(page, await newMember())
    const link = page.getByRole('link', { name: en.shell.networks })
    await link.click()
    await expect(page.getByRole('dialog', { name: leave.title })).toBeVisible()
    await button(page, leave.stay).click()
    await expect(page.getByRole('dialog')).toHaveCount(0)
    await expect(page.getByLabel(flow.phone.label)).toHaveValue('91234567')
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

  test('closing asks in the browser’s words; with nothing typed or all of it sent, nothing asks', async ({
    page,
    newMember,
  }) => {
    const asked: string[] = []
    page.on('dialog', (dialog) => {
      asked.push(dialog.type())
      void dialog.accept()
    })
    const id = await newMember()
    await page.goto(`/members/${id}/phone`)
    await expect(button(page, flow.send)).toBeEnabled()
    await page.reload()
    expect(asked).toEqual([])
    await page.getByLabel(flow.phone.label).fill('91234567')
    await page.reload()
    expect(asked).toEqual(['beforeunload'])
    await page.getByLabel(flow.phone.label).fill('91234567')
    await button(page, flow.send).click()
    await expect(heading(page, flow.code.title)).toBeVisible()
    await page.reload()
    await page.getByRole('link', { name: en.shell.networks }).click()
    await expect(heading(page, en.networks.title)).toBeVisible()
    expect(asked).toEqual(['beforeunload'])
  })

  test('a session that ended keeps what was typed until one has signed in again', async ({
    page,
    context,
    muster,
    newMember,
  }) => {
    const id = await newMember()
    await page.goto(`/members/${id}/phone`)
    await page.getByLabel(flow.phone.label).fill('91234567')
    await context.clearCookies({ name: /-\d+$/ })
    await button(page, flow.send).click()
    const again = failureOn(page).getByRole('link', { name: en.common.signInAgainTab })
    const opened = context.waitForEvent('page')
    await again.click()
    const tab = await opened
    await tab.getByRole('button', { name: en.signIn.persona['intl-admin'].title }).click()
    await expect(tab).toHaveURL(`${muster.origin}/members/${id}/phone`)
    await page.bringToFront()
    await expect(page.getByLabel(flow.phone.label)).toHaveValue('91234567')
    await button(page, flow.send).click()
    await expect(heading(page, flow.code.title)).toBeVisible()
  })

  test('a session whose end the frame finds is told there, and the page goes on after a sign-in', async ({
    page,
    context,
    muster,
    newMember,
    signedInAs,
  }) => {
    await page.clock.install()
    const id = await newMember()
    await page.goto(`/members/${id}/phone`)
    await page.getByLabel(flow.phone.label).fill('91234567')
    await context.clearCookies({ name: /-\d+$/ })
    await page.clock.fastForward(61_000)
    const { title } = en.shell.endedTyped
    await expect(page.getByText(title)).toBeVisible()
    await expect(page.getByLabel(flow.phone.label)).toHaveValue('91234567')
    await signedInAs('intl-admin')
    await page.clock.fastForward(6_000)
    await expect(page.getByText(title)).toHaveCount(0)
    await expect(page.getByLabel(flow.phone.label)).toHaveValue('91234567')
    expect(page.url()).toBe(`${muster.origin}/members/${id}/phone`)
  })

  test('a session whose end the frame finds leaves nothing to somebody who signs in to the other site', async ({
    page,
    context,
    muster,
    newMember,
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
    await page.clock.install()
    await signIn('international')
    await page.goto(`/members/${await newMember()}/phone`)
    await page.getByLabel(flow.phone.label).fill('91234567')
    await context.clearCookies({ name: /-\d+$/ })
    await page.clock.fastForward(61_000)
    await expect(page.getByText(en.shell.endedTyped.title)).toBeVisible()
    await signIn('china')
    await page.clock.fastForward(6_000)
    await expect(page.getByLabel(flow.phone.label)).toHaveValue('')
  })
})

test('an act that takes long says what it waits for', async ({ browser }) => {
  const muster = await startConsole({ MUSTER_CALL_DEADLINE_SECONDS: '40', MUSTER_SETTLE_SECONDS: '60' })
  const context = await browser.newContext({ baseURL: muster.origin })
  try {
    await context.request.post('/api/session/persona', {
      headers: { origin: muster.origin },
      data: { persona: 'intl-admin' },
    })
    const [id] = await muster.sandbox.addMembers('international', [{}])
    await muster.sandbox.arm({ operation: send, fault: 'slow:20000' })
    const page = await context.newPage()
    await page.goto(`/members/${id}/phone`)
    await page.getByLabel(flow.phone.label).fill('91234567')
    await button(page, flow.send).click()
    await expect(page.getByText(en.shell.slow.cloud)).toBeVisible()
    await expect(heading(page, flow.code.title)).toBeVisible()
    await expect(page.getByText(en.shell.slow.cloud)).toHaveCount(0)
  } finally {
    await context.close()
    await muster.stop()
    muster.forget()
  }
})

test('a link says that its page is on its way', async ({ page, signedInAs }) => {
  await signedInAs('intl-admin')
  await page.goto('/members')
  await expect(page.getByRole('table')).toBeVisible()
  let go = () => {}
  const held = new Promise<void>((resolve) => {
    go = resolve
  })
  await page.route('**/settings?_rsc=*', async (route) => {
    await held
    await route.continue()
  })
  await page.getByRole('link', { name: en.shell.settings }).click()
  await expect(page.getByText(en.shell.loading)).toBeVisible()
  go()
  await expect(heading(page, en.settings.title)).toBeVisible()
  await expect(page.getByText(en.shell.loading)).toHaveCount(0)
})

test.describe('between the page and the console', () => {
  test.beforeEach(({ signedInAs }) => signedInAs('intl-admin'))

  async function openNumber(page: Page, id: string, number: string) {
    await page.goto(`/members/${id}/phone`)
    await page.getByLabel(flow.phone.label).fill(number)
  }
  /** The page has asked once more how its flow stands. */
  const asked = (page: Page, id: string) =>
    page.waitForResponse(
      (reply) => reply.url().endsWith(`/api/members/${id}/phone`) && reply.request().method() === 'GET',
    )

  const failures = (page: Page, cause: string) => failureOn(page).filter({ hasText: cause })

  const strangers = {
    'a page of HTML': { contentType: 'text/html', body: '<html><body>Sign in to the network</body></html>' },
    'a JSON object': { json: { login: '/sso' } },
  }
  for (const [what, answer] of Object.entries(strangers)) {
    test(`${what} from somebody else, with 200, is said to be none of the console’s, and loses nothing`, async ({
      page,
      cloud,
      newMember,
    }) => {
      const id = await newMember()
      await openNumber(page, id, '91234567')
      await page.route('**/api/**', (route) => route.fulfill(answer))
      await asked(page, id)
      await button(page, flow.send).click()
      // Of the flow that could not be read again, and of what was pressed.
      await expect(failures(page, en.errors.console.foreign_answer.cause)).toHaveCount(2)
      await expect(page.getByLabel(flow.phone.label)).toHaveValue('91234567')
      expect(await cloud.messages({ accountId: id })).toHaveLength(0)

      await page.unroute('**/api/**')
      await button(page, flow.send).click()
      await expect(heading(page, flow.code.title)).toBeVisible()
      expect(await cloud.messages({ accountId: id })).toHaveLength(1)
    })
  }

  test('what is pressed while the network is gone is not done when it is back', async ({
    page,
    context,
    cloud,
    newMember,
  }) => {
    const id = await newMember()
    const binds = () => cloud.calls({ operation: bind, target: id })
    await page.goto(`/members/${id}/phone`)
    await expect(page.getByLabel(flow.phone.label)).toBeEnabled()
    await context.setOffline(true)
    await page.getByLabel(flow.phone.label).fill('91234567')
    await button(page, flow.send).click()
    await expect(failures(page, en.errors.console.offline.cause)).toBeVisible()
    // A number that is corrected meanwhile is the one that counts.
    await page.getByLabel(flow.phone.label).fill('98765432')
    await context.setOffline(false)
    await asked(page, id)
    expect(await cloud.messages({ accountId: id })).toHaveLength(0)
    await button(page, flow.send).click()
    await expect(heading(page, flow.code.title)).toBeVisible()
    const messages = await cloud.messages({ accountId: id })
    expect(messages.map(({ to }) => to.replace(/\D/g, ''))).toEqual(['6598765432'])

    await page.getByLabel(flow.code.label).fill(await codeOf(cloud, id))
    await context.setOffline(true)
    await button(page, en.bind.bind).click()
    await expect(failures(page, en.errors.console.no_answer.cause).last()).toBeVisible()
    await context.setOffline(false)
    await asked(page, id)
    expect(await binds()).toHaveLength(0)
    await button(page, en.bind.bind).click()
    await expect(page.getByText(flow.commandLine.title)).toBeVisible()
    expect(await binds()).toHaveLength(1)
  })

  test('a sign-in without a network fails at once, and keeps what was typed', async ({
    page,
    context,
    cloud,
  }) => {
    await context.clearCookies()
    await page.goto('/sign-in')
    await expect(page.getByLabel(en.signIn.accessKeyId)).toBeEnabled()
    await context.setOffline(true)
    await page.getByLabel(en.signIn.accessKeyId).fill('SANDBOX-INTL-ADMIN')
    await page.getByLabel(en.signIn.accessKeySecret).fill('wrong')
    await button(page, en.signIn.submit).click()
    await expect(failures(page, en.errors.console.offline.cause)).toBeVisible()
    await expect(page.getByLabel(en.signIn.accessKeyId)).toHaveValue('SANDBOX-INTL-ADMIN')
    const before = await cloud.calls({ operation: 'GetCallerIdentity' })
    await context.setOffline(false)
    await button(page, en.signIn.submit).click()
    await expect(page.getByText(en.fieldErrors.signin.secret_wrong)).toBeVisible()
    expect(await cloud.calls({ operation: 'GetCallerIdentity' })).toHaveLength(before.length + 1)
  })
})
