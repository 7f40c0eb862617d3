import type { Browser, Page } from '@playwright/test'
import type { SandboxControl } from '../lib/sandbox/index.ts'
import { codeOf, expect, failureOn, testApart } from './fixtures'
import { en, zh } from './messages'
import { enableElsewhere, personaOf } from './operators'

// Long enough for a busy machine to see what is under way, and what is unknown; the sandbox's clock ends both.
const settleSeconds = 60
const test = testApart({ MUSTER_CALL_DEADLINE_SECONDS: '8', MUSTER_SETTLE_SECONDS: String(settleSeconds) })

const words = en.enable
const { flow } = en
const send = 'SendVerificationCodeForEnableRD'
/** Of the real thing; the dry run is another product's. */
const enable = 'ResourceManager/EnableResourceDirectory'
const { accountId } = personaOf('no-directory')
const suffix = '@rdadmin.aliyunid.com'
const own = '65-81000002'

test.beforeEach(({ signedInWithoutDirectory }) => signedInWithoutDirectory())

const heading = (page: Page, name: string) => page.getByRole('heading', { name, exact: true, level: 1 })
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const nameField = (page: Page) => page.getByLabel(words.phone.name)
const codeField = (page: Page) => page.getByLabel(flow.code.label)
/** Its label holds the id, whose digits stand in groups. */
const confirmation = (page: Page) => page.locator('input[name=confirmation]')
/** What the flow said aloud last. */
const announced = (page: Page) => page.locator('main [role=status]').first()
const wrongOf = (code: string) => (code === '000000' ? '111111' : '000000')

async function open(page: Page, mode: 'current' | 'new'): Promise<void> {
  await page.goto(`/directory/enable?mode=${mode}`)
  await expect(heading(page, mode === 'current' ? words.confirm.title : words.phone.title)).toBeVisible()
}

/** The code field takes the focus when it appears: what is typed elsewhere before that would land in it. */
async function reloadCode(page: Page): Promise<void> {
  await page.reload()
  await expect(codeField(page)).toBeFocused()
}

async function askForCode(page: Page, prefix = 'harbour-hq', number = ''): Promise<void> {
  await open(page, 'new')
  await nameField(page).fill(prefix)
  await page.getByLabel(flow.phone.label).fill(number)
  await button(page, flow.send).click()
  await expect(codeField(page)).toBeFocused()
}

async function confirm(page: Page, code?: string): Promise<void> {
  if (code !== undefined) await codeField(page).fill(code)
  await confirmation(page).fill(accountId)
  await button(page, words.enable).click()
}

/** The calls that enable, without the dry runs. */
async function enablings(cloud: SandboxControl) {
  const calls = await cloud.calls({ operation: 'EnableResourceDirectory' })
  return calls.filter(({ product }) => product === 'ResourceManager')
}

const sends = (cloud: SandboxControl) => cloud.calls({ operation: send })

