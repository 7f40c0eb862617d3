import { expect, test } from './fixtures'
import { en } from './messages'
import { failureOn } from './on-page'

const words = en.signIn

test.beforeEach(({ page }) => page.goto('/sign-in').then(() => undefined))

test('the root key and a member account’s user are refused, with what to do next', async ({ page }) => {
  await page.getByRole('button', { name: words.persona.root.title }).click()
  await expect(failureOn(page)).toContainText(en.errors.signin.root_refused.next)
  await page.getByRole('button', { name: words.persona.member.title }).click()
  await expect(failureOn(page)).toContainText('not the management account')
  await expect(page).toHaveURL(/sign-in/)
})

test('a company without a directory is led to enabling one, and its member list says that there is none', async ({
  page,
}) => {
  await page.getByRole('button', { name: words.persona['no-directory'].title }).click()
  await expect(page.getByRole('heading', { name: en.enable.choose.title })).toBeVisible()
  await page.goto('/members')
  await expect(page.getByText(en.members.noDirectory.title)).toBeVisible()
})

test('a read-only user can view, and is shown the name of the missing permission on sending', async ({
  page,
  newMember,
  accessible,
}) => {
  const id = await newMember()
  await page.getByRole('button', { name: words.persona['read-only'].title }).click()
  await expect(page.getByRole('heading', { name: en.members.title, level: 1 })).toBeVisible()
  // The list reads the phones of its rows first: together with those, the next call could exceed the rate limit.
  await page.waitForLoadState('networkidle')
  await page.goto(`/members/${id}/phone`)
  await page.getByLabel(en.flow.phone.label).fill('91234567')
  await page.getByRole('button', { name: en.flow.send }).click()
  await expect(failureOn(page)).toContainText('resourcemanager:SendVerificationCodeForBindSecureMobilePhone')
  await accessible()
})

test('a key: its mistakes are shown at the field, and what was typed stays', async ({ page }) => {
  await page.getByRole('button', { name: words.submit }).click()
  await expect(page.getByText(en.fieldErrors.input.required)).toHaveCount(2)
  await expect(page.getByLabel(words.accessKeyId)).toBeFocused()

  await page.getByLabel(words.accessKeyId).fill('LTAI5tSomebodysRealKey')
  await page.getByLabel(words.accessKeySecret).fill('sandbox-secret-intl-admin')
  await page.getByRole('button', { name: words.submit }).click()
  await expect(page.getByText(en.fieldErrors.signin.sandbox_keys_only)).toBeVisible()

  await page.getByLabel(words.accessKeyId).fill('SANDBOX-INTL-ADMIN')
  await page.getByLabel(words.accessKeySecret).fill('wrong')
  await page.getByRole('button', { name: words.submit }).click()
  await expect(page.getByText(en.fieldErrors.signin.secret_wrong)).toBeVisible()
  await expect(page.getByLabel(words.accessKeyId)).toHaveValue('SANDBOX-INTL-ADMIN')

  await page.getByLabel(words.accessKeySecret).fill('sandbox-secret-intl-admin')
  await page.getByRole('button', { name: words.submit }).click()
  await expect(page.getByRole('heading', { name: en.members.title, level: 1 })).toBeVisible()
})

test('changing the language keeps the page and what was typed', async ({ page }) => {
  await page.getByLabel(words.accessKeyId).fill('SANDBOX-HALF')
  await page.getByRole('radio', { name: '中文' }).click()
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN')
  await expect(page.getByLabel('AccessKey ID')).toHaveValue('SANDBOX-HALF')
})

test('a temporary key requires its security token, whose field appears', async ({ page }) => {
  await page.goto('/sign-in')
  await page.getByLabel(words.accessKeyId).fill('STS.NUExample')
  await page.getByLabel(words.accessKeySecret).fill('secret')
  await page.getByRole('button', { name: words.submit, exact: true }).click()
  await expect(page.getByText(en.fieldErrors.key.token_required)).toBeVisible()
  await expect(page.getByLabel(words.securityToken)).toBeFocused()
  await expect(page.getByLabel(words.accessKeySecret)).toHaveValue('secret')
})

test('signing in leads to the page that was requested; signing out ends the session', async ({
  page,
  newMember,
}) => {
  const id = await newMember({ displayName: 'way-back' })
  await page.goto(`/members/${id}`)
  await expect(page).toHaveURL(/\/sign-in\?from=/)
  await page.getByRole('button', { name: words.persona['intl-admin'].title }).click()
  await expect(page.getByRole('heading', { name: 'way-back', level: 1 })).toBeVisible()
  await page.getByRole('button', { name: 'Signed in as wei.tan' }).click()
  await page.getByRole('menuitem', { name: en.shell.signOut }).click()
  await expect(page.getByRole('heading', { name: words.title, level: 1 })).toBeVisible()
  await page.goto('/members')
  await expect(page).toHaveURL(/\/sign-in/)
})

test('a link cannot send people to another site after sign-in', async ({ page, muster }) => {
  await page.goto('/sign-in?from=//evil.example/x')
  await page.getByRole('button', { name: words.persona['intl-admin'].title }).click()
  await expect(page).toHaveURL(`${muster.origin}/members`)
})

test('a role’s session that ends upstream leads a page to sign-in, and back to the page', async ({
  page,
  cloud,
  signedInAs,
}) => {
  await signedInAs('intl-admin')
  // The first read of the directory makes this call: nothing is cached yet.
  await cloud.arm({ operation: 'ListAccounts', fault: 'code:InvalidSecurityToken.Expired', times: 3 })
  await page.goto('/members?q=a')
  await expect(page).toHaveURL(/\/sign-in\?ended=1&from=%2Fmembers%3Fq%3Da$/)
  await expect(page.getByRole('heading', { name: words.title, level: 1 })).toBeVisible()
  await cloud.disarmAll()
  await page.getByRole('button', { name: words.persona['intl-admin'].title }).click()
  await expect(page).toHaveURL(/\/members\?q=a$/)
  await expect(page.getByRole('heading', { name: en.members.title, level: 1 })).toBeVisible()
})

test('a route that finds the session ended upstream clears its cookie', async ({
  page,
  context,
  cloud,
  signedInAs,
}) => {
  await signedInAs('intl-admin')
  const held = async () =>
    (await context.cookies()).map(({ name }) => name).filter((name) => /-\d+$/.test(name))
  expect(await held()).toHaveLength(1)
  await cloud.arm({ operation: 'ListAccounts', fault: 'code:InvalidSecurityToken.Expired', times: 3 })
  const reply = await page.request.get('/api/members?page=1')
  expect(reply.status()).toBe(401)
  expect(await held()).toEqual([])
})
