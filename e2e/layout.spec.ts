import type { Page } from '@playwright/test'
import en from '../lib/i18n/messages/en.json' with { type: 'json' }
import zh from '../lib/i18n/messages/zh-CN.json' with { type: 'json' }
import type { SandboxControl } from '../lib/sandbox/index.ts'
import { expect, expectNoSidewaysScroll, failureOn, testApart } from './fixtures'
import { keyOfColleague } from './operators'

// Every list with the longest that may stand in it, at each width that has a layout of its own.

const test = testApart()
const widths = [1280, 1024, 768, 390, 320]

const wide =
  '华东区域总部与门店收银系统生产环境及其灾备副本的统一账号（含全部测试数据）由上海数字化团队负责维护二零二六年'
const longest = {
  han: (wide + wide).slice(0, 64),
  unbroken: 'Kiosk'.padEnd(64, 'xyzwvu'),
  operator: `operator-${'reconciliation.'.repeat(4)}`.slice(0, 64).replace(/\W$/, 'x'),
  code: 'SendValidateCodeExceedsLimitForAccount',
}
const leaf = 'Branches of the Greater Harbour Bay Metropolitan Area'
const path = [
  'Regional headquarters and shared services',
  'Retail and hospitality operations',
  'Stores',
  'Singapore and Johor',
  leaf,
].join('/')
const send = 'SendVerificationCodeForBindSecureMobilePhone'

interface Stage {
  page: Page
  cloud: SandboxControl
  words: typeof en
}

/** Texts that are cut off or lie on one another, in the lists of the page. */
function spoilt(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = []
    const textOf = (element: Element) => (element.textContent ?? '').trim().slice(0, 60)
    const shown = (element: Element) => element.checkVisibility() && !element.closest('.sr-only, .sr-only *')
    // A text may give way on purpose where all of it is at hand: an ellipsis with the whole in its title.
    const gives = (element: Element) => getComputedStyle(element).textOverflow === 'ellipsis'
    const all = [...document.querySelectorAll('main *, header *, [role=menu] *, [role=dialog] *')].filter(
      shown,
    )
    for (const element of all) {
      const { overflowX } = getComputedStyle(element)
      const scrolls = overflowX === 'auto' || overflowX === 'scroll'
      if (
        element.scrollWidth > element.clientWidth + 1 &&
        element.clientWidth > 0 &&
        !scrolls &&
        !gives(element)
      ) {
        if (element.closest('svg') || element.tagName === 'INPUT') continue
        if (getComputedStyle(element).display !== 'inline')
          found.push(`wider than its place: ${element.tagName} ${textOf(element)}`)
      }
    }
    // Of each text the boxes that are really painted.
    const boxes: { text: string; cell: Element; box: DOMRect }[] = []
    const walker = document.createTreeWalker(
      document.querySelector('main') ?? document.body,
      NodeFilter.SHOW_TEXT,
    )
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const parent = node.parentElement
      if (!parent || !(node.textContent ?? '').trim() || !shown(parent)) continue
      const cell = parent.closest('td, th, li, dd, dt')
      if (!cell) continue
      const range = document.createRange()
      range.selectNodeContents(node)
      let clip: DOMRect | null = null
      for (let up: Element | null = parent; up && up !== document.body; up = up.parentElement)
        if (gives(up)) clip = up.getBoundingClientRect()
      for (const box of range.getClientRects()) {
        const right = clip ? Math.min(box.right, clip.right) : box.right
        if (right - box.left < 1) continue
        if (right > document.documentElement.clientWidth + 1)
          found.push(`beyond the window: ${textOf(parent)}`)
        const frame = cell.closest('table, ul, ol, dl')?.parentElement?.getBoundingClientRect()
        if (frame && right > frame.right + 1) found.push(`beyond its list: ${textOf(parent)}`)
        boxes.push({
          text: textOf(parent),
          cell,
          box: new DOMRect(box.left, box.top, right - box.left, box.height),
        })
      }
    }
    for (const [n, a] of boxes.entries())
      for (const b of boxes.slice(n + 1)) {
        if (a.cell === b.cell || a.cell.contains(b.cell) || b.cell.contains(a.cell)) continue
        const across = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left)
        const down = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top)
        if (across > 1 && down > 3) found.push(`on one another: ${a.text} | ${b.text}`)
      }
    return [...new Set(found)]
  })
}

