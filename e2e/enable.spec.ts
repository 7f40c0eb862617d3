import { accountId, enablings, sends, suffix, test } from './enabling'
import { codeOf, expect } from './fixtures'
import { EnablePage } from './flow-page'
import { en, zh } from './messages'
import { enableElsewhere } from './operators'

const words = en.enable
const { flow } = en
const own = '65-81000002'

test.beforeEach(({ signedInWithoutDirectory }) => signedInWithoutDirectory())

for (const [language, all] of [
  ['en', en],
  ['zh-CN', zh],
] as const) {
  const { enable: t, flow: f } = all

  test(`the account becomes the management account, from sign-in to its members, in ${language}`, async ({
    page,
    cloud,
    inLanguage,
  }) => {
    const enabling = new EnablePage(page, all)
    await inLanguage(language)
    await page.goto('/')
    await enabling.shows(t.choose.title)
    await page.getByRole('radio', { name: t.choose.current.title }).check()
    await enabling.click(t.continue)
    await expect(enabling.title(t.confirm.title)).toBeFocused()

    await enabling.dryRun()
    await expect(page.getByText(t.dryRun.passed)).toBeVisible()
    expect((await cloud.account(accountId)).directoryId).toBeNull()

    await enabling.confirmation.fill('5182640937715520')
    await enabling.click(t.enable)
    await expect(page.getByText(all.fieldErrors.enable.confirmation_wrong)).toBeVisible()
    await expect(enabling.confirmation).toBeFocused()
    expect(await enablings(cloud)).toHaveLength(0)

    await enabling.confirmation.fill(accountId.replace(/.{4}(?=.)/g, '$& '))
    await enabling.click(t.enable)
    await expect(enabling.title(t.done.title)).toBeFocused()
    await expect(enabling.announced).toHaveText(t.announce.done)
    const { directoryId } = await cloud.account(accountId)
    expect(directoryId).toBeTruthy()
    await expect(page.getByText(directoryId ?? '', { exact: true }).first()).toBeVisible()
    for (const name of [t.facts.directory, t.facts.folder, t.facts.managementId, t.done.enableId])
      await expect(page.getByText(name, { exact: true })).toBeVisible()
    expect(await enablings(cloud)).toHaveLength(1)

    await page.reload()
    await enabling.isDone()
    await expect(page.getByRole('link', { name: all.shell.enable })).toHaveCount(0)
    await page.getByRole('link', { name: t.done.current.open }).click()
    await enabling.shows(all.members.title)
    // The result can be opened again, and copied as a whole.
    await page.goto('/directory/enable')
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    // The note is shown for two seconds, which a busy machine may miss.
    await expect(async () => {
      await enabling.click(f.result.copyAll)
      const note = enabling.button(f.result.copyAll).locator('..')
      await expect(note).toContainText(all.common.copied, { timeout: 1000 })
    }).toPass()
    const copied = await page.evaluate(() => navigator.clipboard.readText())
    expect(copied).toContain(t.done.title)
    expect(copied).toContain(`${t.facts.directory}: ${directoryId}`)
    expect(copied).toMatch(new RegExp(`^${t.done.enableId}: [0-9A-F-]{36}$`, 'm'))
    await page.goto('/members')
    await expect(page.getByText(all.members.noDirectory.title)).toHaveCount(0)
    await page.goto('/')
    await expect(page).toHaveURL(/\/members$/)
  })

  test(`a new management account is created, and its RAM user signs in to the directory, in ${language}`, async ({
    page,
    cloud,
    inLanguage,
    clock,
  }) => {
    const enabling = new EnablePage(page, all)
    await inLanguage(language)
    await page.goto('/members')
    await page.getByRole('main').getByRole('link', { name: all.members.noDirectory.enable }).click()
    // Neither option is preselected.
    await enabling.click(t.continue)
    await expect(page.getByText(t.choose.unchosen)).toBeVisible()
    await expect(page.getByRole('radio', { checked: true, name: t.choose.new.title })).toHaveCount(0)
    await page.getByRole('radio', { name: t.choose.new.title }).check()
    await expect(page.getByText(t.choose.unchosen)).toHaveCount(0)
    await enabling.click(t.continue)
    await expect(enabling.title(t.phone.title)).toBeFocused()
    await enabling.nameField.fill('harbour-hq')
    await expect(page.getByText(t.phone.own)).toBeVisible()
    await enabling.send()

    await expect(enabling.codeField).toBeFocused()
    await expect(enabling.announced).toContainText(f.announce.accepted)
    await expect(page.getByText(f.life.unknown)).toBeVisible()
    await expect(page.getByRole('timer')).toHaveCount(0)
    const [message] = await cloud.messages({ to: own })
    await enabling.codeField.fill(message?.code ?? '')
    await enabling.dryRun()
    await expect(page.getByText(t.dryRun.passed)).toBeVisible()
    const languages = page.getByRole('radiogroup', { name: all.shell.language })
    await expect(languages).toBeVisible()
    await enabling.confirmation.fill(accountId)
    await enabling.click(t.enable)

    await expect(enabling.title(t.done.title)).toBeFocused()
    await expect(page.getByText(t.done.new.ended)).toBeVisible()
    // Another language would have to be loaded with an ended session, and lead away from the result.
    await expect(languages).toBeHidden()
    await expect(page.getByText(`harbour-hq${suffix}`, { exact: true })).toBeVisible()
    expect(await enablings(cloud)).toHaveLength(1)
    expect((await cloud.member(accountId)).type).toBe('CloudAccount')

    // The session has ended, but the page stays: it sends no requests.
    expect((await page.request.get('/api/session')).status()).toBe(401)
    const asked: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    await clock.runFor(5 * 60_000)
    await enabling.isDone()
    expect(asked.filter((url) => url.includes('/api/'))).toEqual([])

    await page.getByRole('link', { name: t.done.new.open, exact: true }).click()
    await page.getByRole('button', { name: all.signIn.persona['no-directory'].title }).click()
    await expect(enabling.failure).toContainText(all.errors.signin.not_management_account.cause)
    await page.getByRole('button', { name: `harbour-hq${suffix}` }).click()
    await enabling.shows(all.members.title)
    await expect(page.getByRole('link', { name: /^Harbour Ventures/ })).toBeVisible()
    await page.goto('/directory/enable')
    await enabling.shows(t.blocked.managing.title)
  })
}

