import { type BrowserContext, expect, type Page } from '@playwright/test'
import axe from 'axe-core'
import { timeZoneCookie } from '../lib/i18n/locale.ts'
import type { MemberOrder, Persona, SandboxControl } from '../lib/sandbox/index.ts'
import { type Console, serverTest, startConsole, whenNotBusy } from './console.ts'

declare global {
  interface Window {
    axe: typeof axe
  }
}

type Site = Persona['site']

interface Fixtures {
  /** The emulated cloud behind this console: read its messages, arm faults, move its clock. */
  cloud: SandboxControl
  /** Signs the page's browser in through the API, as a person does on the sign-in page. */
  signedInAs(persona: Persona['id']): Promise<void>
  /** The same as somebody whose account has no directory, whatever was made of it before: everything is as seeded. */
  signedInWithoutDirectory(): Promise<void>
  /** Another browser than the page's, signed in as somebody or with a key; it is closed with the test. */
  elsewhere(who: Persona['id'] | object): Promise<BrowserContext>
  /** A member that no other test uses. */
  newMember(order?: MemberOrder, site?: Site): Promise<string>
  inLanguage(locale: 'en' | 'zh-CN'): Promise<void>
  /** No accessibility violation on the page as it is now; `colours` looks only at what a change of theme can change. */
  accessible(only?: 'colours'): Promise<void>
  /** Fails a test whose page reported a CSP violation, a script error or a hydration fault. */
  cleanConsole: undefined
}

export const test = serverTest.extend<Fixtures>({
  baseURL: async ({ muster }, use) => use(muster.origin),

  page: async ({ page }, use) => {
    for (const method of ['goto', 'reload'] as const) {
      const load = page[method].bind(page) as Page['goto']
      page[method] = async (...how: Parameters<typeof load>) => {
        const reply = await load(...how)
        // What streams in is kept aside, hidden, until it takes its place: for a moment it may be there twice.
        await expect(page.locator('div[hidden][id^="S:"]')).toHaveCount(0)
        return reply
      }
    }
    await use(page)
  },

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
    const startOver = async () => {
      // Whoever enabled a directory may be its member now, and would be refused.
      await signedInAs('intl-admin')
      const headers = { origin: muster.origin }
      expect((await page.request.post('/api/sandbox/reset', { headers, data: {} })).status()).toBe(200)
    }
    await use(async () => {
      used = true
      await startOver()
      await signedInAs('no-directory')
      // Known from the page before this one on: learning it loads a page anew, which nobody may whose session is over.
      const timeZone = { name: timeZoneCookie, value: 'Asia/Singapore', url: muster.origin }
      await page.context().addCookies([timeZone])
    })
    if (!used) return
    await cloud.disarmAll()
    await startOver()
  },

  elsewhere: async ({ browser, muster }, use) => {
    const contexts: BrowserContext[] = []
    await use(async (who) => {
      const context = await browser.newContext({ baseURL: muster.origin })
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
    await Promise.all(contexts.map((context) => context.close()))
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

  accessible: async ({ page }, use) => {
    await use(async (only) => {
      expect(await violationsOn(page, only && ['color-contrast', 'link-in-text-block'])).toEqual([])
    })
  },

  cleanConsole: [
    async ({ page }, use) => {
      const complaints: string[] = []
      page.on('pageerror', (error) => complaints.push(error.message))
      page.on('console', (message) => {
        // A refused request is part of many tests; the browser's own note of it is no fault.
        const refusedRequest = message.text().startsWith('Failed to load resource')
        if (message.type() === 'error' && !refusedRequest) complaints.push(message.text())
      })
      await use(undefined)
      expect(complaints).toEqual([])
    },
    { auto: true },
  ],
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

/** What stands in the way of assistive tools or of readers, on the page as it is now. */
export async function violationsOn(page: Page, rules?: string[]): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source)
  return page.evaluate(async (values) => {
    const { violations } = await window.axe.run(document, {
      resultTypes: ['violations'],
      ...(values && { runOnly: { type: 'rule', values } }),
    })
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
  }, rules)
}

/** The failure a page shows; the router's own announcer is an alert, too. */
export function failureOn(page: Page) {
  return page.locator('[role=alert]:not(#__next-route-announcer__)')
}

/** The newest code sent for a member. */
export async function codeOf(cloud: SandboxControl, memberId: string): Promise<string> {
  const [newest] = await cloud.messages({ accountId: memberId })
  if (!newest) throw new Error('no message was sent for this member')
  return newest.code
}

/** The whole page fits its width: nothing scrolls sideways. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const { scroll, client } = await page.evaluate(() => ({
    scroll: document.documentElement.scrollWidth,
    client: document.documentElement.clientWidth,
  }))
  expect(scroll).toBeLessThanOrEqual(client)
}

/** The regions whose words a screen reader may pass over: those that are laid out only once they have any. */
export function silentRegions(page: Page): Promise<string[]> {
  return page
    .locator('[role=status]')
    .evaluateAll((regions) =>
      regions
        .filter((region) => getComputedStyle(region).display === 'none')
        .map((region) => region.outerHTML),
    )
}
