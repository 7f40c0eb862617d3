import { accountNameSuffix } from '../lib/contract/enable-mode'
import { settleSeconds } from './console'
import { codeOf, expect, failureOn } from './fixtures'
import { enableElsewhere, personaOf } from './operators'
import type { Screen, Stage } from './screens.spec'

const send = 'SendVerificationCodeForEnableRD'
/** Of the real thing; the dry run is another product's. */
const enable = 'ResourceManager/EnableResourceDirectory'
const { accountId } = personaOf('no-directory')
const path = '/directory/enable'
const namePrefix = 'harbour-hq'

async function openMode({ page, signInWithoutDirectory }: Stage, mode?: 'current' | 'new'): Promise<void> {
  await signInWithoutDirectory()
  await page.goto(mode ? `${path}?mode=${mode}` : path)
}

/** A code that was sent, without a page. */
async function sent({ signInWithoutDirectory, post, cloud }: Stage, phone?: string) {
  await signInWithoutDirectory()
  const { request } = await post(`/api${path}/code`, { namePrefix, ...(phone && { phone }) })
  return { requestId: (request as { id: string }).id, code: await codeOf(cloud, accountId) }
}

async function openCode(stage: Stage, phone?: string): Promise<string> {
  const { code } = await sent(stage, phone)
  await stage.page.goto(path)
  // It takes the focus when it appears: what is typed elsewhere before that would land in it.
  await expect(stage.page.getByLabel(stage.words.flow.code.label)).toBeFocused()
  return code
}

async function press({ page }: Stage, name: string): Promise<void> {
  await page.getByRole('button', { name, exact: true }).click()
}

/** Types what the last step asks for, and enables. */
async function confirm(stage: Stage, code?: string): Promise<void> {
  const { page, words } = stage
  if (code) await page.getByLabel(words.flow.code.label).fill(code)
  await page.locator('input[name=confirmation]').fill(accountId)
  await press(stage, words.enable.enable)
}

const shows = ({ page }: Stage, name: string) =>
  expect(page.getByRole('heading', { name, exact: true, level: 1 })).toBeAttached()

