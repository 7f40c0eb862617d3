import type { Locator, Page } from '@playwright/test'
import { codeOf, expect, test } from './fixtures'
import { en } from './messages'
import { announcements, openReady, recordAnnouncements } from './on-page'

const words = en.bind
const { flow } = en
const focused = (target: Locator) => target.evaluate((element) => element === document.activeElement)

/** Why the focused element is not visibly focused; null if it is. */
function focusFault(page: Page): Promise<string | null> {
  return page.evaluate(() => {
    const element = document.activeElement
    if (!element || element === document.body) return 'nothing has focus'
    // The skip link moves focus to `main`, possibly after the next key. It is not a control and needs no outline.
    if (element.matches('main')) return null
    const name = element.outerHTML.slice(0, 200)
    // A radio shows its focus on the label, an input on its frame.
    const drawn = (element.matches('input') && element.closest('label, .control')) || element
    const { outlineStyle, outlineWidth, outlineColor, boxShadow } = getComputedStyle(drawn)
    const outlined = outlineStyle !== 'none' && outlineWidth !== '0px' && !/, 0\)$/.test(outlineColor)
    const framed = drawn.matches('.control') && boxShadow !== 'none'
    if (!outlined && !framed) return `no focus indicator on ${name}`
    const { left, right, top, bottom } = drawn.getBoundingClientRect()
    const x = (Math.max(left, 0) + Math.min(right, innerWidth)) / 2
    const y = (Math.max(top, 0) + Math.min(bottom, innerHeight)) / 2
    const above = document.elementFromPoint(x, y)
    if (!above || !(drawn.contains(above) || above.contains(drawn))) return `something covers ${name}`
    return null
  })
}

/** Moves focus there by the Tab key alone; every stop must be visibly focused. */
async function tabTo(page: Page, target: Locator, key = 'Tab'): Promise<void> {
  await expect(target).toBeEnabled()
  for (let presses = 0; presses < 100; presses++) {
    await page.keyboard.press(key)
    expect(await focusFault(page)).toBeNull()
    if (await focused(target)) return
  }
  throw new Error(`the Tab key does not reach ${target}`)
}

/** The number of elements with an animation or a transition. */
function moving(page: Page): Promise<number> {
  return page.evaluate(() => {
    const lasting = [...document.querySelectorAll('*')].filter((element) => {
      const { transitionDuration, animationName } = getComputedStyle(element)
      return animationName !== 'none' || transitionDuration.split(', ').some((time) => time !== '0s')
    })
    return lasting.length + document.getAnimations().length
  })
}

