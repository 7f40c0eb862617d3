import { codeOf, expect, test } from './fixtures'
import { BindPage, wrongOf } from './flow-page'
import { en } from './messages'

const words = en.bind
const { flow } = en
const send = 'SendVerificationCodeForBindSecureMobilePhone'
const bind = 'BindSecureMobilePhone'

test.beforeEach(({ signedInAs }) => signedInAs('intl-admin'))

test('two clicks send one code', async ({ binding, cloud, newMember }) => {
  const id = await newMember()
  await binding.open(id)
  await binding.numberField.fill('91234567')
  await binding.button(flow.send).dblclick()
  await binding.asksForCode()
  // The code step is shown while the send is still in flight, too.
  await expect.poll(() => cloud.calls({ operation: send, target: id })).toHaveLength(1)
  await expect(binding.button(/^Send again in/)).toBeVisible()
  expect(await cloud.calls({ operation: send, target: id })).toHaveLength(1)
})

test('focus follows the steps, and each outcome is announced', async ({
  binding,
  page,
  cloud,
  newMember,
}) => {
  const id = await newMember()
  await binding.open(id)
  await binding.country.click()
  await page.getByPlaceholder(flow.phone.search).fill('86')
  await expect(page.getByText(flow.phone.chinaAbsent)).toBeVisible()
  await page.getByPlaceholder(flow.phone.search).fill('Malaysia')
  await page.getByRole('option', { name: /Malaysia/ }).click()
  await binding.send('123456789')
  await expect(binding.codeField).toBeFocused()
  await expect(binding.announced).toContainText(flow.announce.accepted)
  await expect(binding.announced).toContainText('The code is valid for another 15 minutes.')

  await binding.changeNumber()
  await expect(binding.numberField).toBeFocused()
  await expect(binding.country).toContainText('Malaysia')

  await cloud.advance(60)
  await binding.numberField.fill('91234567')
  await binding.send()
  await expect(binding.codeField).toBeFocused()
  await binding.bind(await codeOf(cloud, id))
  await expect(binding.title(/^Phone bound to/)).toBeFocused()
  await expect(binding.announced).toHaveText(words.announce.bound)
})

test('a wrong code keeps what was typed and shows the attempts left, and the right one binds', async ({
  binding,
  page,
  cloud,
  newMember,
}) => {
  const id = await newMember()
  await binding.start(id)
  const code = await codeOf(cloud, id)
  await binding.bind(wrongOf(code))
  await expect(page.getByText('9 attempts left')).toBeVisible()
  await expect(binding.codeField).toBeFocused()
  await expect(binding.codeField).toHaveValue(wrongOf(code))
  await binding.bind(code)
  await binding.isBound()
})

test('codes are accepted as people paste them, and mistakes are shown before any call', async ({
  binding,
  page,
  cloud,
  newMember,
}) => {
  const id = await newMember()
  await binding.start(id)
  for (const [typed, error] of [
    ['', en.fieldErrors.code.empty],
    ['12345', en.fieldErrors.code.too_short],
    ['1234567', en.fieldErrors.code.too_long],
    ['12a456', en.fieldErrors.code.not_digits],
  ] as const) {
    await binding.bind(typed)
    await expect(page.getByText(error)).toBeVisible()
  }
  expect(await cloud.calls({ operation: bind, target: id })).toHaveLength(0)
  const code = await codeOf(cloud, id)
  const fullWidth = [...code].map((digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0)).join('')
  await binding.bind(` ${fullWidth.slice(0, 3)}–${fullWidth.slice(3)} `)
  await binding.isBound()
})

test('sending again waits for the server’s cool-down, and only the newest code binds', async ({
  binding,
  page,
  cloud,
  newMember,
}) => {
  const id = await newMember()
  await binding.open(id)
  await binding.send('91234567')
  await expect(binding.button(/^Send again in 0:[345]\d/)).toBeVisible()
  const old = await codeOf(cloud, id)
  await page.reload()
  await expect(binding.button(/^Send again in 0:[345]\d/)).toBeVisible()
  await cloud.advance(60)
  await page.reload()
  await binding.sendAgain()
  await expect(page.getByText('send 2 in 24 hours')).toBeVisible()
  const code = await codeOf(cloud, id)
  if (old !== code) {
    await binding.bind(old)
    await expect(page.getByText('9 attempts left')).toBeVisible()
  }
  await binding.bind(code)
  await binding.isBound()
})