test.describe('the choice', () => {
  test('stays in the URL: reload and Back restore it', async ({ enabling, page }) => {
    await page.goto('/directory/enable')
    await page.getByRole('radio', { name: words.choose.current.title }).check()
    await enabling.click(words.continue)
    await page.reload()
    await enabling.shows(words.confirm.title)
    await page.goBack()
    await enabling.shows(words.choose.title)
    await page.getByRole('radio', { name: words.choose.new.title }).check()
    await enabling.click(words.continue)
    await enabling.shows(words.phone.title)
    await enabling.nameField.fill('harbour-hq')
    await enabling.numberField.fill('9123 4567')
    await page.getByRole('link', { name: words.back }).click()
    await enabling.shows(words.choose.title)
    await expect(page.getByRole('radio', { name: words.choose.new.title })).toBeChecked()
    // Going back loses nothing that was typed.
    await enabling.click(words.continue)
    await expect(enabling.nameField).toHaveValue('harbour-hq')
    await expect(enabling.numberField).toHaveValue('9123 4567')
  })

  test('can be made by keyboard, and by a click anywhere on its card', async ({ enabling, page }) => {
    await page.goto('/directory/enable')
    const current = page.getByRole('radio', { name: words.choose.current.title })
    await expect(current).toBeEnabled()
    await page.locator('section').filter({ hasText: words.choose.current.noCode }).click()
    await expect(current).toBeChecked()
    await page.keyboard.press('ArrowDown')
    await expect(current).not.toBeChecked()
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('Enter')
    await expect(enabling.title(words.confirm.title)).toBeFocused()
  })
})

test('a dry run names what is missing and where to fix it, and changes nothing', async ({
  enabling,
  page,
  cloud,
}) => {
  await enabling.open('current')
  const checks = page.getByRole('region', { name: words.checks.title })
  const asSeeded = await cloud.account(accountId)
  for (const [facts, code, cause] of [
    [{ enterpriseVerified: false }, 'EnterpriseRealNameVerificationError', /has not passed enterprise/],
    [{ enterpriseName: null }, 'Invalid.EnterpriseName', /company name of this account is missing/],
    [{ profile: 'individual' }, 'Invalid.AccountType', /accounts of this type/],
    [{ phone: null, email: null }, 'MissingSecurityInfo', /neither a secure phone nor a secure email/],
  ] as const) {
    await cloud.changeAccount(accountId, facts)
    await enabling.dryRun()
    await expect(enabling.failure).toContainText(code)
    await expect(enabling.failure).toContainText(cause)
    await expect(enabling.failure).toContainText(words.dryRun.stopped)
    await expect(page.getByRole('link', { name: flow.openAccountCenter })).toHaveAttribute(
      'href',
      'https://account.alibabacloud.com',
    )
    await expect(checks.getByText(words.checks.fitRefused)).toBeVisible()
    const { enterpriseVerified, enterpriseName, profile, phone, email } = asSeeded
    await cloud.changeAccount(accountId, { enterpriseVerified, enterpriseName, profile, phone, email })
  }
  await enabling.dryRun()
  await expect(page.getByText(words.dryRun.passed)).toBeVisible()
  await expect(enabling.failure).toHaveCount(0)
  // The list of checks shows it, too, and that a permission was refused.
  await expect(checks).toContainText('4 of 4 passed')
  await cloud.arm({ operation: 'EnableResourceDirectory', fault: 'code:NoPermission' })
  await enabling.dryRun()
  await expect(enabling.failure).toContainText('NoPermission')
  await expect(checks.getByText(words.checks.rightRefused)).toBeVisible()
  await expect(checks).toContainText('2 of 4 passed')
  await cloud.disarmAll()
  expect(await enablings(cloud)).toHaveLength(0)
})