test.describe('by keyboard alone', () => {
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

    // The console may have read the list before the member was added.
    await tabTo(page, page.getByRole('button', { name: en.members.refresh }))
    await keyboard.press('Enter')
    await keyboard.press('/')
    await expect(page.getByRole('searchbox')).toBeFocused()
    await keyboard.type('keyboard-only')
    // The header and the only match.
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

  test('menus, lists and dialogs open, can be navigated, close and return focus', async ({
    page,
    signedInAs,
  }) => {
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

    // Up through a long list with a sticky header.
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

test.describe('after a navigation', () => {
  const title = (page: Page, name: string) => page.getByRole('heading', { name, level: 1 })
  const inNavigation = (page: Page, name: string) =>
    page.getByRole('navigation', { name: en.shell.nav }).getByRole('link', { name })
  const operator = (page: Page) => page.getByRole('button', { name: /wei\.tan/ })

  test.beforeEach(async ({ page, signedInAs }) => {
    await signedInAs('intl-admin')
    await recordAnnouncements(page)
  })

  test('a freshly loaded page starts at its top', async ({ page }) => {
    await openReady(page, '/members')
    await expect(page.getByRole('row').nth(1)).toBeVisible()
    await page.keyboard.press('Tab')
    await expect(page.getByRole('link', { name: en.shell.skip })).toBeFocused()
  })

  test('focus moves to the heading, after Back to the link that was followed; each page is announced once', async ({
    page,
    newMember,
  }) => {
    const id = await newMember({ displayName: 'focus-there' })
    await openReady(page, `/members/${id}`)
    const bind = page.getByRole('link', { name: en.member.actions.bind })
    await bind.press('Enter')
    await expect(title(page, words.number.title)).toBeFocused()
    await page.keyboard.press('Tab')
    await expect(page.getByRole('combobox', { name: flow.phone.country })).toBeFocused()
    // Screen readers read the focused element anyway.
    const announced = async () =>
      (await announcements(page)).filter((text) =>
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
    // Forward, too, restores the link followed from a page; from the last page, none was followed.
    await page.goForward()
    await expect(inNavigation(page, en.shell.settings)).toBeFocused()
    await page.goForward()
    await expect(title(page, en.settings.title)).toBeFocused()
    await expect.poll(announced).toEqual([words.number.title, 'focus-there', words.number.title])
  })

  test('focus moves to the heading if the link was in a menu that has closed', async ({ page }) => {
    await openReady(page, '/members')
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

  test('focus moves to a heading that appears late: a page that does not exist, sign-in after the session ended', async ({
    page,
    muster,
  }) => {
    await openReady(page, '/members')
    // The list reads the phones of its rows first: together with those, the next call could exceed the rate limit.
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

  test('changing the search, filter, order or language of a page leaves focus where it is', async ({
    page,
  }) => {
    await openReady(page, '/members')
    const tabs = page.getByRole('navigation', { name: en.members.tabs })
    // Until the phone statuses are read, the list of one status is empty for a moment, without a header.
    await expect(tabs.getByRole('link').nth(2)).toHaveText(/\D0$/)
    const search = page.getByRole('searchbox')
    await search.pressSequentially('store')
    await expect(page).toHaveURL(/q=store/)
    await expect(search).toBeFocused()
    const missing = tabs.getByRole('link').nth(1)
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

  test('Back returns to the page where the skip link was used', async ({ page }) => {
    await openReady(page, '/members')
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

test.describe('when the focused element disappears, focus stays nearby', () => {
  test.beforeEach(({ signedInAs }) => signedInAs('intl-admin'))

  test('filters of a list, and the link out of an empty one', async ({ page }) => {
    await openReady(page, '/members?type=cloud&q=nobody-of-this-name')
    const type = page.getByRole('combobox', { name: en.members.type })
    await page.getByRole('button', { name: 'Clear the filter Type' }).press('Enter')
    await expect(page).not.toHaveURL(/type=/)
    await expect(type).toBeFocused()
    await page.getByRole('link', { name: en.members.empty.showAll }).press('Enter')
    await expect(page.getByRole('row').nth(1)).toBeVisible()
    await page.keyboard.press('Tab')
    await expect(page.getByRole('columnheader').first().getByRole('link')).toBeFocused()

    await openReady(page, '/members?type=cloud')
    await page.getByRole('link', { name: en.members.clear }).press('Enter')
    await expect(page.getByRole('group', { name: 'Filters', exact: true })).toBeFocused()
    await page.keyboard.press('Tab')
    await expect(page.getByRole('searchbox')).toBeFocused()
  })

  test('a row that is removed', async ({ page, cloud }) => {
    await cloud.arm({ operation: 'ListAccounts', fault: 'throttle', times: 5 })
    await openReady(page, '/sandbox')
    await page
      .getByRole('button', { name: /^Disarm/ })
      .first()
      .press('Enter')
    await expect(page.getByRole('heading', { name: en.sandbox.faults.title })).toBeFocused()
  })

  test('the button that shows the rest of a list', async ({ page, elsewhere, signedInAs }) => {
    for (let others = 0; others < 6; others++) await elsewhere('china-admin')
    await signedInAs('china-admin')
    await openReady(page, '/settings')
    const sessions = page.getByRole('region', { name: en.settings.sessions.title })
    await expect(sessions.getByRole('listitem')).toHaveCount(5)
    await sessions.getByRole('button', { name: /more/ }).press('Enter')
    await expect(sessions.getByRole('listitem').nth(5)).toBeFocused()
  })

  test('focus that has already moved elsewhere is left alone', async ({ page, cloud }) => {
    await cloud.arm({ operation: 'ListAccounts', fault: 'throttle', times: 5 })
    await openReady(page, '/sandbox')
    const disarm = page.getByRole('button', { name: /^Disarm/ })
    await disarm.first().focus()
    await page.getByRole('main').click({ position: { x: 5, y: 5 } })
    await cloud.disarmAll()
    await expect(disarm).toHaveCount(0)
    // The page polls again much later than focus would have moved.
    await page.waitForResponse(/\/api\/sandbox\b/)
    await expect(page.getByRole('heading', { name: en.sandbox.faults.title })).not.toBeFocused()
  })
})

test('nothing moves when reduced motion is preferred', async ({ page, signedInAs, newMember }) => {
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

test('selected items stay marked in forced colors', async ({ page, signedInAs }) => {
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