/** The last folder of each path, where the list has paths. */
async function expectLeaves(page: Page) {
  const leaves = page.locator('[data-leaf]').filter({ hasText: leaf }).filter({ visible: true })
  for (const one of await leaves.all()) {
    const cut = await one.evaluate((element) => {
      const box = element.getBoundingClientRect()
      const frame = element.parentElement?.getBoundingClientRect() ?? box
      return box.width < 40 || box.right > frame.right + 1 || element.scrollWidth > element.clientWidth + 1
    })
    expect(cut).toBe(false)
  }
  return leaves.count()
}

const lists: Record<string, (stage: Stage) => Promise<unknown>> = {
  members: async ({ page }) => {
    await page.goto('/members')
    await expect(page.getByRole('row').nth(8)).toBeVisible()
    await expect(page.getByText(longest.unbroken)).toBeVisible()
  },
  'a member with its time line': async ({ page, words }) => {
    await page.goto('/members?q=Kiosk')
    await page.getByRole('link', { name: longest.unbroken }).click()
    await expect(page.getByRole('heading', { name: words.member.timeLine.title })).toBeVisible()
  },
  'a code that was sent': async ({ page, words }) => {
    await page.goto('/members?q=Kiosk')
    await page.getByRole('link', { name: longest.unbroken }).click()
    await page.getByRole('link', { name: words.member.actions.enterCode }).click()
    await expect(page.getByRole('timer')).toBeVisible()
  },
  networks: async ({ page }) => {
    await page.goto('/networks')
    await expect(page.getByText(longest.unbroken)).toBeVisible()
  },
  settings: async ({ page, words }) => {
    await page.goto('/settings')
    await expect(page.getByText(words.settings.sessions.here)).toBeVisible()
  },
  sandbox: async ({ page, words }) => {
    await page.goto('/sandbox')
    await expect(page.getByRole('list', { name: words.sandbox.faults.armedList })).toBeVisible()
  },
}

for (const [language, words] of [
  ['en', en],
  ['zh-CN', zh],
] as const) {
  test(`the longest names, paths and ids fit every list at every width, in ${language}`, async ({
    page,
    cloud,
    elsewhere,
    inLanguage,
    muster,
  }) => {
    const { id: folder } = await cloud.addFolders('international', path)
    const names = [longest.han, longest.unbroken, 'Ordinary']
    const [han = '', unbroken = '', ordinary = ''] = await cloud.addMembers(
      'international',
      names.map((displayName) => ({ displayName, folder })),
    )
    await cloud.addNetworks('international', [
      { name: longest.unbroken },
      { name: longest.han, cenId: 'cen-pilot1234567890123456' },
    ])
    const context = await elsewhere(await keyOfColleague(cloud, longest.operator))
    await context.addCookies([{ name: 'muster-locale', value: language, url: muster.origin }])
    const post = async (url: string, data: object = {}) =>
      (await context.request.post(url, { headers: { origin: muster.origin }, data })).json()
    await post('/api/members/refresh')
    const match = (accountId: string) => ({ match: { accountId } })
    // A code on its way, a bound number, and one whose outcome nobody knows.
    await post(`/api/members/${unbroken}/phone/code`, { phone: '852-91234567' })
    for (const id of [han, ordinary]) {
      const { request } = await post(`/api/members/${id}/phone/code`, { phone: '65-91234568' })
      const [message] = await cloud.messages({ accountId: id })
      if (id === han)
        await cloud.arm({ operation: 'BindSecureMobilePhone', fault: 'reset', effect: false, ...match(id) })
      if (id === han)
        await cloud.arm({ operation: 'GetAccount', fault: 'unavailable', times: 1000, ...match(id) })
      await post(`/api/members/${id}/phone`, { requestId: request.id, code: message?.code })
    }
    await cloud.arm({ operation: send, fault: `code:${longest.code}`, times: 9 })
    await post(`/api/members/${unbroken}/phone/code`, {})
    const shown = await context.newPage()
    await inLanguage(language)
    for (const [name, open] of Object.entries(lists)) {
      await shown.setViewportSize({ width: 1280, height: 900 })
      await open({ page: shown, cloud, words: words as typeof en })
      for (const width of widths) {
        await shown.setViewportSize({ width, height: 900 })
        await expectNoSidewaysScroll(shown)
        const at = `${name} at ${width}`
        if (process.env.MUSTER_SHOTS)
          await shown.screenshot({
            path: `${process.env.MUSTER_SHOTS}/${language} ${at}.png`,
            fullPage: true,
          })
        expect.soft({ at, spoilt: await spoilt(shown) }).toEqual({ at, spoilt: [] })
        const leaves = await expectLeaves(shown)
        if (name === 'members') expect.soft({ at, leaves }).toEqual({ at, leaves: 3 })
      }
    }
    await expect(failureOn(page)).toHaveCount(0)
  })
}