/** The same account in a second browser. */
async function openElsewhere(browser: Browser, origin: string, path = '/directory/enable') {
  const context = await browser.newContext({ baseURL: origin })
  await context.request.post('/api/session/persona', {
    headers: { origin },
    data: { persona: 'no-directory' },
  })
  const page = await context.newPage()
  await page.goto(path)
  return { page, close: () => context.close() }
}

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
    await inLanguage(language)
    await page.goto('/')
    await expect(heading(page, t.choose.title)).toBeVisible()
    await page.getByRole('radio', { name: t.choose.current.title }).check()
    await button(page, t.continue).click()
    await expect(heading(page, t.confirm.title)).toBeFocused()

    await button(page, t.dryRun.verb).click()
    await expect(page.getByText(t.dryRun.passed)).toBeVisible()
    expect((await cloud.account(accountId)).directoryId).toBeNull()

    await confirmation(page).fill('5182640937715520')
    await button(page, t.enable).click()
    await expect(page.getByText(all.fieldErrors.enable.confirmation_wrong)).toBeVisible()
    await expect(confirmation(page)).toBeFocused()
    expect(await enablings(cloud)).toHaveLength(0)

    await confirmation(page).fill(accountId.replace(/.{4}(?=.)/g, '$& '))
    await button(page, t.enable).click()
    await expect(heading(page, t.done.title)).toBeFocused()
    await expect(announced(page)).toHaveText(t.announce.done)
    const { directoryId } = await cloud.account(accountId)
    expect(directoryId).toBeTruthy()
    await expect(page.getByText(directoryId ?? '', { exact: true }).first()).toBeVisible()
    for (const name of [t.facts.directory, t.facts.folder, t.facts.managementId, t.done.enableId])
      await expect(page.getByText(name, { exact: true })).toBeVisible()
    expect(await enablings(cloud)).toHaveLength(1)

    await page.reload()
    await expect(heading(page, t.done.title)).toBeVisible()
    await expect(page.getByRole('link', { name: all.shell.enable })).toHaveCount(0)
    await page.getByRole('link', { name: t.done.current.open }).click()
    await expect(heading(page, all.members.title)).toBeVisible()
    // It can be opened again, and taken along whole.
    await page.goto('/directory/enable')
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await button(page, f.result.copyAll).click()
    await expect(button(page, f.result.copyAll).locator('..')).toContainText(all.common.copied)
    const copied = await page.evaluate(() => navigator.clipboard.readText())
    expect(copied).toContain(t.done.title)
    expect(copied).toContain(`${t.facts.directory}: ${directoryId}`)
    expect(copied).toMatch(new RegExp(`^${t.done.enableId}: [0-9A-F-]{36}$`, 'm'))
    await page.goto('/members')
    await expect(page.getByText(all.members.noDirectory.title)).toHaveCount(0)
    await page.goto('/')
    await expect(page).toHaveURL(/\/members$/)
  })

  test(`a new management account is made, whose RAM user signs in to its directory, in ${language}`, async ({
    page,
    cloud,
    inLanguage,
  }) => {
    await inLanguage(language)
    await page.clock.install()
    await page.goto('/members')
    await page.getByRole('main').getByRole('link', { name: all.members.noDirectory.enable }).click()
    // None is chosen for anybody.
    await button(page, t.continue).click()
    await expect(page.getByText(t.choose.unchosen)).toBeVisible()
    await expect(page.getByRole('radio', { checked: true, name: t.choose.new.title })).toHaveCount(0)
    await page.getByRole('radio', { name: t.choose.new.title }).check()
    await expect(page.getByText(t.choose.unchosen)).toHaveCount(0)
    await button(page, t.continue).click()
    await expect(heading(page, t.phone.title)).toBeFocused()
    await page.getByLabel(t.phone.name).fill('harbour-hq')
    await expect(page.getByText(t.phone.own)).toBeVisible()
    await button(page, f.send).click()

    await expect(page.getByLabel(f.code.label)).toBeFocused()
    await expect(announced(page)).toContainText(f.announce.accepted)
    await expect(page.getByText(f.life.unknown)).toBeVisible()
    await expect(page.getByRole('timer')).toHaveCount(0)
    const [message] = await cloud.messages({ to: own })
    await page.getByLabel(f.code.label).fill(message?.code ?? '')
    await button(page, t.dryRun.verb).click()
    await expect(page.getByText(t.dryRun.passed)).toBeVisible()
    const languages = page.getByRole('radiogroup', { name: all.shell.language })
    await expect(languages).toBeVisible()
    await confirmation(page).fill(accountId)
    await button(page, t.enable).click()

    await expect(heading(page, t.done.title)).toBeFocused()
    await expect(page.getByText(t.done.new.ended)).toBeVisible()
    // Its words would be asked of a session that is over, and lead away from the proof.
    await expect(languages).toBeHidden()
    await expect(page.getByText(`harbour-hq${suffix}`, { exact: true })).toBeVisible()
    expect(await enablings(cloud)).toHaveLength(1)
    expect((await cloud.member(accountId)).type).toBe('CloudAccount')

    // The session is over, and the page stays all the same: nothing asks for anything.
    expect((await page.request.get('/api/session')).status()).toBe(401)
    const asked: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    await page.clock.runFor(5 * 60_000)
    await expect(heading(page, t.done.title)).toBeVisible()
    expect(asked.filter((url) => url.includes('/api/'))).toEqual([])

    await page.getByRole('link', { name: t.done.new.open, exact: true }).click()
    await page.getByRole('button', { name: all.signIn.persona['no-directory'].title }).click()
    await expect(failureOn(page)).toContainText(all.errors.signin.not_management_account.cause)
    await page.getByRole('button', { name: `harbour-hq${suffix}` }).click()
    await expect(heading(page, all.members.title)).toBeVisible()
    await expect(page.getByRole('link', { name: /^Harbour Ventures/ })).toBeVisible()
    await page.goto('/directory/enable')
    await expect(heading(page, t.blocked.managing.title)).toBeVisible()
  })
}

