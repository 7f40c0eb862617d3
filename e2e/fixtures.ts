import { type BrowserContext, type Clock, type ConsoleMessage, expect, type Page } from '@playwright/test'
import { timeZoneCookie } from '../lib/i18n/locale.ts'
import type { MemberOrder, Persona, SandboxControl } from '../lib/sandbox/index.ts'
import { type Console, serverTest, startConsole, whenNotBusy } from './console.ts'
import { BindPage, EnablePage, NetworkPage } from './flow-page'
import { en, type Messages } from './messages'
import { loadingWhole, violationsOn } from './on-page'

type Site = Persona['site']

/**
 * Browsers that the tests of a worker use in turn, each without cookies and pages: files that one of them has loaded need
 * not be loaded again.
 */
const browsers: BrowserContext[] = []
/** Those whose clock a test took over. */
const clocks = new WeakSet<BrowserContext>()

async function giveBack(context: BrowserContext): Promise<void> {
  // The clock stays as it is.
  if (clocks.has(context)) return context.close()
  for (const page of context.pages()) await page.close()
  await context.clearCookies()
  await context.clearPermissions()
  await context.setOffline(false)
  browsers.push(context)
}

/** Of this worker; and which of them finds everything as seeded, as the one before it left it. */
let testsBegun = 0
let seededBefore = 0

/** The page that looks at all screens. */
let onlyPage: Page | undefined

interface Fixtures {
  /** Whether it matters that the browser has loaded nothing yet. */
  newBrowser: boolean
  /** The clock of the page, which the test moves. */
  clock: Clock
  /** The emulated cloud behind this console: read its messages, arm faults, move its clock. */
  cloud: SandboxControl
  /** Signs the page's browser in through the API, as a person does on the sign-in page. */
  signedInAs(persona: Persona['id']): Promise<void>
  /** The same as somebody whose account has no directory, whatever was made of it before: everything is as seeded. */
  signedInWithoutDirectory(): Promise<void>
  /** Another browser than the page's, signed in as somebody or with a key; its pages are closed with the test. */
  elsewhere(who: Persona['id'] | object): Promise<BrowserContext>
  /** A member that no other test uses. */
  newMember(order?: MemberOrder, site?: Site): Promise<string>
  inLanguage(locale: 'en' | 'zh-CN'): Promise<void>
  /** The language that the pages of flows are read in. */
  words: Messages
  /** The page of the test as a page of these flows. */
  binding: BindPage
  enabling: EnablePage
  attaching: NetworkPage
  /** No accessibility violation on the page as it is now; `colours` looks only at what a change of theme can change. */
  accessible(only?: 'colours'): Promise<void>
  /** Fails a test whose page reported a CSP violation, a script error or a hydration fault. */
  cleanConsole: undefined
}

export const test = serverTest.extend<Fixtures>({
  baseURL: async ({ muster }, use) => use(muster.origin),

  newBrowser: [false, { option: true }],
  context: async ({ browser, baseURL, newBrowser }, use) => {
    const used = newBrowser ? undefined : browsers.pop()
    const context = used ?? (await browser.newContext({ baseURL }))
    await use(context)
    await giveBack(context)
  },

  clock: async ({ context }, use) => {
    clocks.add(context)
    await context.clock.install()
    await use(context.clock)
  },

  page: async ({ page }, use) => use(loadingWhole(page)),

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
    const asSeeded = seededBefore === testsBegun
    const startOver = async () => {
      // Whoever enabled a directory may be its member now, and would be refused.
      await signedInAs('intl-admin')
      const headers = { origin: muster.origin }
      expect((await page.request.post('/api/sandbox/reset', { headers, data: {} })).status()).toBe(200)
    }
    await use(async () => {
      if (used || !asSeeded) await startOver()
      used = true
      await signedInAs('no-directory')
      // Known from the page before this one on: learning it loads a page anew, which nobody may whose session is over.
      const timeZone = { name: timeZoneCookie, value: 'Asia/Singapore', url: muster.origin }
      await page.context().addCookies([timeZone])
    })
    if (!used) return
    await cloud.disarmAll()
    // Their pages ask for news, and would meet a session that the reset has ended.
    for (const open of page.context().pages()) if (open !== page) await open.close()
    if (!page.isClosed()) await page.goto('about:blank')
    await startOver()
    seededBefore = testsBegun + 1
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
    for (const context of contexts) await giveBack(context)
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
      expect(await violationsOn(page, only && ['color-contrast', 'link-in-text-block'])).toEqual([])
    })
  },

  cleanConsole: [
    async ({ page }, use) => {
      testsBegun += 1
      const complaints: string[] = []
      const onError = (error: Error) => complaints.push(error.message)
      const onMessage = (message: ConsoleMessage) => {
        // A refused request is part of many tests; the browser's own note of it is no fault.
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
 * With one page for all tests of a worker. For tests that only look at pages: the page has loaded and compiled the
 * console's files once, and is as new for each of them in its cookies, size and media only.
 */
export const testOnOnePage = test.extend({
  context: async ({ browser, baseURL }, use) => {
    onlyPage ??= loadingWhole(await (await browser.newContext({ baseURL })).newPage())
    await use(onlyPage.context())
    // Not what it showed any longer, which asks for news; of the same origin, which keeps the process it lives in.
    await onlyPage.goto('/api/health')
    await onlyPage.evaluate(() => sessionStorage.clear())
  },
  page: async ({ context, viewport }, use) => {
    const [page] = context.pages()
    if (!page) throw new Error('the page was closed')
    await context.clearCookies()
    // Where the test before pressed, something of this one may be hovered over.
    await page.mouse.move(0, 0)
    await page.emulateMedia({ media: null, colorScheme: null, reducedMotion: null, forcedColors: null })
    if (viewport) await page.setViewportSize(viewport)
    await use(page)
  },
})

/** With a console that no other file uses: a reset of its sandbox takes from nobody what they made. */
export function testApart(settings: Record<string, string> = {}) {
  return test.extend<object, { muster: Console }>({
    muster: [
      // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures a fixture uses from this pattern
      async ({}, use) => {
        const muster = await startConsole(settings)
        try {
          await use(muster)
        } finally {
          await muster.stop()
          muster.forget()
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
