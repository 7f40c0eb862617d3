import type { Page } from '@playwright/test'
import { expect, testOnOwnConsole } from './fixtures'
import { en, zh } from './messages'
import { failureOn } from './on-page'
import { personaOf } from './operators'

const { accountId: harbour } = personaOf('intl-admin')
const { accountId: ventures } = personaOf('no-directory')
const test = testOnOwnConsole({ MUSTER_ACCOUNTS: `${harbour},${ventures}` })

test.describe.configure({ mode: 'default' })
test.afterEach(({ cloud }) => cloud.reset())

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
/** Matches an ID with its digits grouped or not. */
const inGroups = (id: string) => new RegExp(id.replace(/(.{4})(?=.)/g, '$1\\s*'))

for (const [language, all] of [
  ['en', en],
  ['zh-CN', zh],
] as const) {
  test(`an account that is not allowed is shown what to do next, and no account ID, in ${language}`, async ({
    page,
    inLanguage,
    accessible,
  }) => {
    await inLanguage(language)
    await page.goto('/sign-in')
    await page.getByRole('button', { name: all.signIn.persona['china-admin'].title }).click()
    const { cause, next } = all.errors.signin.account_not_allowed
    await expect(failureOn(page)).toContainText(cause)
    await expect(failureOn(page)).toContainText(next)
    await expect(failureOn(page)).not.toContainText(/\d{16}/)
    await accessible()
  })

  test(`a role of another account is refused at its field, in ${language}`, async ({ page, inLanguage }) => {
    await inLanguage(language)
    await page.goto('/sign-in')
    await page.getByLabel(all.signIn.accessKeyId).fill('SANDBOX-INTL-ADMIN')
    await page.getByLabel(all.signIn.accessKeySecret, { exact: true }).fill('sandbox-secret-intl-admin')
    await page.getByText(all.signIn.more).click()
    await page.getByLabel(all.signIn.roleArn).fill(`acs:ram::${ventures}:role/harbour-group-admin`)
    await button(page, all.signIn.submit).click()
    const next = all.errors.signin.role_of_other_account.next.replaceAll('{account}', harbour)
    const words = new RegExp(`${all.fieldErrors.signin.role_of_other_account}.*${next.slice(0, 20)}`)
    await expect(page.getByLabel(all.signIn.roleArn)).toHaveAccessibleDescription(words)
    await expect(page.getByLabel(all.signIn.roleArn)).toBeFocused()
    await expect(page).toHaveURL(/\/sign-in$/)
  })

  test(`the result names the new management account that must be allowed to sign in, in ${language}`, async ({
    page,
    cloud,
    inLanguage,
    signedInWithoutDirectory,
    accessible,
  }) => {
    await signedInWithoutDirectory()
    await inLanguage(language)
    const t = all.enable
    const prefix = language === 'en' ? 'allow-en' : 'allow-zh'
    await page.goto('/directory/enable?mode=new')
    await page.getByLabel(t.phone.name).fill(prefix)
    await button(page, all.flow.send).click()
    await expect(page.getByLabel(all.flow.code.label)).toBeFocused()
    const [message] = await cloud.messages({ to: '65-81000002' })
    await page.getByLabel(all.flow.code.label).fill(message?.code ?? '')
    await page.locator('input[name=confirmation]').fill(ventures)
    await button(page, t.enable).click()
    await expect(page.getByRole('heading', { name: t.done.title, level: 1 })).toBeFocused()
    const made = (await cloud.personas()).find(({ accountName }) => accountName.startsWith(`${prefix}@`))
    const step = page.getByRole('listitem').filter({ hasText: 'MUSTER_ACCOUNTS' })
    await expect(step).toHaveText(inGroups(made?.accountId ?? 'no account was created'))
    await accessible()

    // The new management account is not allowed to sign in yet.
    await page.getByRole('link', { name: t.done.new.open, exact: true }).click()
    await page.getByRole('button', { name: `${prefix}@` }).click()
    await expect(failureOn(page)).toContainText(all.errors.signin.account_not_allowed.cause)
  })
}
