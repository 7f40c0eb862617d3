import { codeOf, expect, test } from './fixtures'
import { en, zh } from './messages'
import { failureOn } from './on-page'

const words = en.members

test.beforeEach(({ signedInAs }) => signedInAs('intl-admin'))

test('a phone status is loading, then known; one that failed is retried automatically', async ({
  page,
  cloud,
  muster,
}) => {
  const [easy = '', hard = ''] = await cloud.addMembers('international', [
    { displayName: 'first-visit-a' },
    { displayName: 'first-visit-b', phone: '65-92223333' },
  ])
  const refresh = await page.request.post('/api/members/refresh', {
    headers: { origin: muster.origin },
    data: {},
  })
  expect(refresh.status()).toBe(200)
  await cloud.arm({ operation: 'GetAccount', fault: 'slow:1500', times: 1, match: { accountId: easy } })
  await cloud.arm({ operation: 'GetAccount', fault: 'unavailable', times: 1, match: { accountId: hard } })
  await page.goto('/members?q=first-visit')
  const row = (name: string) => page.getByRole('row').filter({ hasText: name })
  await expect(row('first-visit-a')).toContainText(en.status.phone.loading)
  await expect(row('first-visit-b')).toContainText(en.status.phone.failed)
  // Only a request that failed is shown as failed.
  await expect(page.getByText('1 could not be checked. Trying again in a moment.')).toBeVisible()
  await expect(row('first-visit-a')).toContainText(en.status.phone.missing)
  await expect(row('first-visit-b')).toContainText(en.status.phone.bound)
  await expect(page.getByText('could not be checked')).toHaveCount(0)
})

test('phone statuses that could not be requested are retried automatically, and finally by hand', async ({
  page,
  cloud,
  muster,
  clock,
}) => {
  await cloud.addMembers('international', [{ displayName: 'no-way-back' }])
  const headers = { origin: muster.origin }
  expect((await page.request.post('/api/members/refresh', { headers, data: {} })).status()).toBe(200)
  let asked = 0
  await page.route('**/api/members/phones', (route) => {
    asked += 1
    return route.abort()
  })
  await page.goto('/members?q=no-way-back')
  const again = page.getByRole('button', { name: words.readAgain })
  await expect.poll(() => asked).toBe(1)
  await expect(failureOn(page)).toBeVisible()
  await expect(async () => {
    await clock.runFor(30_000)
    await expect(again).toBeVisible({ timeout: 1000 })
  }).toPass()
  // The first request and three automatic retries.
  expect(asked).toBe(4)
  await page.unroute('**/api/members/phones')
  await again.click()
  await expect(page.getByRole('row').filter({ hasText: 'no-way-back' })).toContainText(
    en.status.phone.missing,
  )
  await expect(again).toHaveCount(0)
})

test('names are sorted by the language on every page of the list, and found whatever their case and width', async ({
  page,
  cloud,
  muster,
}) => {
  const named = ['重庆', 'Bank', '阿里', 'МОСКВА', '北京'].map((name) => `${name} ＺＱ`)
  const rest = Array.from({ length: 50 }, (_, n) => `章${n + 10} zq`)
  const ids = await cloud.addMembers(
    'international',
    [...named, ...rest].map((displayName) => ({ displayName })),
  )
  const refresh = () =>
    page.request.post('/api/members/refresh', { headers: { origin: muster.origin }, data: {} })
  await refresh()
  const rows = page.getByRole('row').filter({ hasText: /zq|ＺＱ/ })
  const first = async (names: string[]) => {
    for (const [at, name] of names.entries()) await expect(rows.nth(at)).toContainText(name)
  }
  await page.goto('/members?q=zq')
  await expect(rows).toHaveCount(50)
  await first(['Bank', 'МОСКВА', '北京', '章10'])
  await page.getByRole('radio', { name: '中文' }).click()
  await first(['阿里', 'Bank', '北京', '重庆', '章10'])
  await page.getByRole('link', { name: zh.members.next }).click()
  await expect(page).toHaveURL(/page=2/)
  await expect(rows).toHaveCount(5)
  await first(['章56', '章57', '章58', '章59', 'МОСКВА'])
  await page.getByRole('radio', { name: 'EN' }).click()
  await first(['章57', '章58', '章59', '重庆', '阿里'])
  await page.goto('/members?q=москва')
  await expect(rows).toHaveCount(1)
  await first(['МОСКВА'])

  // Pages of other tests must be in one language: a member that two syncs miss is removed from the list.
  for (const id of ids) await cloud.removeMember(id)
  for (let syncs = 0; syncs < 2; syncs++) expect((await refresh()).status()).toBe(200)
})

