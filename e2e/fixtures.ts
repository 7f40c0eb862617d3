import { type BrowserContext, type Clock, type ConsoleMessage, expect, type Page } from '@playwright/test'
import { timeZoneCookie } from '../lib/i18n/locale.ts'
import type { MemberOrder, Persona, SandboxControl } from '../lib/sandbox/index.ts'
import { type Console, serverTest, startConsole, whenNotBusy } from './console.ts'
import { BindPage, EnablePage, NetworkPage } from './flow-page'
import { en, type Messages } from './messages'
import { loadingFully, violationsOn } from './on-page'

type Site = Persona['site']

/**
 * Browsers that the tests of a worker share one after another, without cookies and pages: files that one of them has
 * cached need not be loaded again.
 */
const browsers: BrowserContext[] = []
/** Browsers with a fake clock. */
const clocks = new WeakSet<BrowserContext>()

async function returnToPool(context: BrowserContext): Promise<void> {
  // A fake clock cannot be uninstalled.
  if (clocks.has(context)) return context.close()
  for (const page of context.pages()) await page.close()
  await context.clearCookies()
  await context.clearPermissions()
  await context.setOffline(false)
  browsers.push(context)
}

/** How many tests this worker has started. */
let testsStarted = 0
/** The number of the test that finds the sandbox as seeded, because the test before it reset the sandbox. */
let seededBefore = 0

/** The page that all screens share. */
let sharedPage: Page | undefined

interface Fixtures {
  /** Requires a browser that has loaded nothing yet. */
  newBrowser: boolean
  /** The page's clock, moved by the test. */
  clock: Clock
  /** The emulated cloud behind this console: read its messages, arm faults, move its clock. */
  cloud: SandboxControl
  /** Signs the page's browser in through the API, as a person does on the sign-in page. */
  signedInAs(persona: Persona['id']): Promise<void>
  /** Signs in as the user whose account has no directory, with the sandbox as seeded, whatever happened before. */
  signedInWithoutDirectory(): Promise<void>
  /** A second browser, signed in as a test user or with a key; its pages are closed after the test. */
  elsewhere(who: Persona['id'] | object): Promise<BrowserContext>
  /** A member that no other test uses. */
  newMember(order?: MemberOrder, site?: Site): Promise<string>
  inLanguage(locale: 'en' | 'zh-CN'): Promise<void>
  /** The messages in the language of the flow pages. */
  words: Messages
  /** Page objects for the test's page. */
  binding: BindPage
  enabling: EnablePage
  attaching: NetworkPage
  /** Expects no accessibility violation on the current page; `colors` checks only what a theme can change. */
  accessible(only?: 'colors'): Promise<void>
  /** Fails a test whose page reported a CSP violation, a script error or a hydration error. */
  cleanConsole: undefined
}

