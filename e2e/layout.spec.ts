import type { Page } from '@playwright/test'
import { codeOf, expect, testOnOwnConsole } from './fixtures'
import { en, type Messages, zh } from './messages'
import { keyOfColleague } from './operators'

// Every list with the longest content it can have, at each width that has its own layout.

const test = testOnOwnConsole()
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
const bind = 'BindSecureMobilePhone'
const send = 'SendVerificationCodeForBindSecureMobilePhone'

interface Stage {
  page: Page
  words: Messages
}

/** Content that overflows the page, and texts that are cut off or overlap. */
function faults(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found = new Set<string>()
    const { clientWidth, scrollWidth } = document.documentElement
    if (scrollWidth > clientWidth) found.add(`the page scrolls sideways: ${scrollWidth}`)
    const textOf = (element: Element) => (element.textContent ?? '').trim().slice(0, 60)
    const ancestors = (element: Element) => {
      const all: Element[] = []
      for (let up: Element | null = element; up && up !== document.body; up = up.parentElement) all.push(up)
      return all
    }
    // Hidden, or for screen readers only.
    const unseen = (element: Element) =>
      !element.checkVisibility() || ancestors(element).some((up) => getComputedStyle(up).clipPath !== 'none')
    // An ellipsis shows that a text is truncated on purpose.
    const truncates = (element: Element) => getComputedStyle(element).textOverflow === 'ellipsis'
    const scrolls = (element: Element) => getComputedStyle(element).overflowX === 'auto'
    for (const element of document.querySelectorAll(
      'td, th, dd, dt, li, p, h1, h2, h3, button, a, legend, label',
    )) {
      if (
        unseen(element) ||
        element.clientWidth === 0 ||
        ancestors(element).some((up) => truncates(up) || scrolls(up))
      )
        continue
      if (element.scrollWidth > element.clientWidth + 1)
        found.add(`wider than its box: ${element.tagName} ${textOf(element)}`)
    }
    // The boxes that texts are painted in.
    const boxes: { text: string; cell: Element; box: DOMRect }[] = []
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const parent = node.parentElement
      if (!parent || !(node.textContent ?? '').trim() || unseen(parent)) continue
      const above = ancestors(parent)
      const clip = above.find(truncates)?.getBoundingClientRect()
      const range = document.createRange()
      range.selectNodeContents(node)
      for (const { left, top, right, height } of range.getClientRects()) {
        const width = (clip ? Math.min(right, clip.right) : right) - left
        if (width < 1 || above.some(scrolls)) continue
        if (left + width > clientWidth + 1) found.add(`beyond the window: ${textOf(parent)}`)
        // A table that is too wide is cut off by its container.
        const around = parent.closest('table')?.parentElement ?? parent.closest('section')
        const frame = around?.getBoundingClientRect()
        if (frame && left + width > frame.right + 1) found.add(`beyond its frame: ${textOf(parent)}`)
        const cell = parent.closest('td, th, dd, dt, li, button, a, p, h1, h2')
        if (cell) boxes.push({ text: textOf(parent), cell, box: new DOMRect(left, top, width, height) })
      }
    }
    const fixed = (element: Element) =>
      ancestors(element).some((up) => ['fixed', 'sticky'].includes(getComputedStyle(up).position))
    const inFlow = boxes.filter(({ cell }) => !fixed(cell))
    for (const [n, a] of inFlow.entries())
      for (const b of inFlow.slice(n + 1)) {
        if (a.cell.contains(b.cell) || b.cell.contains(a.cell)) continue
        const across = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left)
        const down = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top)
        if (across > 1 && down > 3) found.add(`overlapping: ${a.text} | ${b.text}`)
      }
    return [...found]
  })
}

/** For each path that is shown: whether its last folder is readable. */
function leavesOf(page: Page): Promise<('whole' | 'cut')[]> {
  const leaves = page.locator('[data-leaf]').filter({ hasText: leaf, visible: true })
  return leaves.evaluateAll((elements) =>
    elements.map((element) => {
      const box = element.getBoundingClientRect()
      const frame = element.parentElement?.getBoundingClientRect() ?? box
      const cut =
        box.width < 40 || box.right > frame.right + 1 || element.scrollWidth > element.clientWidth + 1
      return cut ? 'cut' : 'whole'
    }),
  )
}

const lists: Record<string, (stage: Stage) => Promise<unknown>> = {
  members: async ({ page }) => {
    await page.goto('/members')
    await expect(page.getByRole('row').nth(8)).toBeVisible()
    await expect(page.getByText(longest.unbroken)).toBeVisible()
  },
  'a member with its timeline': async ({ page, words }) => {
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
  'the operator menu': async ({ page, words }) => {
    await page.goto('/members?q=Kiosk')
    await page.locator('header').getByRole('button').last().click()
    await expect(page.getByRole('menuitem', { name: words.shell.signOut })).toBeVisible()
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

test('the longest names, paths and ids fit every list at every width, in both languages', async ({
  cloud,
  elsewhere,
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
  const post = async (url: string, data: object = {}) =>
    (await context.request.post(url, { headers: { origin: muster.origin }, data })).json()
  await post('/api/members/refresh')
  // A code that was sent, a bound number, and a bind of unknown outcome.
  await post(`/api/members/${unbroken}/phone/code`, { phone: '852-91234567' })
  for (const id of [han, ordinary]) {
    const { request } = await post(`/api/members/${id}/phone/code`, { phone: '65-91234568' })
    const match = { accountId: id }
    if (id === han) {
      await cloud.arm({ operation: bind, fault: 'reset', effect: false, match })
      await cloud.arm({ operation: 'GetAccount', fault: 'unavailable', times: 1000, match })
    }
    await post(`/api/members/${id}/phone`, { requestId: request.id, code: await codeOf(cloud, id) })
  }
  await cloud.arm({ operation: send, fault: `code:${longest.code}`, times: 9 })

  const page = await context.newPage()
  for (const [language, words] of [
    ['en', en],
    ['zh-CN', zh],
  ] as const) {
    await context.addCookies([{ name: 'muster-locale', value: language, url: muster.origin }])
    for (const [name, open] of Object.entries(lists)) {
      await page.setViewportSize({ width: 1280, height: 900 })
      await open({ page, words })
      for (const width of widths) {
        await page.setViewportSize({ width, height: 900 })
        const at = `${name} at ${width}, ${language}`
        expect.soft({ at, faults: await faults(page) }).toEqual({ at, faults: [] })
        const leaves = await leavesOf(page)
        if (name === 'members')
          expect.soft({ at, leaves }).toEqual({ at, leaves: ['whole', 'whole', 'whole'] })
      }
    }
    await page.getByRole('button', { name: words.shell.menu, exact: true }).click()
    const drawer = page.getByRole('dialog', { name: words.shell.nav })
    const entry = drawer.getByRole('link', { name: words.shell.members })
    await expect(entry).toBeVisible()
    expect.soft(await faults(page)).toEqual([])
    const [frame, link, close] = await Promise.all([
      drawer.boundingBox(),
      entry.boundingBox(),
      drawer.getByRole('button', { name: words.shell.closeMenu }).boundingBox(),
    ])
    if (!frame || !link || !close) throw new Error('no drawer')
    expect.soft(link.x - frame.x).toBeGreaterThanOrEqual(8)
    expect.soft(frame.x + frame.width - link.x - link.width).toBeGreaterThanOrEqual(8)
    const card = await drawer.locator('nav > div').first().boundingBox()
    expect.soft(card?.y).toBeGreaterThanOrEqual(close.y + close.height)
  }
})