test('a refusal to enable is shown after a reload and to other operators, until the directory is enabled', async ({
  elsewhere,
  enabling,
  page,
  cloud,
}) => {
  await cloud.changeAccount(accountId, { enterpriseVerified: false })
  await enabling.open('current')
  await enabling.enable(accountId)
  await expect(enabling.failure).toContainText('EnterpriseRealNameVerificationError')
  await page.reload()
  await expect(enabling.failure).toContainText(/Refused at .+ when you tried it/)
  const other = new EnablePage(await (await elsewhere('no-directory')).newPage())
  await other.page.goto('/directory/enable')
  await expect(other.failure).toContainText('EnterpriseRealNameVerificationError')

  await cloud.changeAccount(accountId, { enterpriseVerified: true })
  await enabling.enable(accountId)
  await enabling.isDone()
  await other.isDone()
})

test('a double click sends one code, and another one enables once', async ({ enabling, cloud }) => {
  await enabling.open('new')
  await enabling.nameField.fill('harbour-hq')
  await enabling.button(flow.send).dblclick()
  await expect(enabling.codeField).toBeVisible()
  expect(await sends(cloud)).toHaveLength(1)
  await enabling.codeField.fill(await codeOf(cloud, accountId))
  await enabling.confirmation.fill(accountId)
  await enabling.button(words.enable).dblclick()
  await enabling.isDone()
  expect(await enablings(cloud)).toHaveLength(1)
})

test.describe('why a directory cannot be enabled is explained', () => {
  test('to an account with a directory, with a link to its members', async ({
    enabling,
    page,
    signedInAs,
  }) => {
    await signedInAs('intl-admin')
    await page.goto('/directory/enable?mode=new')
    await enabling.shows(words.blocked.managing.title)
    await enabling.lacksButton(flow.send)
    await page.getByRole('main').getByRole('link', { name: words.blocked.membersAct }).click()
    await enabling.shows(en.members.title)
  })

  test('to an account whose directory was enabled elsewhere meanwhile, which the page notices', async ({
    enabling,
    page,
    cloud,
  }) => {
    await enabling.open('current')
    await enableElsewhere(cloud)
    await enabling.shows(words.blocked.managing.title)
    await expect(page.getByText(flow.blocked.note)).toBeVisible()
    await expect(page.getByRole('link', { name: en.shell.enable })).toHaveCount(0)
    await page.getByRole('main').getByRole('link', { name: words.blocked.membersAct }).click()
    await enabling.shows(en.members.title)
    expect(await enablings(cloud)).toHaveLength(1)
  })

  test('as a refusal if the click comes before the page notices', async ({
    enabling,
    page,
    cloud,
    signedInWithoutDirectory,
  }) => {
    // On a busy machine the page may notice first: then start over.
    await expect(async () => {
      await signedInWithoutDirectory()
      await enabling.open('current')
      await enabling.confirmation.fill(accountId)
      await enableElsewhere(cloud)
      await enabling.button(words.enable).click({ timeout: 1000 })
      await enabling.shows(words.blocked.managing.title)
      await expect(page.getByText('Stopped at step 2 of 3')).toBeVisible({ timeout: 1000 })
    }).toPass()
    await expect(enabling.failure).toContainText(en.errors.directory.exists.cause)
    expect(await enablings(cloud)).toHaveLength(1)
  })

  test('to a member, as a refusal that stays on the page if enabling is the first to find it', async ({
    enabling,
    page,
    cloud,
    signedInWithoutDirectory,
    clock,
  }) => {
    // On a busy machine the page may notice first: then start over.
    await expect(async () => {
      await signedInWithoutDirectory()
      await enabling.open('current')
      await enabling.confirmation.fill(accountId)
      await enableElsewhere(cloud, `ventures-root${suffix}`)
      await enabling.button(words.enable).click({ timeout: 1000 })
      await expect(enabling.failure).toContainText(en.errors.directory.member_elsewhere.cause)
    }).toPass()
    expect((await page.request.get('/api/session')).status()).toBe(401)
    const asked: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    await clock.runFor(5 * 60_000)
    await expect(enabling.failure).toContainText(en.errors.directory.member_elsewhere.next)
    expect(asked.filter((url) => url.includes('/api/'))).toEqual([])
    await expect(page.getByText(en.errors.signin.ended.cause)).toHaveCount(0)
  })

  test('to a member of another account’s directory, with the ID of that account', async ({
    enabling,
    page,
    cloud,
  }) => {
    await enableElsewhere(cloud, `ventures-root${suffix}`)
    const made = (await cloud.personas()).find(({ accountName }) => accountName === `ventures-root${suffix}`)
    await page.goto('/directory/enable')
    await enabling.shows(words.blocked.member.title)
    await expect(page.getByRole('main')).toContainText(made?.accountId ?? 'no account was created')
    // The page has ended the session, and says so itself.
    expect((await page.request.get('/api/session')).status()).toBe(401)
    await page.getByRole('link', { name: words.blocked.managerAct, exact: true }).click()
    await expect(page.getByRole('button', { name: `ventures-root${suffix}` })).toBeVisible()
  })
})
