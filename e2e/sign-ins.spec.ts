import { personas } from '../lib/sandbox/index.ts'
import { expect, testOnOwnConsole } from './fixtures'
import { en, zh } from './messages'
import { failureOn } from './on-page'
import { enableElsewhere } from './operators'

const test = testOnOwnConsole()
const words = en.sandbox.signIns
const accountName = 'ventures-root@rdadmin.aliyunid.com'

test.describe.configure({ mode: 'default' })
test.afterEach(({ cloud }) => cloud.reset())

test('the administrator of a new management account appears on the sign-in page, and can sign in', async ({
  page,
  cloud,
  inLanguage,
  accessible,
}) => {
  await page.goto('/sign-in')
  await expect(page.getByRole('button', { name: en.signIn.persona['no-directory'].title })).toBeEnabled()
  await expect(page.getByRole('button', { name: accountName })).toHaveCount(0)
  await enableElsewhere(cloud, accountName)
  await inLanguage('zh-CN')
  await page.reload()
  const made = zh.signIn.made.replace('{company}', 'Harbour Ventures Pte. Ltd.')
  await expect(page.getByRole('button', { name: `${accountName} ${made}` })).toBeVisible()
  await inLanguage('en')
  await page.reload()
  await accessible()
  // A user whose account is now a member is refused for that reason.
  await page.getByRole('button', { name: en.signIn.persona['no-directory'].title }).click()
  await expect(failureOn(page)).toContainText('not the management account')
  await page.getByRole('button', { name: accountName }).click()
  await expect(page.getByRole('heading', { name: en.members.title, level: 1 })).toBeVisible()
  await expect(page.getByRole('link', { name: 'Harbour Ventures Pte. Ltd.' })).toBeVisible()
})

test('the sandbox’s page lists all test users with their keys, and can sign in as any of them instead', async ({
  page,
  cloud,
  signedInAs,
  accessible,
}) => {
  await signedInAs('intl-admin')
  await page.goto('/sandbox')
  const list = page.getByRole('region', { name: words.title })
  await expect(list.getByRole('listitem')).toHaveCount(personas.length)
  await enableElsewhere(cloud, accountName)
  await expect(list.getByRole('listitem')).toHaveCount(personas.length + 1)
  const made = list.getByRole('listitem').filter({ hasText: accountName })
  await expect(made).toContainText('SANDBOX-MA-VENTURES-ROOT')
  await expect(made).toContainText('sandbox-secret-ma-ventures-root')
  await accessible()

  // A refusal is shown beside the user it is about, and leaves the session unchanged.
  const jonas = list.getByRole('listitem').filter({ hasText: 'jonas.lim' })
  await jonas.getByRole('button', { name: words.signInAs }).click()
  await expect(jonas.getByRole('alert')).toContainText('not the management account')
  await made.getByRole('button', { name: words.signInAs }).click()
  await expect(page.getByRole('heading', { name: en.members.title, level: 1 })).toBeVisible()
  await expect(page.getByText('directory.admin').first()).toBeVisible()
})

test('a reset leads users whose session it removed to sign-in, and leaves others signed in', async ({
  page,
  cloud,
  signedInAs,
}) => {
  const { reset } = en.sandbox
  const resetAll = async () => {
    await page.getByRole('button', { name: reset.button }).click()
    await page.getByRole('dialog').getByRole('button', { name: reset.button }).click()
  }
  await signedInAs('no-directory')
  await page.goto('/sandbox')
  await enableElsewhere(cloud, accountName)
  await resetAll()
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await expect(page.getByRole('region', { name: words.title }).getByText(accountName)).toHaveCount(0)
  await page.reload()
  await expect(page.getByRole('heading', { name: en.sandbox.title, level: 1 })).toBeVisible()

  await signedInAs('intl-admin')
  await page.reload()
  await resetAll()
  await page.getByRole('button', { name: en.signIn.persona['china-admin'].title }).click()
  await expect(page).toHaveURL(/\/sandbox$/)
  await expect(page.getByText('li.na').first()).toBeVisible()
})
