import type { Locator, Page } from '@playwright/test'
import { codeOf, expect, expectNoSidewaysScroll, failureOn, test, violationsOn } from './fixtures'
import { en, zh } from './messages'
import { foreignWords } from './words'

const words = en.bind
const { flow } = en

const focused = (target: Locator) => target.evaluate((element) => element === document.activeElement)

/** What is wrong with how the page shows where the keyboard is; null = nothing. */
function focusFault(page: Page): Promise<string | null> {
  return page.evaluate(() => {
    const element = document.activeElement
    if (!element || element === document.body) return 'the focus is nowhere'
    // Where the skip link leads, perhaps a moment after the next key: a place to go on from, no control.
    if (element.matches('main')) return null
    const name = element.outerHTML.slice(0, 200)
    // A radio is drawn by its label, an input by its frame.
    const drawn = (element.matches('input') && element.closest('label, .control')) || element
    const { outlineStyle, outlineWidth, outlineColor, boxShadow } = getComputedStyle(drawn)
    const outlined = outlineStyle !== 'none' && outlineWidth !== '0px' && !/, 0\)$/.test(outlineColor)
    const framed = drawn.matches('.control') && boxShadow !== 'none'
    if (!outlined && !framed) return `nothing marks ${name}`
    const { left, right, top, bottom } = drawn.getBoundingClientRect()
    const x = (Math.max(left, 0) + Math.min(right, innerWidth)) / 2
    const y = (Math.max(top, 0) + Math.min(bottom, innerHeight)) / 2
    const above = document.elementFromPoint(x, y)
    if (!above || !(drawn.contains(above) || above.contains(drawn))) return `something covers ${name}`
    return null
  })
}

/** Goes there by the Tab key alone; every stop on the way is visible. */
async function tabTo(page: Page, target: Locator, key = 'Tab'): Promise<void> {
  await expect(target).toBeEnabled()
  for (let presses = 0; presses < 100; presses++) {
    await page.keyboard.press(key)
    expect(await focusFault(page)).toBeNull()
    if (await focused(target)) return
  }
  throw new Error(`the Tab key does not lead to ${target}`)
}