export const enableScreens: Record<string, Screen> = {
  'the choice of a management account': {
    ofLayout: true,
    async open(stage) {
      await openMode(stage)
      await shows(stage, stage.words.enable.choose.title)
    },
  },
  'enabling with the account, a dry run passed': {
    async open(stage) {
      const { page, words } = stage
      await openMode(stage, 'current')
      await press(stage, words.enable.dryRun.verb)
      await expect(page.getByText(words.enable.dryRun.passed)).toBeVisible()
    },
  },
  'enabling with the account, a dry run that names what is missing': {
    ofLayout: true,
    async open(stage) {
      const { page, words, cloud } = stage
      await openMode(stage, 'current')
      await cloud.changeAccount(accountId, { enterpriseVerified: false })
      await press(stage, words.enable.dryRun.verb)
      await expect(failureOn(page)).toContainText(words.enable.dryRun.stopped)
    },
  },
  'enabling with the account, not confirmed': {
    async open(stage) {
      const { page, words } = stage
      await openMode(stage, 'current')
      await press(stage, words.enable.enable)
      await expect(page.getByText(words.fieldErrors.enable.confirmation_wrong)).toBeVisible()
    },
  },
  'enabling with the account that was refused before': {
    async open(stage) {
      const { page, cloud, post } = stage
      await stage.signInWithoutDirectory()
      await cloud.changeAccount(accountId, { enterpriseName: null })
      await post(`/api${path}`, { confirmation: accountId })
      await page.goto(`${path}?mode=current`)
      await expect(failureOn(page)).toContainText('Invalid.EnterpriseName')
    },
  },
  'the name and phone of a new management account': {
    async open(stage) {
      await openMode(stage, 'new')
      await shows(stage, stage.words.enable.phone.title)
    },
  },
  'the name and phone of a new management account, both wrong': {
    ofLayout: true,
    async open(stage) {
      const { page, words } = stage
      await openMode(stage, 'new')
      await page.getByLabel(words.enable.phone.name).fill('a__b')
      await page.getByLabel(words.flow.phone.label).fill('9123')
      await press(stage, words.flow.send)
      await expect(page.getByText(words.fieldErrors.phone.too_short)).toBeVisible()
      await expect(page.getByText(words.fieldErrors.namePrefix.signs_in_a_row)).toBeVisible()
    },
  },
  'a code for enabling that is refused': {
    async open(stage) {
      const { page, words, cloud } = stage
      await openMode(stage, 'new')
      await cloud.arm({ operation: send, fault: 'code:SendValidateCodeExceedsLimitForAccount' })
      await page.getByLabel(words.enable.phone.name).fill(namePrefix)
      await press(stage, words.flow.send)
      await expect(failureOn(page)).toContainText('SendValidateCodeExceedsLimitForAccount')
    },
  },
  'the code of a new management account, sent to the account’s own phone': {
    open: (stage) => openCode(stage),
  },
  'the code of a new management account, its name taken': {
    async open(stage) {
      const { page, words } = stage
      const code = await openCode(stage, '65-91234567')
      await page.getByLabel(words.enable.phone.name).fill('directory')
      await confirm(stage, code)
      await expect(page.getByText(words.fieldErrors.enable.name_taken)).toBeVisible()
    },
  },
  'the code of a new management account, a dry run passed': {
    ofLayout: true,
    async open(stage) {
      const { page, words } = stage
      const code = await openCode(stage)
      await page.getByLabel(words.flow.code.label).fill(code)
      await press(stage, words.enable.dryRun.verb)
      await expect(page.getByText(words.enable.dryRun.passed)).toBeVisible()
    },
  },
  'an enabling of unknown outcome': {
    ofLayout: true,
    async open(stage) {
      const { page, words, cloud, post } = stage
      const { requestId, code } = await sent(stage)
      await cloud.arm({ operation: enable, fault: 'reset', effect: false })
      await post(`/api${path}`, { requestId, code, confirmation: accountId })
      // It stays unknown as long as no look-up answers.
      await cloud.arm({ operation: 'GetResourceDirectory', fault: 'unavailable', times: 1000 })
      await page.goto(path)
      await shows(stage, words.enable.checking.title)
      await press(stage, words.flow.checking.lookNow)
      await expect(failureOn(page)).toBeVisible()
    },
  },
  'an enabling that did nothing': {
    async open(stage) {
      const { page, words, cloud, post } = stage
      const { requestId, code } = await sent(stage)
      await cloud.arm({ operation: enable, fault: 'reset', effect: false })
      await post(`/api${path}`, { requestId, code, confirmation: accountId })
      await cloud.advance(settleSeconds + 1)
      await page.goto(path)
      await expect(page.getByText(words.enable.notDone.title)).toBeVisible()
    },
  },
  'a directory that the account manages': {
    ofLayout: true,
    async open(stage) {
      const { page, words, post } = stage
      await stage.signInWithoutDirectory()
      await post(`/api${path}`, { confirmation: accountId })
      await page.goto(path)
      await shows(stage, words.enable.done.title)
    },
  },
  'a directory that a look-up found': {
    async open(stage) {
      const { page, words, cloud, post } = stage
      await stage.signInWithoutDirectory()
      await cloud.arm({ operation: enable, fault: 'reset', effect: true })
      await post(`/api${path}`, { confirmation: accountId })
      await page.goto(path)
      await expect(page.getByText(words.enable.done.foundWhy)).toBeVisible()
    },
  },
  'a directory with a new management account, which ended the session': {
    async open(stage) {
      const code = await openCode(stage, '65-91234567')
      await confirm(stage, code)
      await shows(stage, stage.words.enable.done.title)
      await expect(stage.page.getByText(stage.words.enable.done.new.ended)).toBeVisible()
    },
  },
  'enabling for an account with a directory': {
    async open(stage) {
      await stage.signIn()
      await stage.page.goto(path)
      await shows(stage, stage.words.enable.blocked.managing.title)
    },
  },
  'an enabling without an answer, and a directory of another name': {
    async open(stage) {
      const { page, words, cloud, post } = stage
      const { requestId, code } = await sent(stage)
      await cloud.arm({ operation: enable, fault: 'reset', effect: false })
      await post(`/api${path}`, { requestId, code, confirmation: accountId })
      await enableElsewhere(cloud, `ventures-root${accountNameSuffix}`)
      await page.goto(path)
      await shows(stage, words.enable.blocked.unknown.title)
    },
  },
  'an enabling whose code was discarded': {
    async open(stage) {
      const { requestId } = await sent(stage)
      await stage.post(`/api${path}/discard`, { requestId })
      await stage.page.goto(path)
      await expect(stage.page.getByText(stage.words.flow.refused.given_up.title)).toBeVisible()
    },
  },
  'enabling for a member of another directory': {
    async open(stage) {
      await stage.signInWithoutDirectory()
      await enableElsewhere(stage.cloud, `ventures-root${accountNameSuffix}`)
      await stage.page.goto(path)
      await shows(stage, stage.words.enable.blocked.member.title)
    },
  },
}