export const test = serverTest.extend<Fixtures>({
  baseURL: async ({ muster }, use) => use(muster.origin),

  newBrowser: [false, { option: true }],
  context: async ({ browser, baseURL, newBrowser }, use) => {
    const used = newBrowser ? undefined : browsers.pop()
    const context = used ?? (await browser.newContext({ baseURL }))
    await use(context)
    await returnToPool(context)
  },

  clock: async ({ context }, use) => {
    clocks.add(context)
    await context.clock.install()
    await use(context.clock)
  },

  page: async ({ page }, use) => use(loadingFully(page)),

  cloud: async ({ muster }, use) => {
    await use(muster.sandbox)
    await muster.sandbox.disarmAll()
  },

  signedInAs: async ({ page, muster }, use) => {
    await use(async (persona) => {
      const reply = await whenNotBusy(() =>
        page.request.post('/api/session/persona', { headers: { origin: muster.origin }, data: { persona } }),
      )
      expect(reply.status()).toBe(200)
    })
  },

  signedInWithoutDirectory: async ({ page, muster, cloud, signedInAs }, use) => {
    let used = false
    const asSeeded = seededBefore === testsStarted
    const startOver = async () => {
      // The user whose account enabled a directory would be refused if that account is now a member.
      await signedInAs('intl-admin')
      const headers = { origin: muster.origin }
      expect((await page.request.post('/api/sandbox/reset', { headers, data: {} })).status()).toBe(200)
    }
    await use(async () => {
      if (used || !asSeeded) await startOver()
      used = true
      await signedInAs('no-directory')
      // Set in advance: detecting it reloads the page, which fails once the session has ended.
      const timeZone = { name: timeZoneCookie, value: 'Asia/Singapore', url: muster.origin }
      await page.context().addCookies([timeZone])
    })
    if (!used) return
    await cloud.disarmAll()
    // These pages poll, and would find the session ended by the reset.
    for (const open of page.context().pages()) if (open !== page) await open.close()
    if (!page.isClosed()) await page.goto('about:blank')
    await startOver()
    seededBefore = testsStarted + 1
  },

  elsewhere: async ({ browser, baseURL, muster }, use) => {
    const contexts: BrowserContext[] = []
    await use(async (who) => {
      const context = browsers.pop() ?? (await browser.newContext({ baseURL }))
      contexts.push(context)
      const isPersona = typeof who === 'string'
      const reply = await whenNotBusy(() =>
        context.request.post(isPersona ? '/api/session/persona' : '/api/session', {
          headers: { origin: muster.origin },
          data: isPersona ? { persona: who } : who,
        }),
      )
      expect(reply.status()).toBe(200)
      return context
    })
    for (const context of contexts) await returnToPool(context)
  },

  newMember: async ({ muster }, use) => {
    await use(async (order = {}, site = 'international') => {
      const [id] = await muster.sandbox.addMembers(site, [order])
      if (!id) throw new Error('the sandbox added no member')
      return id
    })
  },

  inLanguage: async ({ context, muster }, use) => {
    await use(async (locale) => {
      await context.addCookies([{ name: 'muster-locale', value: locale, url: muster.origin }])
    })
  },

  words: [en, { option: true }],
  binding: async ({ page, words }, use) => use(new BindPage(page, words)),
  enabling: async ({ page, words }, use) => use(new EnablePage(page, words)),
  attaching: async ({ page, words }, use) => use(new NetworkPage(page, words)),

  accessible: async ({ page }, use) => {
    await use(async (only) => {
      // The title of a page may be streamed after its content.
      await expect(page).toHaveTitle(/\S/)
      expect(await violationsOn(page, only && ['color-contrast', 'link-in-text-block'])).toEqual([])
    })
  },

  cleanConsole: [
    async ({ page }, use) => {
      testsStarted += 1
      const complaints: string[] = []
      const onError = (error: Error) => complaints.push(error.message)
      const onMessage = (message: ConsoleMessage) => {
        // Many tests include refused requests; the browser's own message about one is not an error.
        const refusedRequest = message.text().startsWith('Failed to load resource')
        if (message.type() === 'error' && !refusedRequest) complaints.push(message.text())
      }
      page.on('pageerror', onError)
      page.on('console', onMessage)
      await use(undefined)
      page.off('pageerror', onError)
      page.off('console', onMessage)
      expect(complaints).toEqual([])
    },
    { auto: true },
  ],
})

/**
 * With one page for all tests of a worker. For tests that only view pages: the page loads and compiles the console's
 * files once, and only its cookies, size and media are reset for each test.
 */
export const testOnOnePage = test.extend({
  context: async ({ browser, baseURL }, use) => {
    sharedPage ??= loadingFully(await (await browser.newContext({ baseURL })).newPage())
    await use(sharedPage.context())
    // Leaves the last page, which would keep polling; the same origin keeps the renderer process.
    await sharedPage.goto('/api/health')
    await sharedPage.evaluate(() => sessionStorage.clear())
  },
  page: async ({ context, viewport }, use) => {
    const [page] = context.pages()
    if (!page) throw new Error('the page was closed')
    await context.clearCookies()
    // Something may be under the pointer where the previous test clicked.
    await page.mouse.move(0, 0)
    await page.emulateMedia({ media: null, colorScheme: null, reducedMotion: null, forcedColors: null })
    if (viewport) await page.setViewportSize(viewport)
    await use(page)
  },
})

/** With a console that no other file uses: a reset of its sandbox does not affect other tests. */
export function testOnOwnConsole(settings: Record<string, string> = {}) {
  return test.extend<object, { muster: Console }>({
    muster: [
      // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures a fixture uses from this pattern
      async ({}, use) => {
        const muster = await startConsole(settings)
        try {
          await use(muster)
        } finally {
          await muster.stop()
          muster.removeData()
        }
      },
      { scope: 'worker', timeout: 60_000 },
    ],
  })
}

export { expect }

/** The newest code sent for a member. */
export async function codeOf(cloud: SandboxControl, memberId: string): Promise<string> {
  const [newest] = await cloud.messages({ accountId: memberId })
  if (!newest) throw new Error('no message was sent for this member')
  return newest.code
}