test.describe('by the keyboard alone', () => {
  test('from sign-in to a bound phone', async ({ page, cloud, newMember }) => {
    const memberId = await newMember({ displayName: 'keyboard-only' })
    const { keyboard } = page
    const region = (name: string) => page.getByRole('heading', { name, level: 1 })

    await page.goto('/sign-in')
    await tabTo(page, page.getByRole('button', { name: en.signIn.persona['intl-admin'].title }))
    await keyboard.press('Enter')
    await expect(region(en.members.title)).toBeVisible()

    await keyboard.press('Tab')
    const skip = page.getByRole('link', { name: en.shell.skip })
    await expect(skip).toBeFocused()
    expect(await focusFault(page)).toBeNull()
    await keyboard.press('Enter')
    await expect(page.locator('main')).toBeFocused()

    // The console may have read the list before the member was there.
    await tabTo(page, page.getByRole('button', { name: en.members.refresh }))
    await keyboard.press('Enter')
    await keyboard.press('/')
    await expect(page.getByRole('searchbox')).toBeFocused()
    await keyboard.type('keyboard-only')
    // The head and the one member that is left.
    await expect(page.getByRole('row')).toHaveCount(2)
    await tabTo(page, page.getByRole('link', { name: 'keyboard-only' }))
    await keyboard.press('Enter')
    await expect(region('keyboard-only')).toBeVisible()

    await tabTo(page, page.getByRole('link', { name: en.member.actions.bind }))
    await keyboard.press('Enter')
    await expect(region(words.number.title)).toBeVisible()
    await tabTo(page, page.getByRole('combobox', { name: flow.phone.country }))
    await keyboard.press('Enter')
    await expect(page.getByPlaceholder(flow.phone.search)).toBeFocused()
    await keyboard.type('Malaysia')
    await expect(page.getByRole('option')).toHaveCount(1)
    await keyboard.press('Enter')
    await expect(page.getByRole('option')).toHaveCount(0)
    await expect(page.getByRole('combobox', { name: flow.phone.country })).toBeFocused()
    await expect(page.getByRole('combobox', { name: flow.phone.country })).toContainText('Malaysia')
    await tabTo(page, page.getByLabel(flow.phone.label))
    await keyboard.type('123456789')
    await keyboard.press('Enter')

    await expect(page.getByLabel(flow.code.label)).toBeFocused()
    expect(await focusFault(page)).toBeNull()
    await keyboard.type(await codeOf(cloud, memberId))
    await keyboard.press('Enter')
    await expect(region('Phone bound to keyboard-only')).toBeFocused()
    await tabTo(page, page.getByRole('link', { name: 'Open keyboard-only' }))
  })

  test('menus, lists and dialogs open, move, close and give the focus back', async ({ page, signedInAs }) => {
    await signedInAs('intl-admin')
    await page.goto('/members')
    const { keyboard } = page

    const theme = page.getByRole('button', { name: en.shell.theme })
    await tabTo(page, theme)
    await keyboard.press('Enter')
    await expect(page.getByRole('menu')).toBeVisible()
    await keyboard.press('Escape')
    await expect(page.getByRole('menu')).toHaveCount(0)
    await expect(theme).toBeFocused()
    await keyboard.press('ArrowDown')
    await expect(page.getByRole('menuitemcheckbox').first()).toBeFocused()
    await keyboard.press('End')
    await keyboard.press('Enter')
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
    await expect(page.locator('html')).toHaveCSS('color-scheme', 'dark')
    await expect(theme).toBeFocused()

    const status = page.getByRole('combobox', { name: en.members.status })
    await tabTo(page, status)
    await keyboard.press('Enter')
    await expect(page.getByRole('option').first()).toBeVisible()
    await keyboard.press('Escape')
    await expect(page.getByRole('option')).toHaveCount(0)
    await expect(status).toBeFocused()

    // Upwards through a long list, whose head stays where it is.
    const rows = page.getByRole('row').getByRole('link')
    await rows.last().focus()
    await tabTo(page, rows.nth(3), 'Shift+Tab')

    await page.goto('/settings')
    const everywhere = page.getByRole('button', { name: en.settings.sessions.everywhere })
    await tabTo(page, everywhere)
    await keyboard.press('Enter')
    const dialog = page.getByRole('dialog')
    await expect(dialog.getByRole('button').first()).toBeFocused()
    for (let presses = 0; presses < 4; presses++) {
      await keyboard.press('Tab')
      await expect(dialog.locator(':focus')).toHaveCount(1)
    }
    await keyboard.press('Escape')
    await expect(dialog).toHaveCount(0)
    await expect(everywhere).toBeFocused()
  })
})

/** Notes from the next document on what live regions say, the router's own included. */
async function listen(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const heard: string[] = []
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
        if (text !== '' && text !== last.get(region)) heard.push(text)
        last.set(region, text)
      }
    })
    observer.observe(document, changes)
    Object.assign(window, { heard })
  })
}
const heard = (page: Page) => page.evaluate(() => (window as unknown as { heard: string[] }).heard)

/** Loads a page and waits until its scripts have taken it over. */
async function open(page: Page, path: string): Promise<void> {
  await page.goto(path)
  await expect(page.getByRole('button', { name: en.shell.theme })).toBeEnabled()
}

