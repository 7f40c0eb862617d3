import type { Page } from '@playwright/test'
import { codeOf, expect, test, testOnOwnConsole } from './fixtures'
import { en, zh } from './messages'
import { failureOn } from './on-page'

// What browsers do on their own: translate pages, refuse cookies, lose the network.

const { flow } = en

const bind = 'BindSecureMobilePhone'
const send = 'SendVerificationCodeForBindSecureMobilePhone'
const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true })
const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { name })

/** How a translation replaces a text node: with new elements around a copy, or around the node itself. */
type Manner = 'copied' | 'moved'

/** Translates the page and everything added to it later, without changing the text. */
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

/** Opens a page and translates it after hydration: translations do not start earlier. */
async function openTranslated(page: Page, path: string, manner: Manner) {
  await page.goto(path)
  await expect(page.getByRole('button').first()).toBeVisible()
  await expect(page.locator('button:disabled')).toHaveCount(0)
  await translate(page, manner)
}

/** With deadlines for slow responses, such as one that delays the first sync of a directory. */
const slowTest = testOnOwnConsole({ MUSTER_CALL_DEADLINE_SECONDS: '40', MUSTER_SETTLE_SECONDS: '60' })

for (const manner of ['copied', 'moved'] as const) {
  test.describe(`translated by the browser, texts ${manner}`, () => {
    slowTest(
      `the first visit to the member list, and its filters (${manner})`,
      async ({ page, cloud, signedInAs }) => {
        await signedInAs(manner === 'copied' ? 'intl-admin' : 'china-admin')
        await cloud.arm({ operation: 'ListAccounts', fault: 'slow:8000', times: 9 })
        await openTranslated(page, '/members', manner)
        await expect(page.getByText(en.members.firstSync.title, { exact: true }).first()).toBeVisible()
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

    test('binding, with a running countdown and a failure that appears and disappears', async ({
      binding,
      page,
      cloud,
      newMember,
      signedInAs,
    }) => {
      await signedInAs('intl-admin')
      const id = await newMember()
      await openTranslated(page, `/members/${id}/phone`, manner)
      await cloud.arm({ operation: send, fault: 'code:NoPermission', match: { accountId: id } })
      await binding.send('91234567')
      await expect(failureOn(page)).toBeVisible()
      await cloud.advance(61)
      await binding.send()
      await binding.asksForCode()
      await expect(failureOn(page)).toHaveCount(0)
      const again = button(page, /^Send again in/)
      const first = await again.textContent()
      await expect(again).not.toHaveText(first ?? '')
      const second = await again.textContent()
      await expect(again).not.toHaveText(second ?? '')
      await binding.bind(await codeOf(cloud, id))
      await expect(heading(page, /^Phone bound to/)).toBeVisible()
    })

    test('a sign-in that fails, and one that succeeds', async ({ page }) => {
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

for (const [locale, words] of [
  ['en', en],
  ['zh-CN', zh],
] as const) {
  test(`a browser that refuses cookies is reported, and what was typed stays: ${locale}`, async ({
    page,
    context,
    inLanguage,
  }) => {
    await inLanguage(locale)
    await page.route('**/api/session**', async (route) => {
      const reply = await route.fetch()
      const headers = { ...reply.headers() }
      delete headers['set-cookie']
      // `route.fetch` shares the browser's cookies: remove what the console has just set.
      await context.clearCookies({ name: /-\d+$/ })
      await route.fulfill({ response: reply, headers })
    })
    const { signIn } = words
    const shown = words.errors.signin.cookies_refused
    await page.goto('/sign-in')
    const keyId = page.getByLabel(signIn.accessKeyId, { exact: true })
    await keyId.fill('SANDBOX-INTL-ADMIN')
    await page.getByRole('button', { name: signIn.persona['intl-admin'].title }).click()
    await expect(failureOn(page)).toContainText(shown.cause)
    await expect(failureOn(page)).toContainText(shown.next)
    await expect(keyId).toHaveValue('SANDBOX-INTL-ADMIN')
    await expect(page).toHaveURL(/\/sign-in$/)
    expect(await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]))).toBe(
      '[{},{}]',
    )
  })
}

slowTest(
  'a slow operation says what it is waiting for',
  async ({ binding, page, cloud, newMember, signedInAs }) => {
    await signedInAs('intl-admin')
    await cloud.arm({ operation: send, fault: 'slow:20000' })
    await binding.open(await newMember())
    await binding.send('91234567')
    await expect(page.getByText(en.shell.slow.cloud)).toBeVisible()
    await binding.asksForCode()
    await expect(page.getByText(en.shell.slow.cloud)).toHaveCount(0)
  },
)

test('a link shows that its page is loading', async ({ page, signedInAs }) => {
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

test.describe('the connection between the page and the console', () => {
  // A browser used before has parts of the page cached, which need no network.
  test.use({ newBrowser: true })
  test.beforeEach(({ signedInAs }) => signedInAs('intl-admin'))

  async function openNumber(page: Page, id: string, number: string) {
    await page.goto(`/members/${id}/phone`)
    await page.getByLabel(flow.phone.label).fill(number)
  }
  /** Resolves when the page has polled its flow once more. */
  const asked = (page: Page, id: string) =>
    page.waitForResponse(
      (reply) => reply.url().endsWith(`/api/members/${id}/phone`) && reply.request().method() === 'GET',
    )

  const failures = (page: Page, cause: string) => failureOn(page).filter({ hasText: cause })

  const foreignAnswers = {
    'a page of HTML': { contentType: 'text/html', body: '<html><body>Sign in to the network</body></html>' },
    'a JSON object': { json: { login: '/sso' } },
  }
  for (const [what, answer] of Object.entries(foreignAnswers)) {
    test(`${what} from a third party, with 200, is reported as not the console’s, and nothing is lost`, async ({
      binding,
      page,
      cloud,
      newMember,
    }) => {
      const id = await newMember()
      await openNumber(page, id, '91234567')
      await page.route('**/api/**', (route) => route.fulfill(answer))
      await asked(page, id)
      await binding.send()
      // One for the failed poll of the flow, one for the click.
      await expect(failures(page, en.errors.console.unrecognized_answer.cause)).toHaveCount(2)
      await expect(binding.numberField).toHaveValue('91234567')
      expect(await cloud.messages({ accountId: id })).toHaveLength(0)

      await page.unroute('**/api/**')
      await binding.send()
      await binding.asksForCode()
      expect(await cloud.messages({ accountId: id })).toHaveLength(1)
    })
  }

  test('a click while the network is down is not carried out once it is back', async ({
    binding,
    page,
    context,
    cloud,
    newMember,
  }) => {
    const id = await newMember()
    const binds = () => cloud.calls({ operation: bind, target: id })
    await binding.open(id)
    await expect(binding.numberField).toBeEnabled()
    await context.setOffline(true)
    await binding.send('91234567')
    await expect(failures(page, en.errors.console.offline.cause)).toBeVisible()
    // A number corrected meanwhile is the one that is used.
    await binding.numberField.fill('98765432')
    await context.setOffline(false)
    await asked(page, id)
    expect(await cloud.messages({ accountId: id })).toHaveLength(0)
    await binding.send()
    await binding.asksForCode()
    const messages = await cloud.messages({ accountId: id })
    expect(messages.map(({ to }) => to.replace(/\D/g, ''))).toEqual(['6598765432'])

    await binding.codeField.fill(await codeOf(cloud, id))
    await context.setOffline(true)
    await binding.click(en.bind.bind)
    await expect(failures(page, en.errors.console.no_answer.cause).last()).toBeVisible()
    await context.setOffline(false)
    await asked(page, id)
    expect(await binds()).toHaveLength(0)
    await binding.click(en.bind.bind)
    await expect(page.getByText(flow.commandLine.title)).toBeVisible()
    expect(await binds()).toHaveLength(1)
  })

  test('a sign-in without a network fails immediately, and keeps what was typed', async ({
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