test.describe('the choice', () => {
  test('stays in the address: reload and Back find it', async ({ page }) => {
    await page.goto('/directory/enable')
    await page.getByRole('radio', { name: words.choose.current.title }).check()
    await button(page, words.continue).click()
    await page.reload()
    await expect(heading(page, words.confirm.title)).toBeVisible()
    await page.goBack()
    await expect(heading(page, words.choose.title)).toBeVisible()
    await page.getByRole('radio', { name: words.choose.new.title }).check()
    await button(page, words.continue).click()
    await expect(heading(page, words.phone.title)).toBeVisible()
    await nameField(page).fill('harbour-hq')
    await page.getByLabel(flow.phone.label).fill('9123 4567')
    await page.getByRole('link', { name: words.back }).click()
    await expect(heading(page, words.choose.title)).toBeVisible()
    await expect(page.getByRole('radio', { name: words.choose.new.title })).toBeChecked()
    // Nothing that was typed is lost on the way back.
    await button(page, words.continue).click()
    await expect(nameField(page)).toHaveValue('harbour-hq')
    await expect(page.getByLabel(flow.phone.label)).toHaveValue('9123 4567')
  })

  test('is made by keyboard, and by a press anywhere on its card', async ({ page }) => {
    await page.goto('/directory/enable')
    const current = page.getByRole('radio', { name: words.choose.current.title })
    await expect(current).toBeEnabled()
    await page.locator('section').filter({ hasText: words.choose.current.noCode }).click()
    await expect(current).toBeChecked()
    await page.keyboard.press('ArrowDown')
    await expect(current).not.toBeChecked()
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('Enter')
    await expect(heading(page, words.confirm.title)).toBeFocused()
  })
})

test('a dry run names what is missing and where it is set right, and changes nothing', async ({
  page,
  cloud,
}) => {
  await open(page, 'current')
  const checks = page.getByRole('region', { name: words.checks.title })
  const asSeeded = await cloud.account(accountId)
  for (const [facts, code, cause] of [
    [{ enterpriseVerified: false }, 'EnterpriseRealNameVerificationError', /has not passed enterprise/],
    [{ enterpriseName: null }, 'Invalid.EnterpriseName', /company name of this account is missing/],
    [{ profile: 'individual' }, 'Invalid.AccountType', /an account of this type/],
    [{ phone: null, email: null }, 'MissingSecurityInfo', /neither a secure phone nor a secure email/],
  ] as const) {
    await cloud.changeAccount(accountId, facts)
    await button(page, words.dryRun.verb).click()
    await expect(failureOn(page)).toContainText(code)
    await expect(failureOn(page)).toContainText(cause)
    await expect(failureOn(page)).toContainText(words.dryRun.stopped)
    await expect(page.getByRole('link', { name: flow.openAccountCenter })).toHaveAttribute(
      'href',
      'https://account.alibabacloud.com',
    )
    await expect(checks.getByText(words.checks.fitRefused)).toBeVisible()
    const { enterpriseVerified, enterpriseName, profile, phone, email } = asSeeded
    await cloud.changeAccount(accountId, { enterpriseVerified, enterpriseName, profile, phone, email })
  }
  await button(page, words.dryRun.verb).click()
  await expect(page.getByText(words.dryRun.passed)).toBeVisible()
  await expect(failureOn(page)).toHaveCount(0)
  // The checks beside it know it, too, and that a permission was refused.
  await expect(checks).toContainText('4 of 4 pass')
  await cloud.arm({ operation: 'EnableResourceDirectory', fault: 'code:NoPermission' })
  await button(page, words.dryRun.verb).click()
  await expect(failureOn(page)).toContainText('NoPermission')
  await expect(checks.getByText(words.checks.rightRefused)).toBeVisible()
  await expect(checks).toContainText('2 of 4 pass')
  await cloud.disarmAll()
  expect(await enablings(cloud)).toHaveLength(0)
})