test.describe('after a navigation', () => {
  const title = (page: Page, name: string) => page.getByRole('heading', { name, level: 1 })
  const inNavigation = (page: Page, name: string) =>
    page.getByRole('navigation', { name: en.shell.nav }).getByRole('link', { name })
  const operator = (page: Page) => page.getByRole('button', { name: /wei\.tan/ })

  test.beforeEach(async ({ page, signedInAs }) => {
    await signedInAs('intl-admin')
    await listen(page)
  })

  test('a page that was loaded begins at its top', async ({ page }) => {
    await open(page, '/members')
    await expect(page.getByRole('row').nth(1)).toBeVisible()
    await page.keyboard.press('Tab')
    await expect(page.getByRole('link', { name: en.shell.skip })).toBeFocused()
  })

  test('focus is on the heading, after Back on the link that led away; each page is announced once', async ({
    page,
    newMember,
  }) => {
    const id = await newMember({ displayName: 'focus-there' })
    await open(page, `/members/${id}`)
    const bind = page.getByRole('link', { name: en.member.actions.bind })
    await bind.press('Enter')
    await expect(title(page, words.number.title)).toBeFocused()
    await page.keyboard.press('Tab')
    await expect(page.getByRole('combobox', { name: flow.phone.country })).toBeFocused()
    // What has focus is read by itself.
    const announced = async () =>
      (await heard(page)).filter((text) =>
        [words.number.title, 'focus-there', en.settings.title].some((name) => text.includes(name)),
      )
    expect(await announced()).toEqual([])

    await inNavigation(page, en.shell.settings).press('Enter')
    await expect(title(page, en.settings.title)).toBeFocused()
    expect(await announced()).toEqual([])
    await page.goBack()
    await expect(inNavigation(page, en.shell.settings)).toBeFocused()
    await page.goBack()
    await expect(bind).toBeFocused()
    await expect.poll(announced).toEqual([words.number.title, 'focus-there'])
    // Nothing was followed from the last page; from the one before, the link is there again.
    await page.goForward()
    await expect(inNavigation(page, en.shell.settings)).toBeFocused()
    await page.goForward()
    await expect(title(page, en.settings.title)).toBeFocused()
    await expect.poll(announced).toEqual([words.number.title, 'focus-there', words.number.title])
  })

  test('focus is on the heading where the link was in a menu that has closed', async ({ page }) => {
    await open(page, '/members')
    await operator(page).press('Enter')
    await page.getByRole('menuitem', { name: en.shell.sessions }).press('Enter')
    await expect(title(page, en.settings.title)).toBeFocused()
    await page.goBack()
    await expect(title(page, en.members.title)).toBeFocused()

    await page.setViewportSize({ width: 375, height: 700 })
    await page.getByRole('button', { name: en.shell.menu }).press('Enter')
    await page.getByRole('dialog').getByRole('link', { name: en.shell.settings }).press('Enter')
    await expect(title(page, en.settings.title)).toBeFocused()
    await page.goBack()
    await expect(title(page, en.members.title)).toBeFocused()
  })

  test('focus is on the heading of what comes late: a page that does not exist, sign-in after the session', async ({
    page,
    muster,
  }) => {
    await open(page, '/members')
    // The list reads the phones of its rows first: with them the next call could be one too many.
    await page.waitForLoadState('networkidle')
    await page.evaluate(() => {
      const { next } = window as unknown as { next: { router: { push(href: string): void } } }
      next.router.push('/members/1000000000000001')
    })
    await expect(title(page, en.member.notFound.title)).toBeFocused()
    const headers = { origin: muster.origin, 'content-type': 'application/json' }
    expect((await page.request.delete('/api/session', { headers })).ok()).toBe(true)
    await inNavigation(page, en.shell.settings).press('Enter')
    await expect(page).toHaveURL(/\/sign-in\?/)
    await expect(title(page, en.signIn.title)).toBeFocused()
    await page.keyboard.press('Tab')
    await expect(page.getByRole('radio', { name: en.signIn.international })).toBeFocused()
  })

  test('another search, filter, order or language of the same page leaves focus where it is', async ({
    page,
  }) => {
    await open(page, '/members')
    const search = page.getByRole('searchbox')
    await search.pressSequentially('store')
    await expect(page).toHaveURL(/q=store/)
    await expect(search).toBeFocused()
    const missing = page.getByRole('navigation', { name: en.members.tabs }).getByRole('link').nth(1)
    await missing.press('Enter')
    await expect(missing).toHaveAttribute('aria-current', 'page')
    await expect(missing).toBeFocused()
    const order = page.getByRole('columnheader').first().getByRole('link')
    await order.press('Enter')
    await expect(page).toHaveURL(/sort=/)
    await expect(order).toBeFocused()
    await page.goBack()
    await expect(page).not.toHaveURL(/sort=/)
    await expect(order).toBeFocused()
    const chinese = page.getByRole('radio', { name: '中文' })
    await chinese.press('Space')
    await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN')
    await expect(chinese).toBeFocused()
  })

  test('Back finds the page that the skip link was used on', async ({ page }) => {
    await open(page, '/members')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await expect(page.locator('main')).toBeFocused()
    expect(new URL(page.url()).hash).toBe('')
    await inNavigation(page, en.shell.settings).press('Enter')
    await expect(title(page, en.settings.title)).toBeFocused()
    await page.goBack()
    await expect(title(page, en.members.title)).toBeVisible()
    await expect(inNavigation(page, en.shell.settings)).toBeFocused()
  })
})