test('members with a code sent or an unknown outcome are found by a filter, and tabs count within it', async ({
  page,
  cloud,
  muster,
}) => {
  const [sent = '', unknown = ''] = await cloud.addMembers('international', [
    { displayName: 'pending-a' },
    { displayName: 'pending-b' },
  ])
  const post = async (path: string, data: object = {}) =>
    (await page.request.post(path, { headers: { origin: muster.origin }, data })).json()
  await post('/api/members/refresh')
  const match = { accountId: unknown }
  for (const id of [sent, unknown]) {
    const { request } = await post(`/api/members/${id}/phone/code`, { phone: '65-91234567' })
    if (id !== unknown) continue
    await cloud.arm({ operation: 'BindSecureMobilePhone', fault: 'reset', effect: false, match })
    await cloud.arm({ operation: 'GetAccount', fault: 'unavailable', times: 100, match })
    await post(`/api/members/${id}/phone`, { requestId: request.id, code: await codeOf(cloud, id) })
  }
  await page.goto('/members?q=pending-')
  await expect(page.getByRole('row')).toHaveCount(3)
  await page.getByRole('combobox', { name: words.open }).click()
  await page.getByRole('option', { name: en.status.open.code_sent }).click()
  await expect(page).toHaveURL(/open=code_sent/)
  await expect(page.getByRole('row')).toHaveCount(2)
  await expect(page.getByRole('link', { name: 'pending-a' })).toBeVisible()
  const tab = page.getByRole('navigation', { name: words.tabs }).getByRole('link')
  await expect(tab.filter({ hasText: words.all })).toHaveText(`${words.all}1`)
  await expect(tab.filter({ hasText: en.status.phone.bound })).toHaveText(`${en.status.phone.bound}0`)
  await page.goto('/members?q=pending-&open=outcome_unknown')
  await expect(page.getByRole('link', { name: 'pending-b' })).toBeVisible()
  await expect(page.getByRole('row')).toHaveCount(2)
})

test('browser tabs are named after their member or network', async ({ binding, page, cloud, newMember }) => {
  const id = await newMember({ displayName: 'named-tab' })
  await page.goto(`/members/${id}`)
  await expect(page).toHaveTitle('named-tab · Muster')
  await binding.open(id)
  await expect(page).toHaveTitle(`named-tab · ${en.bind.title} · Muster`)
  const [network = ''] = await cloud.addNetworks('international', [{ name: 'named-office' }])
  await page.goto(`/networks/ap-southeast-1/${encodeURIComponent(network)}/attach`)
  await expect(page).toHaveTitle(`named-office · ${en.attach.title} · Muster`)
})

test('the sandbox inbox counts new messages, and opens beside the flow', async ({
  binding,
  page,
  newMember,
}) => {
  const id = await newMember()
  await binding.open(id)
  await binding.numberField.fill('91230042')
  await page.getByRole('button', { name: en.flow.send }).click()
  const strip = page.getByRole('region', { name: en.shell.sandbox, exact: true })
  await expect(strip).toContainText(/[1-9]\d* new/)
  const code = binding.codeField
  await code.fill('12')
  await strip.getByRole('button', { name: en.shell.openInbox }).click()
  const aside = page.getByRole('complementary', { name: en.shell.inbox })
  await expect(aside).toBeFocused()
  await expect(aside.getByRole('listitem').first()).toContainText('91230042')
  await expect(strip).not.toContainText('new')
  // The flow is unchanged, beside the inbox or, on a phone, above it.
  await expect(code).toHaveValue('12')
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 800 })
    await code.focus()
    const [field, panel] = [await code.boundingBox(), await aside.boundingBox()]
    if (!field || !panel) throw new Error('not shown')
    const beside = field.x + field.width <= panel.x
    expect([width, beside || field.y + field.height <= panel.y]).toEqual([width, true])
  }
  await aside.press('Escape')
  await expect(aside).toHaveCount(0)
  await expect(strip.getByRole('button', { name: en.shell.openInbox })).toBeFocused()
})

test('who pays for a member is read after the page, and a failure stays in its row', async ({
  page,
  cloud,
}) => {
  const [created = '', invited = ''] = await cloud.addMembers('international', [
    {},
    { joinMethod: 'invited' },
  ])
  const row = page.getByRole('term').filter({ hasText: en.member.payer.label }).locator('..')
  await cloud.arm({
    operation: 'GetPayerForAccount',
    fault: 'code:NoPermission',
    times: 1,
    match: { accountId: created },
  })
  await page.goto(`/members/${created}`)
  await expect(row).toContainText('resourcemanager:GetPayerForAccount')
  await expect(row).toContainText('Ask the person who manages')
  await expect(row).toContainText(/NoPermission [0-9A-F-]{36}/)
  await expect(page.getByRole('heading', { name: en.member.phone.title })).toBeVisible()
  await row.getByRole('button', { name: en.common.tryAgain }).click()
  await expect(row).toContainText('5182640937715520')
  await page.goto(`/members/${invited}`)
  await expect(row).toContainText(en.member.payer.itself)
})