test('what refused the enabling is told after a reload and to others, until it is enabled', async ({
  page,
  browser,
  cloud,
  muster,
}) => {
  await cloud.changeAccount(accountId, { enterpriseVerified: false })
  await open(page, 'current')
  await confirm(page)
  await expect(failureOn(page)).toContainText('EnterpriseRealNameVerificationError')
  await page.reload()
  await expect(failureOn(page)).toContainText(/Refused at .+ when you tried it/)
  const elsewhere = await openElsewhere(browser, muster.origin)
  await expect(failureOn(elsewhere.page)).toContainText('EnterpriseRealNameVerificationError')

  await cloud.changeAccount(accountId, { enterpriseVerified: true })
  await confirm(page)
  await expect(heading(page, words.done.title)).toBeVisible()
  await expect(heading(elsewhere.page, words.done.title)).toBeVisible()
  await elsewhere.close()
})

test('two presses send one code, and two more enable once', async ({ page, cloud }) => {
  await open(page, 'new')
  await nameField(page).fill('harbour-hq')
  await button(page, flow.send).dblclick()
  await expect(codeField(page)).toBeVisible()
  expect(await sends(cloud)).toHaveLength(1)
  await codeField(page).fill(await codeOf(cloud, accountId))
  await confirmation(page).fill(accountId)
  await button(page, words.enable).dblclick()
  await expect(heading(page, words.done.title)).toBeVisible()
  expect(await enablings(cloud)).toHaveLength(1)
})

test.describe('the name of the new account', () => {
  test('is checked while it is typed, and nothing is sent with a wrong one', async ({ page, cloud }) => {
    const faults = en.fieldErrors.namePrefix
    await open(page, 'new')
    for (const [typed, fault] of [
      ['har bour', faults.characters],
      ['a__b', faults.signs_in_a_row],
      ['-ab', faults.ends],
      ['a'.repeat(51), faults.too_long],
    ] as const) {
      await nameField(page).fill(typed)
      await expect(page.getByText(fault, { exact: true })).toBeVisible()
    }
    // What may only be unfinished is no fault before the press.
    for (const [typed, fault] of [
      ['', faults.empty],
      ['h', faults.too_short],
      ['harbour-', faults.ends],
    ] as const) {
      await page.reload()
      await nameField(page).fill(typed)
      await expect(page.getByText(fault, { exact: true })).toHaveCount(0)
      await button(page, flow.send).click()
      await expect(page.getByText(fault, { exact: true })).toBeVisible()
      await expect(nameField(page)).toBeFocused()
    }
    expect(await sends(cloud)).toHaveLength(0)
  })

  test('is taken as it reads, whatever its letters are made of', async ({ page }) => {
    await open(page, 'new')
    await nameField(page).fill('\u200bｈａｒｂｏｕｒ-ｈｑ')
    await button(page, flow.send).click()
    await expect(page.getByText(`harbour-hq${suffix}`, { exact: true })).toBeVisible()
    await expect(codeField(page)).toBeVisible()
  })

  test('is not left behind without a question, on the step before neither', async ({ page }) => {
    const { leave } = en.shell
    await open(page, 'new')
    await nameField(page).fill('harbour-hq')
    await page.getByRole('link', { name: words.back, exact: true }).click()
    await expect(heading(page, words.choose.title)).toBeVisible()
    const networks = page.getByRole('link', { name: en.shell.networks })
    await networks.click()
    await expect(page.getByRole('dialog', { name: leave.title })).toBeVisible()
    await button(page, leave.stay).click()
    await page.goBack()
    await expect(nameField(page)).toHaveValue('harbour-hq')
    await networks.click()
    await expect(page.getByRole('dialog', { name: leave.title })).toBeVisible()
    await button(page, leave.stay).click()
    // What was sent is the console's to keep.
    await button(page, flow.send).click()
    await expect(codeField(page)).toBeFocused()
    await button(page, words.changeNumber).click()
    await expect(nameField(page)).toHaveValue('harbour-hq')
    await networks.click()
    await expect(heading(page, en.networks.title)).toBeVisible()
  })

  test('that is taken is changed without another code', async ({ page, cloud }) => {
    await askForCode(page, 'directory')
    const code = await codeOf(cloud, accountId)
    await codeField(page).fill(code)
    await button(page, words.dryRun.verb).click()
    await expect(page.getByText(en.fieldErrors.enable.name_taken)).toBeVisible()
    await nameField(page).fill('directory1')
    await expect(page.getByText(en.fieldErrors.enable.name_taken)).toHaveCount(0)
    await nameField(page).fill('directory')
    await confirm(page)
    await expect(page.getByText(en.fieldErrors.enable.name_taken)).toBeVisible()
    await expect(nameField(page)).toBeFocused()
    await expect(codeField(page)).toHaveValue(code)
    await reloadCode(page)
    await expect(nameField(page)).toHaveValue('directory')
    await nameField(page).fill('harbour-hq')
    await confirm(page, code)
    await expect(page.getByText(`harbour-hq${suffix}`, { exact: true })).toBeVisible()
    expect(await sends(cloud)).toHaveLength(1)
  })
})