test.describe('what disappears with the focus leaves it nearby', () => {
  test.beforeEach(({ signedInAs }) => signedInAs('intl-admin'))

  test('filters of a list, and the way out of an empty one', async ({ page }) => {
    await open(page, '/members?type=cloud&q=nobody-of-this-name')
    const type = page.getByRole('combobox', { name: en.members.type })
    await page.getByRole('button', { name: 'Clear the filter Type' }).press('Enter')
    await expect(page).not.toHaveURL(/type=/)
    await expect(type).toBeFocused()
    await page.getByRole('link', { name: en.members.empty.showAll }).press('Enter')
    await expect(page.getByRole('row').nth(1)).toBeVisible()
    await page.keyboard.press('Tab')
    await expect(page.getByRole('columnheader').first().getByRole('link')).toBeFocused()

    await open(page, '/members?type=cloud')
    await page.getByRole('link', { name: en.members.clear }).press('Enter')
    await expect(page.getByRole('group', { name: 'Filters', exact: true })).toBeFocused()
    await page.keyboard.press('Tab')
    await expect(page.getByRole('searchbox')).toBeFocused()
  })

  test('a row that is removed', async ({ page, cloud }) => {
    await cloud.arm({ operation: 'ListAccounts', fault: 'throttle', times: 5 })
    await open(page, '/sandbox')
    await page
      .getByRole('button', { name: /^Disarm/ })
      .first()
      .press('Enter')
    await expect(page.getByRole('heading', { name: en.sandbox.faults.title })).toBeFocused()
  })

  test('the button that shows the rest of a list', async ({ page, elsewhere, signedInAs }) => {
    for (let others = 0; others < 6; others++) await elsewhere('china-admin')
    await signedInAs('china-admin')
    await open(page, '/settings')
    const sessions = page.getByRole('region', { name: en.settings.sessions.title })
    await expect(sessions.getByRole('listitem')).toHaveCount(5)
    await sessions.getByRole('button', { name: /more/ }).press('Enter')
    await expect(sessions.getByRole('listitem').nth(5)).toBeFocused()
  })

  test('nothing, where focus was taken away before', async ({ page, cloud }) => {
    await cloud.arm({ operation: 'ListAccounts', fault: 'throttle', times: 5 })
    await open(page, '/sandbox')
    const disarm = page.getByRole('button', { name: /^Disarm/ })
    await disarm.first().focus()
    await page.getByRole('main').click({ position: { x: 5, y: 5 } })
    await cloud.disarmAll()
    await expect(disarm).toHaveCount(0)
    // The page asks again much later than focus would have been moved.
    await page.waitForResponse(/\/api\/sandbox\b/)
    await expect(page.getByRole('heading', { name: en.sandbox.faults.title })).not.toBeFocused()
  })
})

