import { accountId, send, sends, suffix, test } from './enabling'
import { codeOf, expect } from './fixtures'
import { wrongOf } from './flow-page'
import { en } from './messages'

const words = en.enable
const { flow } = en

test.beforeEach(({ signedInWithoutDirectory }) => signedInWithoutDirectory())

test.describe('the name of the new account', () => {
  test('is checked as it is typed, and nothing is sent with an invalid one', async ({
    enabling,
    page,
    cloud,
  }) => {
    const faults = en.fieldErrors.namePrefix
    await enabling.open('new')
    for (const [typed, fault] of [
      ['har bour', faults.characters],
      ['a__b', faults.signs_in_a_row],
      ['-ab', faults.ends],
      ['a'.repeat(51), faults.too_long],
    ] as const) {
      await enabling.nameField.fill(typed)
      await expect(page.getByText(fault, { exact: true })).toBeVisible()
    }
    // A name that may just be incomplete shows no error before the click.
    for (const [typed, fault] of [
      ['', faults.empty],
      ['h', faults.too_short],
      ['harbour-', faults.ends],
    ] as const) {
      await page.reload()
      await enabling.nameField.fill(typed)
      await expect(page.getByText(fault, { exact: true })).toHaveCount(0)
      await enabling.send()
      await expect(page.getByText(fault, { exact: true })).toBeVisible()
      await expect(enabling.nameField).toBeFocused()
    }
    expect(await sends(cloud)).toHaveLength(0)
  })

  test('is normalized to plain letters', async ({ enabling, page }) => {
    await enabling.open('new')
    await enabling.nameField.fill('\u200bｈａｒｂｏｕｒ-ｈｑ')
    await enabling.send()
    await expect(page.getByText(`harbour-hq${suffix}`, { exact: true })).toBeVisible()
    await expect(enabling.codeField).toBeVisible()
  })

  test('is not lost without a question, nor from the previous step', async ({ enabling, page }) => {
    const { leave } = en.shell
    await enabling.open('new')
    await enabling.nameField.fill('harbour-hq')
    await page.getByRole('link', { name: words.back, exact: true }).click()
    await enabling.shows(words.choose.title)
    const networks = page.getByRole('link', { name: en.shell.networks })
    await networks.click()
    await expect(page.getByRole('dialog', { name: leave.title })).toBeVisible()
    await enabling.click(leave.stay)
    await page.goBack()
    await expect(enabling.nameField).toHaveValue('harbour-hq')
    await networks.click()
    await expect(page.getByRole('dialog', { name: leave.title })).toBeVisible()
    await enabling.click(leave.stay)
    // Once a code was sent, the console keeps the name.
    await enabling.send()
    await expect(enabling.codeField).toBeFocused()
    await enabling.changeNumber()
    await expect(enabling.nameField).toHaveValue('harbour-hq')
    await networks.click()
    await enabling.shows(en.networks.title)
  })

  test('that is already taken can be changed without another code', async ({ enabling, page, cloud }) => {
    await enabling.start('directory')
    const code = await codeOf(cloud, accountId)
    await enabling.codeField.fill(code)
    await enabling.dryRun()
    await expect(page.getByText(en.fieldErrors.enable.name_taken)).toBeVisible()
    await enabling.nameField.fill('directory1')
    await expect(page.getByText(en.fieldErrors.enable.name_taken)).toHaveCount(0)
    await enabling.nameField.fill('directory')
    await enabling.enable(accountId)
    await expect(page.getByText(en.fieldErrors.enable.name_taken)).toBeVisible()
    await expect(enabling.nameField).toBeFocused()
    await expect(enabling.codeField).toHaveValue(code)
    await enabling.reloadCode()
    await expect(enabling.nameField).toHaveValue('directory')
    await enabling.nameField.fill('harbour-hq')
    await enabling.enable(accountId, code)
    await expect(page.getByText(`harbour-hq${suffix}`, { exact: true })).toBeVisible()
    expect(await sends(cloud)).toHaveLength(1)
  })
})