test('the sender can discard a code, and a read-only operator is shown why they cannot', async ({
  binding,
  page,
  elsewhere,
  cloud,
  newMember,
  accessible,
}) => {
  const id = await newMember()
  await binding.open(id)
  await binding.send('91234567')
  const other = await BindPage.in(await elsewhere('read-only'), id)
  await other.asksForCode()
  await expect(
    other.page.getByText(
      /^To discard this code, you must be wei\.tan, a console administrator, or an operator who sent a code/,
    ),
  ).toBeVisible()
  await other.lacksButton(flow.discard.verb)

  await binding.button(flow.discard.verb).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText(flow.discard.body)
  await accessible()
  await dialog.getByRole('button', { name: en.common.cancel }).click()
  await binding.asksForCode()
  await binding.button(flow.discard.verb).click()
  await dialog.getByRole('button', { name: flow.discard.confirm }).click()
  await binding.shows(words.number.title)
  await expect(page.getByText(/^You discarded it at /)).toBeVisible()
  await expect(other.page.getByText(/^wei\.tan discarded it at /)).toBeVisible()
  expect((await cloud.member(id)).securePhone).toBeUndefined()
  await page.goto(`/members/${id}`)
  await expect(page.getByText(/discarded by wei\.tan/)).toBeVisible()
})

test('a reload, and a second browser, find the same step', async ({
  binding,
  page,
  elsewhere,
  cloud,
  newMember,
}) => {
  const id = await newMember()
  await binding.start(id)
  await page.reload()
  await binding.asksForCode()

  const other = await BindPage.in(await elsewhere('intl-admin'), id)
  await other.asksForCode()
  await other.bind(await codeOf(cloud, id))
  await other.isBound()
  await binding.isBound()
})

test('a call in flight from another browser is shown, and cannot be repeated', async ({
  binding,
  elsewhere,
  cloud,
  newMember,
}) => {
  const id = await newMember()
  // The cloud is slower than the call deadline: calls stay in flight for a while, then they are reconciled.
  const found = /now has a secure phone$/
  const other = await BindPage.in(await elsewhere('intl-admin'), id)

  await cloud.arm({ operation: send, fault: 'slow:6000', match: { accountId: id } })
  await binding.open(id)
  await binding.send('91234567')
  await expect.poll(() => cloud.calls({ operation: send, target: id })).toHaveLength(1)
  await other.reload()
  await expect(other.page.getByText(/^A code is being sent to/)).toBeVisible()
  await expect(other.codeField).toHaveCount(0)
  await expect(other.page.getByRole('heading', { name: words.review.title })).toHaveCount(0)
  await other.lacksButton(words.bind)
  await other.lacksButton(words.changeNumber)
  await expect(other.page.getByText(flow.noRequestId)).toHaveCount(0)
  await expect(other.codeField).toBeFocused()

  await cloud.arm({ operation: bind, fault: 'slow:6000', match: { accountId: id } })
  await binding.bind(await codeOf(cloud, id))
  await expect.poll(() => cloud.calls({ operation: bind, target: id })).toHaveLength(1)
  await other.reload()
  await expect(other.page.getByText(/binding this phone now/)).toBeVisible()
  await expect(other.page.getByText(flow.sending).locator('visible=true')).toHaveCount(0)
  await other.lacksButton(words.changeNumber)
  await other.shows(found)
  await binding.shows(found)
  expect(await cloud.calls({ operation: bind, target: id })).toHaveLength(1)
})

test('a code sent from another browser is announced and does not move focus', async ({
  binding,
  page,
  elsewhere,
  cloud,
  newMember,
}) => {
  const id = await newMember()
  await binding.open(id)
  await binding.send('91234567')
  await expect(binding.codeField).toBeFocused()
  await cloud.advance(60)
  const second = await BindPage.in(await elsewhere('intl-admin'), id)
  const crumb = page.getByRole('navigation', { name: en.shell.breadcrumb }).getByRole('link').first()
  await crumb.focus()
  await second.sendAgain()
  await expect(binding.announced).toContainText(/^A newer code was sent by .+\. Enter that one\./)
  await expect(crumb).toBeFocused()
})
