import type { Page } from '@playwright/test'
import type { MemberOrder, Persona, SandboxControl } from '../lib/sandbox/index.ts'
import { settleSeconds } from './console'
import { codeOf, expect, expectNoSidewaysScroll, failureOn, silentRegions, test } from './fixtures'
import { en, zh } from './messages'
import { enableScreens } from './screens-enable'
import { networkScreens } from './screens-networks'
import { foreignWords } from './words'

const send = 'SendVerificationCodeForBindSecureMobilePhone'
const bind = 'BindSecureMobilePhone'

/** In English on the international site, in Chinese on the China site: names and folders are of the page's language. */
const editions = {
  en: {
    words: en,
    persona: 'intl-admin',
    site: 'international',
    number: '91234567',
    unlikely: '12345678',
    phone: '65-91234567',
    name: 'kiosk-harbour',
  },
  'zh-CN': {
    words: zh,
    persona: 'china-admin',
    site: 'china',
    number: '13812345678',
    unlikely: '20012345678',
    phone: '86-13812345678',
    name: '门店收银',
  },
} as const
type Language = keyof typeof editions

export interface Stage {
  page: Page
  cloud: SandboxControl
  words: typeof en
  persona: Persona['id']
  site: Persona['site']
  /** A number of the site as typed, and as sent; `unlikely` is in no range that is in use. */
  number: string
  unlikely: string
  phone: string
  signIn(persona?: Persona['id']): Promise<void>
  /** Everything is as seeded then, here and in the sandbox. */
  signInWithoutDirectory(): Promise<void>
  member(order?: MemberOrder): Promise<string>
  /** Calls a route of the console as the page would. @returns its JSON */
  post(path: string, data?: object): Promise<Record<string, unknown>>
}

export interface Screen {
  /** Brings the page there. */
  open(stage: Stage): Promise<unknown>
  /** The only width that has it. */
  width?: 320 | 1280
  /**
   * Stands for its layout: looked at in Chinese, too, and by axe at both widths. Single sentences are held by the tests of
   * the catalogs, and what is said of a state does not depend on the width.
   */
  ofLayout?: true
}

const flow = (id: string) => `/members/${id}/phone`
const shows = (page: Page, name: string | RegExp) =>
  expect(page.getByRole('heading', { name, level: 1 })).toBeAttached()

async function openFlow({ page, signIn, member }: Stage, order?: MemberOrder): Promise<string> {
  await signIn()
  const id = await member(order)
  await page.goto(flow(id))
  return id
}

/** A member whose code was sent, without a page. */
async function sent({ signIn, member, post, phone }: Stage): Promise<{ id: string; requestId: string }> {
  await signIn()
  const id = await member()
  const { request } = await post(`/api${flow(id)}/code`, { phone })
  return { id, requestId: (request as { id: string }).id }
}

/** A binding of unknown outcome, which nothing was done by; its page is open. */
async function unknownBind(stage: Stage, change?: MemberOrder): Promise<{ id: string; requestId: string }> {
  const { page, words, cloud, post } = stage
  const { id, requestId } = await sent(stage)
  const match = { accountId: id }
  await cloud.arm({ operation: bind, fault: 'reset', effect: false, match })
  if (change) await cloud.changeMember(id, change)
  else await cloud.arm({ operation: 'GetAccount', fault: 'unavailable', times: 2, match })
  await post(`/api${flow(id)}`, { requestId, code: await codeOf(cloud, id) })
  await page.goto(flow(id))
  await shows(page, words.bind.checking.title)
  return { id, requestId }
}

async function openCode(stage: Stage): Promise<string> {
  const { id } = await sent(stage)
  await stage.page.goto(flow(id))
  await shows(stage.page, stage.words.flow.code.title)
  return id
}

async function enterCode({ page, words }: Stage, code: string) {
  await page.getByLabel(words.flow.code.label).fill(code)
  await page.getByRole('button', { name: words.bind.bind }).click()
}