test.describe('the code', () => {
  test('that is wrong costs an attempt, both in the dry run and in enabling, and what was typed stays', async ({
    enabling,
    page,
    cloud,
  }) => {
    await enabling.start()
    const code = await codeOf(cloud, accountId)
    await enabling.codeField.fill(wrongOf(code))
    await enabling.dryRun()
    await expect(page.getByText('9 attempts left')).toBeVisible()
    await enabling.enable(accountId, wrongOf(code))
    await expect(page.getByText('8 attempts left')).toBeVisible()
    await expect(enabling.codeField).toBeFocused()
    await expect(enabling.codeField).toHaveValue(wrongOf(code))
    await enabling.enable(accountId, code)
    await enabling.isDone()
  })

  test('is sent again after the server’s cool-down, and the corrected name stays', async ({
    enabling,
    page,
    cloud,
  }) => {
    await enabling.start()
    await expect(page.getByRole('button', { name: /^Send again in 0:[345]\d/ })).toBeVisible()
    await page.reload()
    await expect(page.getByRole('button', { name: /^Send again in 0:[345]\d/ })).toBeVisible()
    await cloud.advance(60)
    await enabling.reloadCode()
    await enabling.nameField.fill('harbour-two')
    await enabling.codeField.fill('000000')
    await enabling.sendAgain()
    await expect(page.getByText('send 2 in 24 hours')).toBeVisible()
    await expect(enabling.codeField).toHaveValue('')
    await expect(enabling.nameField).toHaveValue('harbour-two')
    await enabling.enable(accountId, await codeOf(cloud, accountId))
    await expect(page.getByText(`harbour-two${suffix}`, { exact: true })).toBeVisible()
  })

  test('goes to the number given, which can be changed without entering the name again', async ({
    enabling,
    page,
    cloud,
  }) => {
    await enabling.start('harbour-hq', '91234567')
    expect((await cloud.messages({ to: '65-91234567' })).length).toBe(1)
    await enabling.changeNumber()
    await expect(enabling.numberField).toBeFocused()
    await expect(enabling.nameField).toHaveValue('harbour-hq')
    await expect(page.getByRole('button', { name: /^Send code in/ })).toBeVisible()
    await expect(
      page.getByText(/^You can still use the code sent to \+65-\*{4}4567 until it expires/),
    ).toBeVisible()
    // The option can be changed as well, and the code is still valid.
    await page.getByRole('link', { name: words.back, exact: true }).click()
    await enabling.shows(words.choose.title)
    await enabling.click(flow.stillOpen.back)
    await enabling.shows(words.code.title)
    await enabling.changeNumber()
    await cloud.advance(60)
    await expect(enabling.nameField).toHaveValue('harbour-hq')
    await enabling.numberField.fill('98765432')
    await expect(page.getByText('65-98765432', { exact: true })).toBeVisible()
    await enabling.send()
    await expect(page.getByText('+65-****5432').first()).toBeVisible()
    await enabling.enable(accountId, await codeOf(cloud, accountId))
    await enabling.isDone()
  })
})

test.describe('a send', () => {
  test('that is refused says so, also after a reload', async ({ enabling, page, cloud }) => {
    const code = 'SendValidateCodeExceedsLimitForAccount'
    await cloud.arm({ operation: send, fault: `code:${code}` })
    await enabling.open('new')
    await enabling.nameField.fill('harbour-hq')
    await enabling.send()
    await expect(enabling.failure).toContainText(code)
    await expect(enabling.nameField).toHaveValue('harbour-hq')
    await page.reload()
    await expect(enabling.failure).toContainText(/Refused at .+ when you requested a code/)
  })

  test('without a number requires an account with a phone, and says what to do next', async ({
    enabling,
    page,
    cloud,
  }) => {
    await cloud.changeAccount(accountId, { phone: null })
    await enabling.open('new')
    await enabling.nameField.fill('harbour-hq')
    await enabling.send()
    await expect(enabling.failure).toContainText(en.errors.account.phone_missing.cause)
    await expect(page.getByRole('link', { name: flow.openAccountCenter })).toBeVisible()
    await enabling.numberField.fill('91234567')
    await expect(enabling.button(flow.send)).toBeVisible()
    await enabling.send()
    await expect(enabling.codeField).toBeVisible()
  })

  test('without a response is unknown, and the code that arrives is accepted', async ({
    enabling,
    page,
    cloud,
  }) => {
    await cloud.arm({ operation: send, fault: 'reset', effect: true })
    await enabling.start()
    await expect(page.getByText(flow.code.unknownTitle)).toBeVisible()
    await enabling.enable(accountId, await codeOf(cloud, accountId))
    await enabling.isDone()
    expect(await sends(cloud)).toHaveLength(1)
  })
})