test.describe('the code', () => {
  test('that is wrong costs a try, in the dry run as in the act, and what was typed stays', async ({
    page,
    cloud,
  }) => {
    await askForCode(page)
    const code = await codeOf(cloud, accountId)
    await codeField(page).fill(wrongOf(code))
    await button(page, words.dryRun.verb).click()
    await expect(page.getByText('9 tries left')).toBeVisible()
    await confirm(page, wrongOf(code))
    await expect(page.getByText('8 tries left')).toBeVisible()
    await expect(codeField(page)).toBeFocused()
    await expect(codeField(page)).toHaveValue(wrongOf(code))
    await confirm(page, code)
    await expect(heading(page, words.done.title)).toBeVisible()
  })

  test('is sent again after the cool-down that the server keeps, and the name stays as it was corrected', async ({
    page,
    cloud,
  }) => {
    await askForCode(page)
    await expect(page.getByRole('button', { name: /^Send again in 0:[345]\d/ })).toBeVisible()
    await page.reload()
    await expect(page.getByRole('button', { name: /^Send again in 0:[345]\d/ })).toBeVisible()
    await cloud.advance(60)
    await reloadCode(page)
    await nameField(page).fill('harbour-two')
    await codeField(page).fill('000000')
    await button(page, flow.again).click()
    await expect(page.getByText('send 2 in 24 hours')).toBeVisible()
    await expect(codeField(page)).toHaveValue('')
    await expect(nameField(page)).toHaveValue('harbour-two')
    await confirm(page, await codeOf(cloud, accountId))
    await expect(page.getByText(`harbour-two${suffix}`, { exact: true })).toBeVisible()
  })

  test('goes to the number given, which can be changed without the name being asked again', async ({
    page,
    cloud,
  }) => {
    await askForCode(page, 'harbour-hq', '91234567')
    expect((await cloud.messages({ to: '65-91234567' })).length).toBe(1)
    await button(page, words.changeNumber).click()
    await expect(page.getByLabel(flow.phone.label)).toBeFocused()
    await expect(nameField(page)).toHaveValue('harbour-hq')
    await expect(page.getByRole('button', { name: /^Send code in/ })).toBeVisible()
    await expect(
      page.getByText(/^You can still use the code sent to \+65-\*{4}4567 until it expires/),
    ).toBeVisible()
    // The way can be changed as well, and the code is still there.
    await page.getByRole('link', { name: words.back, exact: true }).click()
    await expect(heading(page, words.choose.title)).toBeVisible()
    await button(page, flow.stillOpen.back).click()
    await expect(heading(page, words.code.title)).toBeVisible()
    await button(page, words.changeNumber).click()
    await cloud.advance(60)
    await expect(nameField(page)).toHaveValue('harbour-hq')
    await page.getByLabel(flow.phone.label).fill('98765432')
    await expect(page.getByText('65-98765432', { exact: true })).toBeVisible()
    await button(page, flow.send).click()
    await expect(page.getByText('+65-****5432').first()).toBeVisible()
    await confirm(page, await codeOf(cloud, accountId))
    await expect(heading(page, words.done.title)).toBeVisible()
  })
})