const wrongOf = (code: string) => (code === '000000' ? '111111' : '000000')

const screens: Record<string, Screen> = {
  'sign-in': {
    open: ({ page, words }) => page.goto('/sign-in').then(() => shows(page, words.signIn.title)),
  },
  'sign-in after a session ended, with every field': {
    ofLayout: true,
    async open({ page, words }) {
      await page.goto('/sign-in?ended=1')
      await expect(page.getByText(words.signIn.ended)).toBeVisible()
      await page.getByText(words.signIn.more).click()
      await expect(page.getByLabel(words.signIn.roleArn)).toBeVisible()
    },
  },
  'sign-in with empty fields': {
    async open({ page, words }) {
      await page.goto('/sign-in')
      await page.getByRole('button', { name: words.signIn.submit, exact: true }).click()
      await expect(page.getByText(words.fieldErrors.input.required)).toHaveCount(2)
    },
  },
  'sign-in with a wrong secret': {
    async open({ page, words }) {
      await page.goto('/sign-in')
      await page.getByLabel(words.signIn.accessKeyId).fill('SANDBOX-INTL-ADMIN')
      await page.getByLabel(words.signIn.accessKeySecret).fill('wrong')
      await page.getByRole('button', { name: words.signIn.submit, exact: true }).click()
      const error = page.getByText(words.fieldErrors.signin.secret_wrong)
      await expect(error).toContainText(words.errors.signin.secret_wrong.next)
      // Told once: the banner is for what belongs to no field.
      await expect(failureOn(page)).toHaveCount(0)
    },
  },
  'sign-in of a root user': {
    async open({ page, words }) {
      await page.goto('/sign-in')
      await page.getByRole('button', { name: words.signIn.persona.root.title }).click()
      await expect(failureOn(page)).toContainText(words.errors.signin.root_refused.cause)
    },
  },
  members: {
    ofLayout: true,
    async open({ page, signIn }) {
      await signIn()
      await page.goto('/members')
      await expect(page.getByRole('row').nth(20)).toBeVisible()
    },
  },
  'members that nothing matches': {
    async open({ page, words, signIn }) {
      await signIn()
      await page.goto('/members?q=no-such-member')
      await expect(page.getByRole('heading', { name: words.members.empty.match })).toBeVisible()
    },
  },
  'members with filters set': {
    async open({ page, words, signIn }) {
      await signIn()
      await page.goto('/members?type=resource&status=CreateSuccess&phone=missing&sort=-joined')
      await expect(page.getByRole('link', { name: words.members.clear })).toBeAttached()
    },
  },
  'members with a list of choices open': {
    ofLayout: true,
    width: 1280,
    async open({ page, words, signIn }) {
      await signIn()
      await page.goto('/members')
      await page.getByRole('combobox', { name: words.members.status }).click()
      await expect(page.getByRole('option').first()).toBeVisible()
    },
  },
  'members with the filters of small screens': {
    width: 320,
    async open({ page, words, signIn }) {
      await signIn()
      await page.goto('/members')
      await page.getByRole('button', { name: /^(Filters|筛选)/ }).click()
      await expect(page.getByRole('combobox', { name: words.members.sort })).toBeVisible()
    },
  },
  'the navigation of small screens': {
    ofLayout: true,
    width: 320,
    async open({ page, words, signIn }) {
      await signIn()
      await page.goto('/settings')
      await page.getByRole('button', { name: words.shell.menu, exact: true }).click()
      await expect(page.getByRole('dialog')).toBeVisible()
    },
  },
  'the theme menu': {
    width: 1280,
    async open({ page, words, signIn }) {
      await signIn()
      await page.goto('/settings')
      await page.getByRole('button', { name: words.shell.theme }).click()
      await expect(page.getByRole('menu')).toBeVisible()
    },
  },
  'the operator menu': {
    ofLayout: true,
    async open({ page, words, signIn }) {
      await signIn()
      await page.goto('/settings')
      await page.locator('header').getByRole('button').last().click()
      await expect(page.getByRole('menuitem', { name: words.shell.signOut })).toBeVisible()
    },
  },
  'members without the permission to list them': {
    async open({ page, words, cloud, signIn }) {
      await signIn()
      await cloud.arm({ operation: 'ListAccounts', fault: 'code:NoPermission', times: 50 })
      await page.goto('/members')
      await shows(page, words.members.failed.permissionTitle)
    },
  },
  'members of an account without a directory': {
    ofLayout: true,
    async open({ page, words, signInWithoutDirectory }) {
      await signInWithoutDirectory()
      await page.goto('/members')
      await shows(page, words.members.noDirectory.title)
    },
  },
  'a member': {
    ofLayout: true,
    async open({ page, words, signIn, member }) {
      await signIn()
      await page.goto(`/members/${await member()}`)
      await expect(page.getByRole('link', { name: words.member.actions.bind })).toBeVisible()
    },
  },
  'a member that does not exist': {
    async open({ page, words, signIn }) {
      await signIn()
      await page.goto('/members/9999999999999999')
      await shows(page, words.member.notFound.title)
    },
  },
  'a member who has left': {
    async open({ page, words, cloud, signIn, member, post }) {
      await signIn()
      const id = await member()
      await page.goto(`/members/${id}`)
      await cloud.removeMember(id)
      await post(`/api/members/${id}/read`)
      await page.reload()
      await expect(page.getByText(words.member.gone.title)).toBeVisible()
    },
  },
  'the number step': {
    async open(stage) {
      await openFlow(stage)
      await shows(stage.page, stage.words.bind.number.title)
    },
  },
  'the number step without a number': {
    async open(stage) {
      const { page, words } = stage
      await openFlow(stage)
      await page.getByRole('button', { name: words.flow.send }).click()
      await expect(page.getByText(words.fieldErrors.phone.empty)).toBeVisible()
    },
  },
  'the number step with an unlikely number': {
    async open(stage) {
      const { page, words, unlikely } = stage
      await openFlow(stage)
      await page.getByLabel(words.flow.phone.label).fill(unlikely)
      await expect(page.getByText(words.flow.phone.doubtful)).toBeVisible()
    },
  },
  'the number step with the number of another member': {
    ofLayout: true,
    async open(stage) {
      const { page, words, number } = stage
      await sent(stage)
      await openFlow(stage)
      await page.getByLabel(words.flow.phone.label).fill(number)
      await expect(page.getByText(words.bind.number.usedByNext)).toBeVisible()
    },
  },
  'the number step while a code is open': {
    async open(stage) {
      const { page, words } = stage
      const { id } = await sent(stage)
      await page.goto(flow(id))
      await page.getByRole('button', { name: words.bind.changeNumber }).click()
      await expect(page.getByRole('button', { name: words.flow.stillOpen.back })).toBeVisible()
    },
  },
  'the number step after a code was discarded': {
    async open(stage) {
      const { page, words, post } = stage
      const { id, requestId } = await sent(stage)
      await post(`/api${flow(id)}/discard`, { requestId })
      await page.goto(flow(id))
      await expect(page.getByText(words.flow.refused.given_up.title)).toBeVisible()
    },
  },
  'a code that is about to be discarded': {
    ofLayout: true,
    async open(stage) {
      const { page, words } = stage
      const { id } = await sent(stage)
      await page.goto(flow(id))
      await page.getByRole('button', { name: words.flow.discard.verb }).click()
      await expect(page.getByRole('dialog')).toContainText(words.flow.discard.body)
    },
  },
  'a send that is refused': {
    async open(stage) {
      const { page, words, cloud, number } = stage
      const id = await openFlow(stage)
      const fault = 'code:SendValidateCodeExceedsLimitForAccount'
      await cloud.arm({ operation: send, fault, match: { accountId: id } })
      await page.getByLabel(words.flow.phone.label).fill(number)
      await page.getByRole('button', { name: words.flow.send }).click()
      await expect(failureOn(page)).toContainText('SendValidateCodeExceedsLimitForAccount')
    },
  },
  'the code step': { open: openCode },
  'the code step without a code': {
    async open(stage) {
      await openCode(stage)
      await enterCode(stage, '')
      await expect(stage.page.getByText(stage.words.fieldErrors.code.empty)).toBeVisible()
    },
  },
  'the code step with a wrong code': {
    ofLayout: true,
    async open(stage) {
      const id = await openCode(stage)
      await enterCode(stage, wrongOf(await codeOf(stage.cloud, id)))
      await expect(stage.page.getByLabel(stage.words.flow.code.label)).toHaveAttribute('aria-invalid', 'true')
    },
  },
  'the code step after ten wrong codes': {
    async open(stage) {
      const { page, words, cloud, post } = stage
      const { id, requestId } = await sent(stage)
      const code = wrongOf(await codeOf(cloud, id))
      for (let tries = 0; tries < 10; tries++) await post(`/api${flow(id)}`, { requestId, code })
      await page.goto(flow(id))
      await expect(failureOn(page)).toContainText(words.errors.code.no_tries_left.next)
      await expect(page.getByLabel(words.flow.code.label)).toHaveCount(0)
      await expect(page.getByRole('button', { name: words.bind.bind })).toHaveCount(0)
    },
  },
  'the code step of a send without an answer, asked to send again': {
    ofLayout: true,
    async open(stage) {
      const { page, words, cloud, signIn, member, post, phone } = stage
      await signIn()
      const id = await member()
      await cloud.arm({ operation: send, fault: 'reset', effect: true, match: { accountId: id } })
      await post(`/api${flow(id)}/code`, { phone })
      await cloud.advance(60)
      await page.goto(flow(id))
      await expect(page.getByText(words.flow.code.unknownTitle)).toBeVisible()
      await page.getByRole('button', { name: words.flow.again, exact: true }).click()
      await expect(page.getByRole('dialog')).toBeVisible()
    },
  },
  'a binding of unknown outcome': {
    ofLayout: true,
    async open(stage) {
      const { page, words, cloud, post } = stage
      const { id, requestId } = await sent(stage)
      const match = { accountId: id }
      await cloud.arm({ operation: bind, fault: 'reset', effect: false, match })
      // It stays unknown as long as no look-up answers.
      await cloud.arm({ operation: 'GetAccount', fault: 'unavailable', times: 1000, match })
      await post(`/api${flow(id)}`, { requestId, code: await codeOf(cloud, id) })
      await page.goto(flow(id))
      await shows(page, words.bind.checking.title)
    },
  },
  'a binding that no answer tells of, asked to go on without': {
    async open(stage) {
      const { page, words, cloud } = stage
      await unknownBind(stage, { phoneReported: false })
      await cloud.advance(settleSeconds + 1)
      await page.getByRole('button', { name: words.flow.checking.lookNow }).click()
      await expect(page.getByText(words.bind.checking.notReported)).toBeVisible()
      await page.getByRole('button', { name: words.bind.conclude.act }).click()
      await expect(page.getByRole('dialog', { name: words.bind.conclude.title })).toBeVisible()
    },
  },
  'the number step after a binding that nobody knows the outcome of': {
    async open(stage) {
      const { page, words, cloud, post } = stage
      const { id, requestId } = await unknownBind(stage, { phoneReported: false })
      await cloud.advance(settleSeconds + 1)
      await post(`/api${flow(id)}/discard`, { requestId, unresolved: true })
      await page.goto(flow(id))
      await expect(page.getByText(words.flow.refused.unresolved.title)).toBeVisible()
    },
  },
  'a member who left before a binding was answered': {
    async open(stage) {
      const { page, words, cloud, post } = stage
      const { id } = await unknownBind(stage)
      await cloud.removeMember(id)
      await cloud.advance(settleSeconds + 1)
      await post(`/api${flow(id)}/look-up`)
      await page.goto(flow(id))
      await expect(page.getByText(words.bind.blocked.gone_unknown.cause)).toBeVisible()
    },
  },
  'the time line of a binding that nobody knows the outcome of': {
    ofLayout: true,
    async open(stage) {
      const { page, words, cloud, post } = stage
      const { id, requestId } = await unknownBind(stage, { phoneReported: false })
      await cloud.advance(settleSeconds + 1)
      await post(`/api${flow(id)}/discard`, { requestId, unresolved: true })
      await page.goto(`/members/${id}`)
      await expect(page.getByText(words.member.timeLine.bind_unresolved.title)).toBeVisible()
    },
  },
  'the number step of a member of an unknown type and status': {
    async open(stage) {
      const { page, words } = stage
      await openFlow(stage, { type: 'new:SharedAccount', status: 'new:HandoverPending' })
      await shows(page, words.bind.number.title)
      await expect(page.getByText(words.bind.checks.vendorDecides)).toHaveCount(2)
    },
  },
  'members while they are being read again': {
    ofLayout: true,
    async open({ page, words, cloud, signIn }) {
      await signIn()
      await page.goto('/members')
      await expect(page.getByRole('row').nth(20)).toBeVisible()
      await cloud.arm({ operation: 'ListFoldersForParent', fault: 'slow:3000', times: 20 })
      await page.getByRole('button', { name: words.members.refresh }).click()
      await page.reload()
      const byName = words === en ? /^refreshing since .+, started by \S+$/ : /^正在刷新（\S+ 于 .+ 发起）$/
      await expect(page.locator('time + time')).toHaveText(byName)
    },
  },
  'a phone that is bound': {
    ofLayout: true,
    async open(stage) {
      const { page, words, cloud, post } = stage
      const { id, requestId } = await sent(stage)
      await post(`/api${flow(id)}`, { requestId, code: await codeOf(cloud, id) })
      await page.goto(flow(id))
      await expect(page.getByText(words.flow.commandLine.title)).toBeVisible()
      await page.goto(`/members/${id}`)
      await expect(page.getByText(words.member.timeLine.bound.title)).toBeVisible()
      await page.goto(flow(id))
      await expect(page.getByText(words.flow.commandLine.title)).toBeVisible()
    },
  },
  'a phone found by a look-up': {
    async open(stage) {
      const { page, words, cloud, post } = stage
      const { id, requestId } = await sent(stage)
      await cloud.arm({ operation: bind, fault: 'reset', effect: true, match: { accountId: id } })
      await post(`/api${flow(id)}`, { requestId, code: await codeOf(cloud, id) })
      await page.goto(flow(id))
      await expect(page.getByText(words.bind.done.foundWhy)).toBeVisible()
    },
  },
  'a member who has a phone already': {
    async open(stage) {
      const { page, words } = stage
      await openFlow(stage, { phone: stage.phone })
      await expect(page.getByText(words.bind.blocked.already_bound.cause)).toBeVisible()
    },
  },
  'a cloud account': {
    async open(stage) {
      const { page, words } = stage
      await openFlow(stage, { type: 'CloudAccount' })
      await expect(page.getByText(words.bind.blocked.cloud_account.cause)).toBeVisible()
    },
  },
  'a member on the way to another type': {
    async open(stage) {
      const { page, words } = stage
      await openFlow(stage, { status: 'PromoteVerifying' })
      await expect(page.getByText(words.bind.blocked.status_unfit.cause)).toBeVisible()
    },
  },
  'a phone that was bound elsewhere meanwhile': {
    async open(stage) {
      const { page, words, cloud, phone } = stage
      const id = await openCode(stage)
      await cloud.changeMember(id, { phone })
      await enterCode(stage, await codeOf(cloud, id))
      await expect(failureOn(page)).toContainText(words.bind.blocked.elsewhere)
    },
  },
  ...enableScreens,
  ...networkScreens,
  'the sandbox with a message and a fault': {
    ofLayout: true,
    async open(stage) {
      const { page, words, cloud } = stage
      await sent(stage)
      await cloud.arm({ operation: 'AssumeRole', fault: 'slow:2000' })
      await page.goto('/sandbox')
      await expect(page.getByText(words.sandbox.inbox.new, { exact: true }).first()).toBeVisible()
      await expect(page.getByRole('list', { name: words.sandbox.faults.armedList })).toBeVisible()
    },
  },
  'the sandbox with an inbox that nothing matches': {
    async open(stage) {
      const { page, words } = stage
      await sent(stage)
      await page.goto('/sandbox')
      await page.getByRole('searchbox', { name: words.sandbox.inbox.filter }).fill('7777777')
      await expect(page.getByRole('button', { name: words.sandbox.inbox.clear })).toBeVisible()
    },
  },
  'the sandbox, asked to be reset': {
    async open({ page, words, signIn }) {
      await signIn()
      await page.goto('/sandbox')
      await page.getByRole('button', { name: words.sandbox.reset.button }).click()
      await expect(page.getByRole('dialog')).toBeVisible()
    },
  },
  settings: {
    ofLayout: true,
    async open({ page, words, signIn }) {
      await signIn()
      await page.goto('/settings')
      await expect(page.getByText(words.settings.sessions.here)).toBeVisible()
    },
  },
  'settings, asked to sign out everywhere': {
    async open({ page, words, signIn }) {
      await signIn()
      await page.goto('/settings')
      await page.getByRole('button', { name: words.settings.sessions.everywhere }).click()
      await expect(page.getByRole('dialog')).toBeVisible()
    },
  },
  'an address that leads nowhere': {
    ofLayout: true,
    open: ({ page, words }) => page.goto('/nowhere').then(() => shows(page, words.notFound.title)),
  },
}