test.describe('what is said aloud', () => {
  test.beforeEach(async ({ page, signedInAs }) => {
    await signedInAs('intl-admin')
    await listen(page)
  })

  test('an outcome once, and a countdown at its start, near its end and at its end only', async ({
    page,
    cloud,
    newMember,
  }) => {
    await page.clock.install()
    const id = await newMember()
    await page.goto(`/members/${id}/phone`)
    await page.getByLabel(flow.phone.label).fill('91234567')
    await page.getByRole('button', { name: flow.send }).click()
    const timer = page.getByRole('timer')
    await expect(timer).toHaveText(/^14:/)
    const aboutTheCode = async () =>
      (await heard(page)).filter((text) => /code|left/i.test(text) && !text.includes('Muster'))
    const start = `${flow.announce.accepted} The code is valid for 15 minutes more.`
    await expect.poll(aboutTheCode).toEqual([start])

    // The page hears of the moved clock when it asks next.
    async function leave(seconds: number) {
      const reply = await page.request.get(`/api/members/${id}/phone`)
      const { request } = (await reply.json()) as { request: { secondsLeft: number } }
      await cloud.advance(Math.max(0, Math.ceil(request.secondsLeft - seconds)))
      await page.clock.fastForward(6_000)
    }
    await leave(840)
    await expect(timer).toHaveText(/^13:/)
    expect(await aboutTheCode()).toEqual([start])
    await leave(50)
    await expect.poll(aboutTheCode).toEqual([start, 'Less than 1 minute left.'])
    await leave(0)
    await expect.poll(async () => (await aboutTheCode()).at(-1)).toBe(flow.life.over)
    // On a slow machine the last ten seconds may pass unseen.
    expect((await aboutTheCode()).filter((text) => text !== 'Less than 10 seconds left.')).toEqual([
      start,
      'Less than 1 minute left.',
      flow.life.over,
    ])
  })

  test('a refresh that failed is not said to have read the list, nor is anybody’s later one this tab’s', async ({
    page,
    cloud,
    muster,
  }) => {
    const operation = 'ListFoldersForParent'
    const headers = { origin: muster.origin }
    const refresh = () => page.request.post('/api/members/refresh', { headers, data: {} })
    const calls = async () => (await cloud.calls({ operation })).length
    async function begun() {
      const before = await calls()
      const going = refresh()
      await expect.poll(calls).toBeGreaterThan(before)
      return { going }
    }
    const { refreshed, syncRunning, syncStarted } = en.members
    const told = async () =>
      (await heard(page)).filter((text) => [refreshed, syncRunning, syncStarted].includes(text))
    expect((await refresh()).status()).toBe(200)
    await open(page, '/members')
    await expect(page.getByRole('row').nth(1)).toBeVisible()

    // The folders, one level after the other, give time to press; the members after them are refused.
    await cloud.arm({ operation, fault: 'slow:2500', times: 99 })
    await cloud.arm({ operation: 'ListAccounts', fault: 'code:NoPermission' })
    const failing = await begun()
    await page.getByRole('button', { name: en.members.refresh }).click()
    await expect.poll(told).toEqual([syncRunning])
    await expect(failureOn(page)).toBeVisible()
    await failing.going

    const later = await begun()
    await page.getByRole('link', { name: en.status.phone.missing }).click()
    await expect(page.getByText(/refreshing since/)).toBeVisible()
    expect((await later.going).status()).toBe(200)
    await expect(page.getByText(/refreshing since/)).toHaveCount(0)
    expect(await told()).toEqual([syncRunning])
  })

  test('a mistake in a field, once', async ({ page, newMember }) => {
    await page.goto(`/members/${await newMember()}/phone`)
    await page.getByRole('button', { name: flow.send }).click()
    await expect(page.getByText(en.fieldErrors.phone.empty)).toBeVisible()
    expect((await heard(page)).filter((text) => text === en.fieldErrors.phone.empty)).toHaveLength(1)
  })

  test('a warning about a number, in a region that was there before', async ({ page, newMember }) => {
    await page.goto(`/members/${await newMember()}/phone`)
    const regions = page.locator('form [role=status]')
    await expect(regions.first()).toBeAttached()
    await regions.evaluateAll((elements) => {
      for (const element of elements) element.setAttribute('data-seen', 'before')
    })
    await page.getByLabel(flow.phone.label).fill('12345678')
    await expect(page.locator('[data-seen=before]', { hasText: flow.phone.doubtful })).toBeVisible()
  })
})