test.describe('a send', () => {
  test('that is refused says so, also after a reload', async ({ page, cloud }) => {
    const code = 'SendValidateCodeExceedsLimitForAccount'
    await cloud.arm({ operation: send, fault: `code:${code}` })
    await open(page, 'new')
    await nameField(page).fill('harbour-hq')
    await button(page, flow.send).click()
    await expect(failureOn(page)).toContainText(code)
    await expect(nameField(page)).toHaveValue('harbour-hq')
    await page.reload()
    await expect(failureOn(page)).toContainText(/Refused at .+ when you asked for a code/)
  })

  test('without a number needs an account with a phone: that is told with its way out', async ({
    page,
    cloud,
  }) => {
    await cloud.changeAccount(accountId, { phone: null })
    await open(page, 'new')
    await nameField(page).fill('harbour-hq')
    await button(page, flow.send).click()
    await expect(failureOn(page)).toContainText(en.errors.account.phone_missing.cause)
    await expect(page.getByRole('link', { name: flow.openAccountCenter })).toBeVisible()
    await page.getByLabel(flow.phone.label).fill('91234567')
    await expect(button(page, flow.send)).toBeVisible()
    await button(page, flow.send).click()
    await expect(codeField(page)).toBeVisible()
  })

  test('without an answer is unknown, and the code that arrives is taken', async ({ page, cloud }) => {
    await cloud.arm({ operation: send, fault: 'reset', effect: true })
    await askForCode(page)
    await expect(page.getByText(flow.code.unknownTitle)).toBeVisible()
    await confirm(page, await codeOf(cloud, accountId))
    await expect(heading(page, words.done.title)).toBeVisible()
    expect(await sends(cloud)).toHaveLength(1)
  })
})

test.describe('an enabling without an answer', () => {
  test('that took effect is found, without a claim, and not repeated', async ({ page, cloud }) => {
    await open(page, 'current')
    await cloud.arm({ operation: enable, fault: 'silent', effect: true })
    await confirm(page)
    await expect(heading(page, words.done.foundTitle.current)).toBeVisible()
    await expect(page.getByText(words.done.foundWhy)).toBeVisible()
    await expect(page.getByText(flow.result.askedBy)).toBeVisible()
    await expect(page.getByText(words.done.by, { exact: true })).toHaveCount(0)
    expect(await enablings(cloud)).toHaveLength(1)
  })

  test('that made a new management account is found, and the page outlives its session', async ({
    page,
    cloud,
  }) => {
    await askForCode(page)
    await cloud.arm({ operation: enable, fault: 'reset', effect: true })
    await confirm(page, await codeOf(cloud, accountId))
    await expect(heading(page, words.done.foundTitle.new)).toBeVisible()
    await expect(page.getByText(`harbour-hq${suffix}`, { exact: true })).toBeVisible()
    await expect(page.getByText(words.done.new.ended)).toBeVisible()
    expect((await page.request.get('/api/session')).status()).toBe(401)
    expect(await enablings(cloud)).toHaveLength(1)
  })

  test('that did nothing is checked until that is certain, and can be made once more', async ({
    page,
    cloud,
  }) => {
    await open(page, 'current')
    await cloud.arm({ operation: enable, fault: 'reset', effect: false })
    await confirm(page)
    await expect(heading(page, words.checking.title)).toBeVisible()
    await page.reload()
    await button(page, flow.checking.lookNow).click()
    await expect(page.getByText(words.checking.notYet)).toBeVisible()
    await cloud.advance(settleSeconds + 1)
    await expect(page.getByText(flow.refused.not_done.title)).toBeVisible()
    await expect(announced(page)).toHaveText(words.announce.notDone)
    await confirm(page)
    await expect(heading(page, words.done.title)).toBeVisible()
    expect(await enablings(cloud)).toHaveLength(2)
  })

  test('that used no code up takes the same code again', async ({ page, cloud }) => {
    await askForCode(page)
    const code = await codeOf(cloud, accountId)
    await cloud.arm({ operation: enable, fault: 'reset', effect: false })
    await confirm(page, code)
    await expect(heading(page, words.checking.title)).toBeVisible()
    await cloud.advance(settleSeconds + 1)
    await expect(page.getByText(words.notDone.title)).toBeVisible()
    await confirm(page, code)
    await expect(heading(page, words.done.title)).toBeVisible()
    expect(await sends(cloud)).toHaveLength(1)
  })
})