for (const language of Object.keys(editions) as Language[]) {
  const { name, ...edition } = editions[language]
  for (const [what, { open, width: only, ofLayout }] of Object.entries(screens)) {
    if (language === 'zh-CN' && !ofLayout) continue
    test(`${what}, in ${language}: wide and narrow, ${language === 'en' ? 'accessible in both themes, ' : ''}with no foreign word`, async ({
      page,
      cloud,
      signedInAs,
      signedInWithoutDirectory,
      newMember,
      inLanguage,
      muster,
      accessible,
    }) => {
      const widths = only ? [only] : [1280, 320]
      await page.setViewportSize({ width: widths[0] ?? 1280, height: 800 })
      await page.emulateMedia({ reducedMotion: 'reduce', colorScheme: 'light' })
      await inLanguage(language)
      await open({
        page,
        cloud,
        ...edition,
        signIn: (persona = edition.persona) => signedInAs(persona),
        signInWithoutDirectory: signedInWithoutDirectory,
        member: (order) => newMember({ displayName: name, ...order }, edition.site),
        post: async (path, data = {}) =>
          (await page.request.post(path, { headers: { origin: muster.origin }, data })).json(),
      })
      await expect(page.locator('html')).toHaveAttribute('lang', language)
      expect(await foreignWords(page, language)).toEqual([])
      for (const width of widths) {
        await page.setViewportSize({ width, height: 800 })
        await expectNoSidewaysScroll(page)
        expect(await silentRegions(page)).toEqual([])
        // What does not depend on words is looked at in English.
        if (language !== 'en') continue
        await page.emulateMedia({ reducedMotion: 'reduce', colorScheme: 'light' })
        const first = width === widths[0]
        if (first || ofLayout) await accessible()
        if (!first) continue
        await page.emulateMedia({ reducedMotion: 'reduce', colorScheme: 'dark' })
        await accessible('colours')
      }
    })
  }
}
