import type { Page } from '@playwright/test'

/** Terms that stand in a Chinese text as they are: names of the product's field, and what a person has to type or quote. */
const terms = [
  'Muster',
  'AD',
  'AccessKey',
  'AccessKey ID',
  'cen',
  'ecd',
  'Secret',
  'ID',
  'RAM',
  'ARN',
  'STS',
  'SMS',
  'API',
  'CLI',
  'HTML',
  'JSON',
  'RequestId',
  'EN',
  'English',
  'GMT',
  'UTC',
  'ms',
]

/** What people and the cloud wrote, not this console. */
const data = [
  /Harbour (Group|Ventures)( Pte\. Ltd\.)?|海港集团|haigang_cloud/g,
  // The browser that the tests run, by its own words and in a list of sessions.
  /Mozilla\/5\.0.*|\b(Chrome|Linux)\b/g,
  // A product of Alibaba Cloud, as its operations write it.
  /\bSts\b/g,
  // Domain names, mail addresses, permissions, operations in a policy, error codes, AccessKey ids, operator names.
  /[\w-]+(?:[.:@/*-]+[\w*-]+)+/g,
  /\b[A-Z][a-z]+(?:[A-Z]+[a-z]*)+\b/g,
]

/**
 * Every text of a page that is in the other language than the page: visible or hidden words, names for assistive tools,
 * placeholders, titles. Ids, commands and operations are marked `translate="no"`, and left out.
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
  const foreign = language === 'en' ? /\p{Script=Han}/u : /\p{Script=Latin}{2,}/u
  return texts.filter((text) => foreign.test(withoutTerms(text)))
}

function withoutTerms(text: string): string {
  const own = data.reduce((left, pattern) => left.replace(pattern, ' '), text)
  return own.replace(/\p{Script=Latin}+/gu, (word) => (terms.includes(word) ? ' ' : word))
}