test.describe('a second tab', () => {
  test('shows the step of the first, and what is under way there cannot be done twice', async ({
    page,
    context,
    cloud,
  }) => {
    await askForCode(page)
    const tab = await context.newPage()
    await tab.goto('/directory/enable')
    await expect(heading(tab, words.code.title)).toBeVisible()
    await cloud.arm({ operation: enable, fault: 'slow:7000' })
    await confirm(page, await codeOf(cloud, accountId))
    await expect.poll(() => enablings(cloud)).toHaveLength(1)
    await tab.reload()
    await expect(tab.getByText(/enabling the directory now/)).toBeVisible()
    await expect(button(tab, words.changeNumber)).toHaveCount(0)
    await expect(heading(page, words.done.title)).toBeVisible()
    // Its session is the same, and over.
    await tab.reload()
    await expect(tab).toHaveURL(/\/sign-in/)
    expect(await enablings(cloud)).toHaveLength(1)
  })

  test('is told of a dry run that is under way in the first, and not that the directory is being enabled', async ({
    page,
    context,
    cloud,
  }) => {
    await askForCode(page)
    const dryRun = 'ResourceDirectoryMaster/EnableResourceDirectory'
    await cloud.arm({ operation: dryRun, fault: 'slow:7000' })
    await codeField(page).fill(await codeOf(cloud, accountId))
    await button(page, words.dryRun.verb).click()
    await expect.poll(() => cloud.calls({ operation: 'EnableResourceDirectory' })).toHaveLength(1)
    const tab = await context.newPage()
    await tab.goto('/directory/enable')
    await expect(tab.getByText(/^You are asking Alibaba Cloud right now/)).toBeVisible()
    await expect(tab.getByText(/enabling the directory now/)).toHaveCount(0)
    for (const verb of [words.enable, words.dryRun.verb])
      await expect(button(tab, verb)).toHaveAttribute('aria-disabled', 'true')
    await expect(page.getByText(words.dryRun.passed)).toBeVisible()
    await expect(tab.getByText(/^You are asking Alibaba Cloud right now/)).toHaveCount(0)
    await confirm(tab, await codeOf(cloud, accountId))
    await expect(heading(tab, words.done.title)).toBeVisible()
  })

  test('in another browser follows, enables, and the first is told', async ({
    page,
    browser,
    cloud,
    muster,
  }) => {
    const elsewhere = await openElsewhere(browser, muster.origin)
    await expect(heading(elsewhere.page, words.choose.title)).toBeVisible()
    await askForCode(page)
    await expect(heading(elsewhere.page, words.code.title)).toBeVisible()
    await confirm(elsewhere.page, await codeOf(cloud, accountId))
    await expect(heading(elsewhere.page, words.done.title)).toBeVisible()
    // A look that was on its way when the session ended brings the outcome, the next one that the session is over; the
    // session's own watch leads to sign-in where it notices first.
    const ended = page.getByText(en.errors.signin.ended.cause).or(page.getByText(en.signIn.ended))
    await expect(ended.or(heading(page, words.done.title))).toBeVisible()
    await elsewhere.close()
  })
})