/** Elements that would move, fade or change colour over time. */
function moving(page: Page): Promise<number> {
  return page.evaluate(() => {
    const lasting = [...document.querySelectorAll('*')].filter((element) => {
      const { transitionDuration, animationName } = getComputedStyle(element)
      return animationName !== 'none' || transitionDuration.split(', ').some((time) => time !== '0s')
    })
    return lasting.length + document.getAnimations().length
  })
}

test('nothing moves for those who asked for less motion', async ({ page, signedInAs, newMember }) => {
  await signedInAs('intl-admin')
  const id = await newMember()
  await page.goto('/members')
  await expect(page.getByRole('row').nth(1)).toBeVisible()
  expect(await moving(page)).toBeGreaterThan(0)
  await page.emulateMedia({ reducedMotion: 'reduce' })
  for (const path of ['/sign-in', '/members', `/members/${id}/phone`, '/sandbox']) {
    await page.goto(path)
    await expect(page.getByRole('heading', { level: 1 })).toBeAttached()
    expect(await moving(page)).toBe(0)
  }
  await page.goto('/settings')
  await page.getByRole('button', { name: en.settings.sessions.everywhere }).click()
  await expect(page.getByRole('dialog')).toBeVisible()
  expect(await moving(page)).toBe(0)
})

test('what is chosen keeps its mark where the system’s colours replace ours', async ({
  page,
  signedInAs,
}) => {
  await signedInAs('intl-admin')
  await page.emulateMedia({ forcedColors: 'active' })
  await page.goto('/members')
  const marked = (target: Locator) =>
    target.evaluate((element) => {
      const probe = document.createElement('span')
      document.body.append(probe)
      probe.attributeStyleMap.set('background-color', 'Highlight')
      probe.attributeStyleMap.set('forced-color-adjust', 'none')
      const system = getComputedStyle(probe).backgroundColor
      probe.remove()
      return getComputedStyle(element).backgroundColor === system
    })
  const tabs = page.getByRole('navigation', { name: en.members.tabs }).getByRole('link')
  expect([await marked(tabs.first()), await marked(tabs.last())]).toEqual([true, false])
  const languages = page.getByRole('radiogroup', { name: en.shell.language }).locator('label')
  expect([await marked(languages.first()), await marked(languages.last())]).toEqual([true, false])
  await page.getByRole('combobox', { name: en.members.status }).click()
  await expect(page.getByRole('option').first()).toBeVisible()
  await page.keyboard.press('ArrowDown')
  const under = page.locator('[role=option][data-highlighted]')
  expect([await marked(under), await marked(page.getByRole('option').last())]).toEqual([true, false])
})

