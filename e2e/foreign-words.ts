import type { Page } from '@playwright/test'
import { hasForeignWords } from '../lib/i18n/foreign-words.fixture'

/**
 * Every text on a page that is in a language other than the page's: visible or hidden text, accessible names,
 * placeholders, titles. IDs, commands and operations are marked `translate="no"` and skipped.
 */
export async function foreignWords(page: Page, language: 'en' | 'zh-CN'): Promise<string[]> {
  const texts = await page.evaluate(() => {
    const found = new Set([document.title])
    const skipped = 'script, style, noscript, template, code, [translate=no]'
    const marked = (element: Element) => {
      const language = element.closest('[lang]')
      return language !== null && language !== document.documentElement
    }
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const parent = node.parentElement
      if (parent && !parent.closest(skipped) && !marked(parent)) found.add(node.textContent?.trim() ?? '')
    }
    for (const element of document.querySelectorAll('body *')) {
      if (element.closest(skipped) || marked(element)) continue
      for (const name of ['aria-label', 'aria-description', 'aria-valuetext', 'title', 'placeholder', 'alt'])
        found.add(element.getAttribute(name) ?? '')
    }
    return [...found]
  })
  return texts.filter((text) => hasForeignWords(text, language))
}