test.describe('what cannot be enabled is explained', () => {
  test('to an account with a directory, which is led to its members', async ({ page, signedInAs }) => {
    await signedInAs('intl-admin')
    await page.goto('/directory/enable?mode=new')
    await expect(heading(page, words.blocked.managing.title)).toBeVisible()
    await expect(button(page, flow.send)).toHaveCount(0)
    await page.getByRole('main').getByRole('link', { name: words.blocked.membersAct }).click()
    await expect(heading(page, en.members.title)).toBeVisible()
  })

  test('to an account that another tool gave a directory meanwhile, which the page notices', async ({
    page,
    cloud,
  }) => {
    await open(page, 'current')
    await enableElsewhere(cloud)
    await expect(heading(page, words.blocked.managing.title)).toBeVisible()
    await expect(page.getByText(flow.blocked.note)).toBeVisible()
    await expect(page.getByRole('link', { name: en.shell.enable })).toHaveCount(0)
    await page.getByRole('main').getByRole('link', { name: words.blocked.membersAct }).click()
    await expect(heading(page, en.members.title)).toBeVisible()
    expect(await enablings(cloud)).toHaveLength(1)
  })

  test('as a refusal where the press comes before the page notices', async ({
    page,
    cloud,
    signedInWithoutDirectory,
  }) => {
    // On a busy machine the page may notice first: then it is begun anew.
    await expect(async () => {
      await signedInWithoutDirectory()
      await open(page, 'current')
      await confirmation(page).fill(accountId)
      await enableElsewhere(cloud)
      await button(page, words.enable).click({ timeout: 1000 })
      await expect(heading(page, words.blocked.managing.title)).toBeVisible()
      await expect(page.getByText('Step 2 of 3 stopped')).toBeVisible({ timeout: 1000 })
    }).toPass()
    await expect(failureOn(page)).toContainText(en.errors.directory.exists.cause)
    expect(await enablings(cloud)).toHaveLength(1)
  })

  test('to a member, as a refusal that stays on the page where an act is the first to find it', async ({
    page,
    cloud,
    signedInWithoutDirectory,
  }) => {
    await page.clock.install()
    // On a busy machine the page may notice first: then it is begun anew.
    await expect(async () => {
      await signedInWithoutDirectory()
      await open(page, 'current')
      await confirmation(page).fill(accountId)
      await enableElsewhere(cloud, `ventures-root${suffix}`)
      await button(page, words.enable).click({ timeout: 1000 })
      await expect(failureOn(page)).toContainText(en.errors.directory.member_elsewhere.cause)
    }).toPass()
    expect((await page.request.get('/api/session')).status()).toBe(401)
    const asked: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    await page.clock.runFor(5 * 60_000)
    await expect(failureOn(page)).toContainText(en.errors.directory.member_elsewhere.next)
    expect(asked.filter((url) => url.includes('/api/'))).toEqual([])
    await expect(page.getByText(en.errors.signin.ended.cause)).toHaveCount(0)
  })

  test('to a member of another account’s directory, with the id of that account', async ({ page, cloud }) => {
    await enableElsewhere(cloud, `ventures-root${suffix}`)
    const made = (await cloud.personas()).find(({ accountName }) => accountName === `ventures-root${suffix}`)
    await page.goto('/directory/enable')
    await expect(heading(page, words.blocked.member.title)).toBeVisible()
    await expect(page.getByRole('main')).toContainText(made?.accountId ?? 'nobody was made')
    // It ended the session, and tells so itself.
    expect((await page.request.get('/api/session')).status()).toBe(401)
    await page.getByRole('link', { name: words.blocked.managerAct, exact: true }).click()
    await expect(page.getByRole('button', { name: `ventures-root${suffix}` })).toBeVisible()
  })
})
