import { codeOf, expect, test } from './fixtures'
import { en, zh } from './messages'
import { failureOn } from './on-page'

const words = en.bind
const { flow } = en

test.beforeEach(({ signedInAs }) => signedInAs('intl-admin'))

test('help for a missing code opens automatically half a minute after the send', async ({
  binding,
  page,
  newMember,
  clock,
}) => {
  await binding.open(await newMember())
  await binding.send('91234567')
  const help = page.getByRole('group').filter({ hasText: flow.notArrived.title })
  await expect(help).toBeVisible()
  await expect(help).not.toHaveAttribute('open')
  await clock.fastForward(31_000)
  await expect(help).toHaveAttribute('open')
  await expect(help).toContainText('4567')
})

test('a number of several members is shown with their names, and whether it is bound there', async ({
  binding,
  page,
  cloud,
  newMember,
  muster,
}) => {
  const post = async (path: string, data: object) =>
    (await page.request.post(path, { headers: { origin: muster.origin }, data })).json()
  async function give(displayName: string, bound: boolean) {
    const id = await newMember({ displayName })
    const path = `/api/members/${id}/phone`
    const { request } = await post(`${path}/code`, { phone: '65-97770001' })
    if (bound) await post(path, { requestId: request.id, code: await codeOf(cloud, id) })
  }
  const field = binding.numberField
  await give('twin-a', true)
  await binding.open(await newMember())
  await field.fill('97770001')
  await expect(page.getByText('This number is already bound to twin-a.')).toBeVisible()

  for (const name of ['twin-b', 'twin-c', 'twin-d']) await give(name, false)
  await page.reload()
  await field.fill('97770001')
  await expect(
    page.getByText(/^This number is also used for (twin-\w, ){2}twin-\w and 1 more\.$/),
  ).toBeVisible()
})

test('a missing permission links to the policy to ask for', async ({
  binding,
  page,
  signedInAs,
  newMember,
}) => {
  await signedInAs('read-only')
  await binding.open(await newMember())
  await binding.send('91234567')
  await failureOn(page).getByRole('link', { name: en.common.openSettings }).click()
  await expect(page.getByRole('heading', { name: en.settings.title, level: 1 })).toBeVisible()
  await expect(
    page.getByText('resourcemanager:SendVerificationCodeForBindSecureMobilePhone').first(),
  ).toBeVisible()
})

test('when nothing is left to do for a member, the next member is the primary action', async ({
  binding,
  page,
  newMember,
}) => {
  // Reading its status makes it known to have no phone.
  expect((await page.request.get(`/api/members/${await newMember()}/phone`)).status()).toBe(200)
  await binding.open(await newMember({ phone: '65-90000009' }))
  const next = page.getByRole('region', { name: words.nextMember.title }).getByRole('link').first()
  const again = page.getByRole('button', { name: words.blocked.readAct })
  const ground = (target: typeof next) =>
    target.evaluate((element) => getComputedStyle(element).backgroundColor)
  expect(await ground(next)).not.toBe(await ground(again))
  const href = (await next.getAttribute('href')) ?? ''
  expect(href).toMatch(/^\/members\/\d{16}\/phone$/)
  await next.click()
  await expect(page).toHaveURL((url) => url.pathname === href)
})

test('on a Chinese page a country can also be found by its English name', async ({
  binding,
  page,
  newMember,
  inLanguage,
}) => {
  await inLanguage('zh-CN')
  await binding.open(await newMember())
  await page.getByRole('combobox', { name: zh.flow.phone.country }).click()
  for (const typed of ['Germany', 'ger', '德国', '49']) {
    await page.getByPlaceholder(zh.flow.phone.search).fill(typed)
    await expect(page.getByRole('option', { name: /德国/ })).toBeVisible()
  }
  await page.getByPlaceholder(zh.flow.phone.search).fill('many')
  await expect(page.getByText(zh.flow.phone.none)).toBeVisible()
})

test('the inbox names the member a code is for', async ({ page, newMember, muster }) => {
  const id = await newMember({ displayName: 'named-in-the-inbox' })
  await page.request.post(`/api/members/${id}/phone/code`, {
    headers: { origin: muster.origin },
    data: { phone: '65-91234567' },
  })
  await page.goto('/sandbox')
  const inbox = page.getByRole('region', { name: en.sandbox.inbox.title })
  await expect(inbox.getByRole('listitem').filter({ hasText: 'named-in-the-inbox' })).toContainText(
    '65-91234567',
  )
})