test.describe('changing the language keeps the page and what was typed', () => {
  async function toChinese(page: Page) {
    const before = page.url()
    await page.getByRole('radio', { name: '中文' }).click()
    await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN')
    expect(page.url()).toBe(before)
  }

  test('at sign-in', async ({ page }) => {
    await page.goto('/sign-in?from=%2Fsettings')
    await page.getByRole('radio', { name: en.signIn.china }).check()
    await page.getByLabel(en.signIn.accessKeyId).fill('SANDBOX-HALF')
    await page.getByLabel(en.signIn.accessKeySecret).fill('half a secret')
    await page.getByText(en.signIn.more).click()
    await page.getByLabel(en.signIn.roleArn).fill('acs:ram::1')
    await toChinese(page)
    await expect(page.getByLabel(zh.signIn.accessKeyId)).toHaveValue('SANDBOX-HALF')
    await expect(page.getByLabel(zh.signIn.accessKeySecret)).toHaveValue('half a secret')
    await expect(page.getByLabel(zh.signIn.roleArn)).toHaveValue('acs:ram::1')
    await expect(page.getByRole('radio', { name: zh.signIn.china })).toBeChecked()
  })

  test.describe('behind it', () => {
    test.beforeEach(({ signedInAs }) => signedInAs('intl-admin'))

    test('in the list of members', async ({ page }) => {
      await page.goto('/members?type=resource&sort=-joined')
      await page.getByRole('searchbox').fill('store')
      await expect(page).toHaveURL(/q=store/)
      await toChinese(page)
      await expect(page.getByRole('searchbox', { name: zh.members.search })).toHaveValue('store')
      await expect(page.getByRole('combobox', { name: zh.members.type })).toContainText(
        zh.status.type.resource,
      )
      await expect(page).toHaveTitle(`${zh.members.title} · Muster`)
    })

    test('on the steps of a binding', async ({ page, newMember }) => {
      await page.goto(`/members/${await newMember()}/phone`)
      await page.getByRole('combobox', { name: flow.phone.country }).click()
      await page.getByPlaceholder(flow.phone.search).fill('Malaysia')
      await page.getByRole('option', { name: /Malaysia/ }).click()
      await page.getByLabel(flow.phone.label).fill('12 345 6789')
      await toChinese(page)
      await expect(page.getByLabel(zh.flow.phone.label)).toHaveValue('12 345 6789')
      await expect(page.getByRole('combobox', { name: zh.flow.phone.country })).toContainText('马来西亚')
      await page.getByRole('button', { name: zh.flow.send }).click()
      await page.getByLabel(zh.flow.code.label).fill('123')
      const before = page.url()
      await page.getByRole('radio', { name: 'EN' }).click()
      await expect(page.getByLabel(flow.code.label)).toHaveValue('123')
      expect(page.url()).toBe(before)
    })
  })
})

test('the first page of a browser shows its own times', async ({ page, signedInAs, newMember, muster }) => {
  await signedInAs('intl-admin')
  const flow = `/members/${await newMember()}/phone`
  const reply = await page.request.post(`/api${flow}/code`, {
    headers: { origin: muster.origin },
    data: { phone: '65-91234567' },
  })
  const { request } = (await reply.json()) as { request: { settledAt: string } }
  const time = new Intl.DateTimeFormat('en', {
    timeStyle: 'medium',
    hourCycle: 'h23',
    timeZone: 'Asia/Singapore',
  })
  await page.goto(flow)
  await expect(page.getByText('Accepted for sending to')).toContainText(
    time.format(new Date(request.settledAt)),
  )
})

test('a page that fails is replaced by one in the reader’s language and theme', async ({
  browser,
  muster,
}) => {
  // A browser of its own: what fails on purpose here is a complaint in any other test.
  const context = await browser.newContext({ baseURL: muster.origin, viewport: { width: 320, height: 640 } })
  await context.addCookies([
    { name: 'muster-locale', value: 'zh-CN', url: muster.origin },
    { name: 'muster-theme', value: 'dark', url: muster.origin },
  ])
  const page = await context.newPage()
  await context.request.post('/api/session/persona', {
    headers: { origin: muster.origin },
    data: { persona: 'china-admin' },
  })
  await page.goto('/members')
  await expect(page.getByRole('table')).toBeVisible()
  await page.getByRole('button', { name: zh.shell.menu }).click()
  const link = page.getByRole('dialog').getByRole('link', { name: zh.shell.settings })
  await expect(link).toBeVisible()
  await page.waitForLoadState('networkidle')
  // A console that was replaced meanwhile has its older scripts no more, and this one does not answer either.
  const gone = /\/_next\/static\/chunks\/|\/api\/health$/
  await page.route(gone, (route) => route.abort())
  await link.click()
  const title = '页面无法显示'
  await expect(page.getByRole('heading', { name: title })).toBeFocused()
  await expect(page).toHaveTitle(title)
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh')
  await expect(page.locator('html')).toHaveCSS('color-scheme', 'dark')
  await expectNoSidewaysScroll(page)
  expect(await foreignWords(page, 'zh-CN')).toEqual([])
  expect(await violationsOn(page)).toEqual([])
  await page.unroute(gone)
  await page.getByRole('button', { name: '重新加载' }).click()
  await expect(page.getByRole('heading', { name: zh.settings.title, level: 1 })).toBeVisible()
  await context.close()
})
