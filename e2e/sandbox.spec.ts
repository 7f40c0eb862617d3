import { expect, test } from './fixtures'
import { en } from './messages'

const words = en.sandbox

test.beforeEach(async ({ page, signedInAs }) => {
  await signedInAs('intl-admin')
  await page.goto('/sandbox')
})

test('an armed fault occurs once, is gone, and appears among the calls', async ({
  binding,
  page,
  cloud,
  newMember,
}) => {
  const id = await newMember()
  await page.getByRole('combobox', { name: words.faults.operation }).click()
  await page.getByRole('option', { name: 'SendVerificationCodeForBindSecureMobilePhone' }).click()
  await page.getByRole('combobox', { name: words.faults.kind }).click()
  await page.getByRole('option', { name: words.faults.name.throttle }).click()
  await page.getByRole('button', { name: words.faults.arm }).click()
  await expect(page.getByRole('button', { name: /^Disarm/ })).toHaveCount(1)
  expect(await cloud.faults()).toMatchObject([
    { operation: 'SendVerificationCodeForBindSecureMobilePhone', fault: 'throttle', timesLeft: 1 },
  ])

  await binding.open(id)
  await binding.numberField.fill('91234567')
  await page.getByRole('button', { name: en.flow.send }).click()
  await expect(page.getByText('Throttling.User').first()).toBeVisible()
  await page.goto('/sandbox')
  await expect(
    page.getByRole('region', { name: words.calls.title }).getByText('Throttling.User').first(),
  ).toBeVisible()
  expect(await cloud.faults()).toEqual([])
})

test('an undocumented code is refused at its field', async ({ page, cloud }) => {
  await page.getByRole('combobox', { name: words.faults.kind }).click()
  await page.getByRole('option', { name: words.faults.name.code }).click()
  await page.getByLabel(words.faults.code, { exact: true }).fill('No.Such.Code')
  await page.getByRole('button', { name: words.faults.arm }).click()
  await expect(page.getByLabel(words.faults.code, { exact: true })).toHaveAttribute('aria-invalid', 'true')
  expect(await cloud.faults()).toEqual([])
})

test('moving the clock lets codes expire', async ({ binding, page, cloud, newMember }) => {
  const id = await newMember()
  await binding.open(id)
  await binding.numberField.fill('91230001')
  await page.getByRole('button', { name: en.flow.send }).click()
  await expect(page.getByRole('heading', { name: en.flow.code.title })).toBeVisible()
  const before = (await cloud.clock()).offsetSeconds
  await page.goto('/sandbox')
  await page.getByRole('button', { name: '+15 min' }).click()
  await expect.poll(async () => (await cloud.clock()).offsetSeconds).toBe(before + 900)
  await binding.open(id)
  await expect(page.getByText(/^The code expired at/)).toBeVisible()
})
