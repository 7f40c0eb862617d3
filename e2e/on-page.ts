import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { expect, type Page } from '@playwright/test'
import type axe from 'axe-core'
import { en } from './messages'

declare global {
  interface Window {
    axe: typeof axe
  }
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** The accessibility violations on the current page. */
export async function violationsOn(page: Page, rules?: string[]): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axeSource)
  return page.evaluate(async (values) => {
    const { violations } = await window.axe.run(document, {
      resultTypes: ['violations'],
      ...(values && { runOnly: { type: 'rule', values } }),
    })
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
  }, rules)
}

/** The failure a page shows, but not the router's own announcer, which is an alert, too. */
export function failureOn(page: Page) {
  return page.locator('[role=alert]:not(#__next-route-announcer__)')
}

/** The page fits its width and does not scroll sideways. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const { scroll, client } = await page.evaluate(() => ({
    scroll: document.documentElement.scrollWidth,
    client: document.documentElement.clientWidth,
  }))
  expect(scroll).toBeLessThanOrEqual(client)
}

/** Live regions that a screen reader may skip: those that are displayed only once they have text. */
export function silentRegions(page: Page): Promise<string[]> {
  return page
    .locator('[role=status]')
    .evaluateAll((regions) =>
      regions
        .filter((region) => getComputedStyle(region).display === 'none')
        .map((region) => region.outerHTML),
    )
}

/**
 * Makes `goto` and `reload` wait until all streamed content is in place (before, it may exist twice for a moment) and
 * React has hydrated buttons and fields: a click before that is lost.
 */
export function loadingFully(page: Page): Page {
  for (const method of ['goto', 'reload'] as const) {
    const load = page[method].bind(page) as Page['goto']
    page[method] = async (...how: Parameters<typeof load>) => {
      const reply = await load(...how)
      await expect(page.locator('div[hidden][id^="S:"]')).toHaveCount(0)
      await expect.poll(() => page.evaluate(unattached)).toBe(0)
      return reply
    }
  }
  return page
}

/** The number of buttons and fields not hydrated yet. React adds a key of its own to each element. */
function unattached(): number {
  return [...document.querySelectorAll('button, input')].filter(
    (element) => !Object.keys(element).some((key) => key.startsWith('__react')),
  ).length
}

/** Records what live regions announce, from the next document on, including the router's own. */
export async function recordAnnouncements(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const announcements: string[] = []
    const last = new WeakMap<Element, string>()
    const regions = '[role=status], [role=alert], [aria-live]'
    const changes = { subtree: true, childList: true, characterData: true }
    let router: ShadowRoot | null = null
    const observer = new MutationObserver(() => {
      const root = document.querySelector('next-route-announcer')?.shadowRoot ?? null
      if (root && root !== router) observer.observe(root, changes)
      router = root
      const all = [...document.querySelectorAll(regions), ...(root?.querySelectorAll(regions) ?? [])]
      for (const region of all) {
        const text = (region.checkVisibility() && region.textContent?.trim()) || ''
        if (text !== '' && text !== last.get(region)) announcements.push(text)
        last.set(region, text)
      }
    })
    observer.observe(document, changes)
    Object.assign(window, { announcements })
  })
}

export const announcements = (page: Page) =>
  page.evaluate(() => (window as unknown as { announcements: string[] }).announcements)

/** Loads a page and waits until it is hydrated. */
export async function openReady(page: Page, path: string): Promise<void> {
  await page.goto(path)
  await expect(page.getByRole('button', { name: en.shell.theme })).toBeEnabled()
}
