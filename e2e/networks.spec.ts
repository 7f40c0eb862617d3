import type { Browser, Page } from '@playwright/test'
import type { SandboxControl } from '../lib/sandbox/index.ts'
import { expect, failureOn, test } from './fixtures'
import { en, zh } from './messages'

/** In English on the international site, in Chinese on the China site; the ids of the owners are above 2^53. */
const editions = {
  en: {
    words: en,
    persona: 'intl-admin',
    site: 'international',
    region: 'ap-southeast-1',
    otherRegion: ['eu-central-1', 'Germany (Frankfurt)'],
    name: 'pier-office',
    cenId: 'cen-7ku2w9xq4mz81hvt3e',
    ownerId: '9134520068812347',
    channel: 'email',
    to: 'network@lumenfoods.example',
    ownCen: 'Harbour backbone',
    unfinishedCen: 'Europe expansion',
  },
  'zh-CN': {
    words: zh,
    persona: 'china-admin',
    site: 'china',
    region: 'cn-hangzhou',
    otherRegion: ['cn-beijing', '华北2（北京）'],
    name: '码头办公室',
    cenId: 'cen-3bq8n5xr1kt6wz0v9m',
    ownerId: '9351074826610093',
    channel: 'sms',
    to: '86-10100000131',
    ownCen: '海港骨干网',
    unfinishedCen: '华北扩容',
  },
} as const
type Edition = (typeof editions)[keyof typeof editions]

const words = { ...en.networks, ...en.attach }
const { flow } = en
const intl = editions.en
// Tests share an owner, whom one code a minute goes to.
test.beforeEach(({ cloud }) => cloud.advance(61).then(() => undefined))

/** Overlaps one route of the foreign CENs, and no other does. */
const overlapping = '10.12.0.0/16'

const listOf = (region: string) => `/networks?region=${region}`
const attachOf = (id: string) => `/networks/${id.split('+')[0]}/${encodeURIComponent(id)}/attach`
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { name, level: 1 })
const wrongOf = (code: string) => (code === '000000' ? '111111' : '000000')
/** Alibaba Cloud took the request; what is said aloud begins alike. */
const accepted = (page: Page, edition: Edition = intl) =>
  page.getByText(edition.words.attach.waiting.accepted, { exact: true })
/** What the flow said aloud last. */
const announced = (page: Page) => page.locator('main [role=status]').first()

interface NetworkFacts {
  name?: string
  cidrBlock?: string
  vpcType?: 'Basic' | 'Customized'
  officeSiteType?: 'AD_CONNECTOR'
  cenId?: string
}

/** An office network that no other test uses. */
async function newNetwork(cloud: SandboxControl, facts: NetworkFacts = {}, { site, name }: Edition = intl) {
  const [id] = await cloud.addNetworks(site, [{ name, ...facts }])
  if (!id) throw new Error('the sandbox added no network')
  return id
}

/** The newest code that the owner of a CEN got. */
async function codeFor(cloud: SandboxControl, { ownerId }: Edition = intl): Promise<string> {
  const [newest] = await cloud.messages({ accountId: ownerId, operation: 'SendVerifyCode' })
  if (!newest) throw new Error('no message was sent to this owner')
  return newest.code
}

async function chooseForeign(page: Page, { words: all, cenId, ownerId }: Edition = intl) {
  await page.getByRole('radio', { name: all.attach.choose.foreign }).check()
  await page.getByLabel(all.attach.foreign.cen).fill(cenId)
  await page.getByLabel(all.attach.foreign.owner).fill(ownerId)
}

async function sendTo(page: Page, cloud: SandboxControl, edition: Edition = intl) {
  await cloud.advance(61)
  await chooseForeign(page, edition)
  await button(page, edition.words.flow.send).click()
  await expect(heading(page, edition.words.flow.code.title)).toBeVisible()
}

/** The flow with a code on its way. @returns the network and the code */
async function sent(page: Page, cloud: SandboxControl, facts?: NetworkFacts) {
  const id = await newNetwork(cloud, facts)
  await page.goto(attachOf(id))
  await sendTo(page, cloud)
  return { id, code: await codeFor(cloud) }
}

async function enter(page: Page, code: string, press: string = words.attachVerb) {
  await page.getByLabel(flow.code.label).fill(code)
  await button(page, press).click()
}

const attachCalls = (cloud: SandboxControl, target: string) => cloud.calls({ operation: 'AttachCen', target })

/** Signs in in a second browser. */
async function elsewhere(browser: Browser, origin: string) {
  const context = await browser.newContext({ baseURL: origin })
  await context.request.post('/api/session/persona', {
    headers: { origin },
    data: { persona: 'intl-admin' },
  })
  return context
}

for (const [language, edition] of Object.entries(editions)) {
  const all = edition.words
  const t = { ...all.networks, ...all.attach }
  const { region, site, cenId, ownerId } = edition

  test.describe(`in ${language}, on the ${site} site`, () => {
    test.beforeEach(async ({ inLanguage, signedInAs }) => {
      await inLanguage(language as keyof typeof editions)
      await signedInAs(edition.persona)
    })

    test('a network joins another account’s CEN with the code that its owner got', async ({
      page,
      cloud,
    }) => {
      const id = await newNetwork(cloud, {}, edition)
      await page.goto(listOf(region))
      const row = page.getByRole('row').filter({ hasText: id })
      await expect(row).toContainText(t.state.not_attached)
      await row.getByRole('link', { name: t.attach }).click()
      await chooseForeign(page, edition)
      await expect(page.getByText(t.foreign.recipientBody[site])).toBeVisible()
      await button(page, all.flow.send).click()

      await expect(page.getByLabel(all.flow.code.label)).toBeFocused()
      await expect(announced(page)).toContainText(all.flow.announce.accepted)
      await expect(page.getByText(all.flow.life.unknown)).toBeVisible()
      const [message] = await cloud.messages({ accountId: ownerId, operation: 'SendVerifyCode' })
      expect(message).toMatchObject({ channel: edition.channel, to: edition.to })
      const code = message?.code ?? ''

      // What the owner is to be told: who asks for what, with nothing in it that opens anything.
      const forOwner = await page.getByRole('region', { name: t.ownerWords.title }).innerText()
      const groups = ownerId.match(/.{4}/g)?.join('\u00a0') ?? ''
      for (const part of [cenId, groups, edition.name]) expect(forOwner).toContain(part)
      expect(forOwner).not.toContain(code)
      expect(forOwner).not.toMatch(/https?:|www\./)

      await page.getByLabel(all.flow.code.label).fill(wrongOf(code))
      await button(page, t.attachVerb).click()
      await expect(page.getByLabel(all.flow.code.label)).toHaveAttribute('aria-invalid', 'true')
      await expect(page.getByLabel(all.flow.code.label)).toHaveValue(wrongOf(code))

      await page.getByLabel(all.flow.code.label).fill(code)
      await button(page, t.check.verb).click()
      await expect(page.getByText(t.check.fits)).toBeVisible()
      await button(page, t.attachVerb).click()
      await expect(accepted(page, edition)).toBeVisible()
      await expect(announced(page)).toHaveText(t.announce.waiting.accepted)
      await cloud.advance(9)
      await expect(page.getByText(t.facts.attachId, { exact: true })).toBeVisible()
      await expect(announced(page)).toHaveText(t.announce.attached)
      const calls = await attachCalls(cloud, id)
      expect(calls.map(({ outcome }) => outcome)).toEqual(['OK', 'VerifyCode.InvalidTokenCode'])
      await expect(page.getByText(calls[0]?.requestId ?? '')).toBeVisible()
      expect(await cloud.network(id)).toMatchObject({ cenId, attachStatus: 'attached' })

      // That it was accepted confirmed nothing yet: the page tells both times.
      const [before = '', after = ''] = t.done.confirmed.split('{time}')
      for (const part of [before, after]) await expect(page.locator('main')).toContainText(part.trim())
      await expect(page.getByText(t.facts.asked, { exact: true })).toBeVisible()

      await page.getByRole('link', { name: t.done.list }).click()
      await expect(page.getByRole('row').filter({ hasText: id })).toContainText(t.state.attached)

      // A detaching names the account whose CEN is left.
      await page.goto(attachOf(id))
      await button(page, t.detach.verb).click()
      const question = page.getByRole('alertdialog').or(page.getByRole('dialog'))
      await question.getByRole('button', { name: t.detach.verb }).click()
      await expect(accepted(page, edition)).toBeVisible()
      await expect(page.getByText(groups).first()).toBeVisible()
      await expect(page.getByText(t.facts.ownAccount, { exact: true })).toHaveCount(0)
    })

    test('a network joins an own CEN without a code, and is taken off it again', async ({ page, cloud }) => {
      const id = await newNetwork(cloud, {}, edition)
      await page.goto(attachOf(id))
      await expect(page.getByRole('radio', { name: edition.unfinishedCen })).toBeDisabled()
      await button(page, t.attachVerb).click()
      await expect(page.getByText(all.fieldErrors.cen.unchosen)).toBeVisible()
      await page.getByRole('radio', { name: edition.ownCen }).check()
      await button(page, t.check.verb).click()
      await expect(page.getByText(t.check.fits)).toBeVisible()
      await button(page, t.attachVerb).click()
      const dialog = page.getByRole('dialog')
      await expect(dialog).toContainText(edition.ownCen)
      await button(page, all.common.cancel).click()
      await expect(dialog).toHaveCount(0)
      expect(await attachCalls(cloud, id)).toHaveLength(0)
      await button(page, t.attachVerb).click()
      await dialog.getByRole('button', { name: t.attachVerb }).click()
      await expect(accepted(page, edition)).toBeVisible()
      expect(await attachCalls(cloud, id)).toHaveLength(1)
      await cloud.advance(9)
      await expect(page.getByText(t.facts.attachId, { exact: true })).toBeVisible()
      expect(await cloud.messages({ operation: 'SendVerifyCode', accountId: id })).toHaveLength(0)

      const attached = (await cloud.network(id)).cenId ?? ''
      await button(page, t.detach.verb).click()
      await expect(dialog).toContainText(attached)
      await expect(dialog).toContainText(edition.name)
      await expect(dialog).toContainText(t.detach.body)
      await dialog.getByRole('button', { name: t.detach.verb }).click()
      await expect(accepted(page, edition)).toBeVisible()
      await cloud.advance(4)
      await expect(page.getByText(t.choose.detached)).toBeVisible()
      await expect(announced(page)).toHaveText(t.announce.detached)
      // The proof is there for whoever comes later.
      await page.reload()
      const [call] = await cloud.calls({ operation: 'DetachCen', target: id })
      await expect(page.getByText(call?.requestId ?? 'no call')).toBeVisible()
      await expect(page.getByText(attached).first()).toBeVisible()
      expect((await cloud.network(id)).cenId).toBeUndefined()
      expect(await cloud.calls({ operation: 'DetachCen', target: id })).toHaveLength(1)
    })

    test('a check shows the routes that overlap and the ranges that would not', async ({ page, cloud }) => {
      const id = await newNetwork(cloud, { cidrBlock: overlapping }, edition)
      await page.goto(attachOf(id))
      await sendTo(page, cloud, edition)
      await page.getByLabel(all.flow.code.label).fill(await codeFor(cloud, edition))
      await button(page, t.check.verb).click()
      await expect(page.getByText(t.check.conflict)).toBeVisible()
      const rows = page.getByRole('table', { name: t.check.routes }).getByRole('row')
      await expect(rows.filter({ hasText: '10.12.64.0/18' })).toContainText(t.check.overlaps)
      await expect(rows.filter({ hasText: t.check.free })).toHaveCount(2)
      await expect(page.getByRole('heading', { name: t.check.proposals }).locator('+ ul > li')).toHaveCount(3)
      expect(await attachCalls(cloud, id)).toHaveLength(0)

      // Attaching all the same takes a question that names the route, also after the answer has gone with the code.
      await page.getByLabel(all.flow.code.label).fill('')
      await page.getByLabel(all.flow.code.label).fill(await codeFor(cloud, edition))
      await button(page, t.attachVerb).click()
      const question = page.getByRole('alertdialog').or(page.getByRole('dialog'))
      await expect(question).toContainText('10.12.64.0/18')
      await question.getByRole('button', { name: all.common.cancel }).click()
      expect(await attachCalls(cloud, id)).toHaveLength(0)
      await button(page, t.attachVerb).click()
      await question.getByRole('button', { name: t.check.confirmVerb }).click()
      await expect(accepted(page, edition)).toBeVisible()
      expect(await attachCalls(cloud, id)).toHaveLength(1)
    })

    test('networks that cannot join say why, in the list and on their page', async ({ page, cloud }) => {
      const basic = await newNetwork(cloud, { vpcType: 'Basic' }, edition)
      const custom = await newNetwork(cloud, { vpcType: 'Customized' }, edition)
      await page.goto(listOf(region))
      for (const [id, obstacle] of [
        [basic, 'basic'],
        [custom, 'custom'],
      ] as const) {
        const row = page.getByRole('row').filter({ hasText: id })
        await expect(row).toContainText(t.obstacle[obstacle])
        await expect(row.getByRole('link', { name: t.attach })).toHaveCount(0)
      }
      await page.getByRole('row').filter({ hasText: basic }).getByRole('link', { name: edition.name }).click()
      await expect(page.getByText(t.blocked.basic.cause)).toBeVisible()
      await expect(page.getByRole('main').getByRole('textbox')).toHaveCount(0)
    })

    test('the region that was chosen is remembered, an address wins, an unknown one is told', async ({
      page,
    }) => {
      const [otherId, otherName] = edition.otherRegion
      await page.goto('/networks')
      const picker = page.getByRole('combobox', { name: t.region })
      await expect(picker).toContainText(region)
      await picker.click()
      await page.getByRole('option', { name: otherName }).click()
      await expect(page).toHaveURL(new RegExp(`region=${otherId}$`))
      await expect(
        page
          .getByRole('row')
          .filter({ hasText: `${otherId}+` })
          .first(),
      ).toBeVisible()
      await page.goto('/networks')
      await expect(picker).toContainText(otherId)
      await page.goto(listOf(region))
      await expect(picker).toContainText(region)
      await page.goto(listOf('xx-nowhere-9'))
      await expect(page.getByText('xx-nowhere-9')).toBeVisible()
      await expect(picker).toContainText(otherId)
    })
  })
}

test.describe('with an international account', () => {
  test.beforeEach(({ signedInAs }) => signedInAs('intl-admin'))

  test('ids are checked as they are typed, and a mistake is told before any call', async ({
    page,
    cloud,
  }) => {
    const before = (await cloud.calls({ operation: 'SendVerifyCode' })).length
    const id = await newNetwork(cloud)
    await page.goto(attachOf(id))
    await page.getByRole('radio', { name: words.choose.foreign }).check()
    const owner = page.getByLabel(words.foreign.owner)
    await owner.pressSequentially('148802733915620')
    await expect(owner).toHaveValue('1488 0273 3915 620')
    await expect(page.getByText('15 of 16')).toBeVisible()
    await page.getByLabel(words.foreign.cen).fill('vpc-1')
    await expect(page.getByText('One digit is missing. Account IDs have 16 digits.')).toBeVisible()
    await button(page, flow.send).click()
    await expect(page.getByText(en.fieldErrors.cen.invalid)).toBeVisible()
    await owner.fill('14880273391562077')
    await expect(page.getByText('One digit is too many.')).toBeVisible()
    await owner.fill('1488x')
    await expect(page.getByText(en.fieldErrors.owner.not_digits)).toBeVisible()

    // An own CEN goes by the other way, without a code.
    const { accountId } = await (await page.request.get('/api/session')).json()
    await page.getByLabel(words.foreign.cen).fill(` ${intl.cenId} `)
    await owner.fill(accountId)
    await button(page, flow.send).click()
    await expect(page.getByText(en.fieldErrors.owner.yours)).toBeVisible()
    expect(await cloud.calls({ operation: 'SendVerifyCode' })).toHaveLength(before)
  })

  test('two presses send one code, and two attach once', async ({ page, cloud }) => {
    const before = (await cloud.calls({ operation: 'SendVerifyCode' })).length
    const id = await newNetwork(cloud)
    await page.goto(attachOf(id))
    await chooseForeign(page)
    await button(page, flow.send).dblclick()
    await expect(heading(page, flow.code.title)).toBeVisible()
    expect(await cloud.calls({ operation: 'SendVerifyCode' })).toHaveLength(before + 1)
    await page.getByLabel(flow.code.label).fill(await codeFor(cloud))
    await button(page, words.attachVerb).dblclick()
    await expect(accepted(page)).toBeVisible()
    expect(await attachCalls(cloud, id)).toHaveLength(1)
  })

  test('a reload, a second tab and another browser see the same step', async ({
    page,
    browser,
    cloud,
    muster,
  }) => {
    const { id, code } = await sent(page, cloud)
    const tab = await page.context().newPage()
    const other = await elsewhere(browser, muster.origin)
    const far = await other.newPage()
    for (const one of [tab, far]) {
      await one.goto(attachOf(id))
      await expect(heading(one, flow.code.title)).toBeVisible()
      await expect(one.getByRole('button', { name: /^Send again/ })).toBeVisible()
    }
    await page.reload()
    await expect(heading(page, flow.code.title)).toBeVisible()
    await enter(tab, code)
    await expect(accepted(tab)).toBeVisible()
    // Until everybody has seen it, it does not end.
    await cloud.changeNetwork(id, { attachStatus: 'attaching' })
    for (const one of [tab, page, far]) await expect(accepted(one)).toBeVisible()
    await page.reload()
    await expect(accepted(page)).toBeVisible()
    await cloud.changeNetwork(id, { attachStatus: 'attached' })
    for (const one of [tab, page, far]) await expect(heading(one, /is attached to a CEN$/)).toBeVisible()
    expect(await attachCalls(cloud, id)).toHaveLength(1)
    await other.close()
  })

  test('a CEN that was wrong is corrected without typing it all again', async ({ page, cloud }) => {
    const { id } = await sent(page, cloud)
    await button(page, words.code.change).click()
    await expect(page.getByLabel(words.foreign.cen)).toBeFocused()
    await expect(page.getByLabel(words.foreign.cen)).toHaveValue(intl.cenId)
    await expect(page.getByLabel(words.foreign.owner)).toHaveValue('9134 5200 6881 2347')
    await expect(page.getByRole('button', { name: /^Send code/ })).toBeVisible()
    await expect(
      page.getByText(/^You can still use the code sent to the mailbox of account .* until it expires/),
    ).toBeVisible()
    await button(page, flow.stillOpen.back).click()
    await expect(heading(page, flow.code.title)).toBeVisible()
    expect(await attachCalls(cloud, id)).toHaveLength(0)
  })

  test('what was typed for another account’s CEN is not left in silence while the own ones are shown', async ({
    page,
    cloud,
  }) => {
    await page.goto(attachOf(await newNetwork(cloud)))
    const half = (name: string) => page.getByRole('radio', { name }).check()
    await half(words.choose.foreign)
    await page.getByLabel(words.foreign.owner).fill('9134')
    await half(words.choose.own)
    await page.getByRole('link', { name: en.shell.members }).click()
    await page.getByRole('dialog').getByRole('button', { name: en.shell.leave.stay }).click()
    await half(words.choose.foreign)
    await expect(page.getByLabel(words.foreign.owner)).toHaveValue(/9134/)
  })

  test('a CEN to be corrected takes no focus from a later press on whose CEN it is', async ({
    page,
    cloud,
    muster,
  }) => {
    const id = await newNetwork(cloud)
    const half = (name: string) => page.getByRole('radio', { name })
    await page.goto(attachOf(id))
    await half(words.choose.foreign).check()
    await half(words.choose.own).check()
    // Somebody sends a code meanwhile.
    const reply = await page.request.post(`/api${attachOf(id).replace(/\/attach$/, '/code')}`, {
      headers: { origin: muster.origin },
      data: { cenId: intl.cenId, ownerId: intl.ownerId.replace(/\D/g, '') },
    })
    expect(reply.status()).toBe(200)
    await button(page, words.code.change).click()
    await expect(half(words.choose.own)).toBeChecked()
    await half(words.choose.foreign).check()
    await expect(page.getByLabel(words.foreign.cen)).toBeVisible()
    // The page asks how things stand long after a field would have taken the focus.
    await page.waitForResponse(/\/api\/networks\//)
    await expect(page.getByLabel(words.foreign.cen)).not.toBeFocused()
  })

  test('a check tells a wrong code at its field and says which of CEN and owner is wrong', async ({
    page,
    cloud,
  }) => {
    const { id, code } = await sent(page, cloud)
    await enter(page, wrongOf(code), words.check.verb)
    await expect(page.getByText('9 tries left')).toBeVisible()
    await expect(page.getByLabel(flow.code.label)).toHaveAttribute('aria-invalid', 'true')

    await button(page, words.code.change).click()
    await cloud.advance(60)
    await page.getByLabel(words.foreign.cen).fill('cen-000000nobodys')
    await page.getByLabel(words.foreign.owner).fill(intl.ownerId)
    await button(page, flow.send).click()
    // Accepted, although nobody gets anything: so the page says that, too.
    await expect(heading(page, flow.code.title)).toBeVisible()
    await enter(page, '123456', words.check.verb)
    await expect(page.getByText(en.errors.cen.not_found.cause)).toBeVisible()
    await button(page, words.attachVerb).click()
    await expect(heading(page, words.choose.title)).toBeVisible()
    await expect(failureOn(page)).toContainText(en.errors.cen.not_found.cause)
    await expect(page.getByLabel(words.foreign.cen)).toHaveValue('cen-000000nobodys')
    expect((await cloud.network(id)).cenId).toBeUndefined()
  })

  test('a refusal without words of ours is shown as it came', async ({ page, cloud }) => {
    const { id, code } = await sent(page, cloud)
    await cloud.arm({ operation: 'AttachCen', fault: 'code:InvalidParameter', match: { accountId: id } })
    await enter(page, code)
    await expect(failureOn(page)).toContainText(en.errors.cloud.refused.cause)
    await expect(failureOn(page)).toContainText('The specified value of parameter is not valid.')
    const [call] = await attachCalls(cloud, id)
    await expect(failureOn(page)).toContainText(`InvalidParameterRequestId ${call?.requestId}`)
    await button(page, words.attachVerb).click()
    await expect(accepted(page)).toBeVisible()
  })

  for (const effect of [true, false]) {
    test(`an attach without an answer that took ${effect ? '' : 'no '}effect is read, never repeated`, async ({
      page,
      cloud,
    }) => {
      const { id, code } = await sent(page, cloud)
      await cloud.arm({ operation: 'AttachCen', fault: 'silent', effect, match: { accountId: id } })
      await enter(page, code)
      await expect.poll(() => attachCalls(cloud, id)).toHaveLength(1)
      if (effect) {
        // Nobody has heard that it was accepted: it was found.
        await cloud.changeNetwork(id, { attachStatus: 'attaching' })
        await expect(page.getByText(words.waiting.found)).toBeVisible()
        await expect(accepted(page)).toHaveCount(0)
        await expect(page.getByText(words.facts.found, { exact: true })).toBeVisible()
        await cloud.changeNetwork(id, { attachStatus: 'attached' })
        await expect(page.getByText(words.done.foundWhy)).toBeVisible()
      } else {
        // Only ten minutes later is it certain that nothing was done, and only a person does it again.
        await expect(heading(page, /^We do not know yet whether/)).toBeVisible()
        await cloud.advance(601)
        await expect(page.getByText(words.code.notDone)).toBeVisible()
        expect(await attachCalls(cloud, id)).toHaveLength(1)
        await enter(page, code)
        await expect(accepted(page)).toBeVisible()
      }
      expect(await attachCalls(cloud, id)).toHaveLength(effect ? 1 : 2)
    })
  }

  test('a detach without an answer that took no effect leaves the network attached, and says so', async ({
    page,
    cloud,
  }) => {
    const id = await newNetwork(cloud, { cenId: 'cen-5d0k7r2vq9xw3mzt81' })
    await page.goto(attachOf(id))
    await cloud.arm({ operation: 'DetachCen', fault: 'reset', effect: false, match: { accountId: id } })
    await button(page, words.detach.verb).click()
    await page.getByRole('dialog').getByRole('button', { name: words.detach.verb }).click()
    await expect(heading(page, /^We do not know yet whether/)).toBeVisible()
    await cloud.advance(601)
    await expect(heading(page, /is attached to a CEN$/)).toBeVisible()
    await expect(page.getByText(flow.refused.not_done.title)).toBeVisible()
    expect(await cloud.calls({ operation: 'DetachCen', target: id })).toHaveLength(1)
  })

  test('a send without an answer is told so, and another one takes a press of its own', async ({
    page,
    cloud,
  }) => {
    const id = await newNetwork(cloud)
    await page.goto(attachOf(id))
    await cloud.arm({ operation: 'SendVerifyCode', fault: 'reset', effect: true })
    await sendTo(page, cloud)
    await expect(page.getByText(flow.code.unknownTitle)).toBeVisible()
    await cloud.advance(60)
    await page.reload()
    await button(page, flow.again).click()
    const dialog = page.getByRole('dialog')
    await expect(dialog).toContainText(words.code.againCost)
    await button(page, flow.againUnknown.send).click()
    await expect(page.getByText(/^Accepted for sending to/)).toContainText('the mailbox of account')
    await enter(page, await codeFor(cloud))
    await expect(accepted(page)).toBeVisible()
  })

  test('what is not reported for ten minutes is told as unknown, read on demand, and can be begun anew', async ({
    page,
    cloud,
  }) => {
    const id = await newNetwork(cloud)
    await page.goto(attachOf(id))
    await page.getByRole('radio', { name: intl.ownCen }).check()
    await button(page, words.attachVerb).click()
    await page.getByRole('dialog').getByRole('button', { name: words.attachVerb }).click()
    await expect(accepted(page)).toBeVisible()
    // It goes on for ever, as nobody at Alibaba Cloud intended.
    await cloud.changeNetwork(id, { attachStatus: 'attaching' })
    await cloud.advance(601)
    await expect(heading(page, words.overdue.title)).toBeVisible()
    await button(page, words.overdue.check).click()
    await expect(button(page, words.overdue.check)).toBeEnabled()
    await expect(heading(page, words.overdue.title)).toBeVisible()
    // What is still being changed can't be begun anew.
    await expect(button(page, words.overdue.discard)).toHaveCount(0)
    await cloud.changeNetwork(id, { cenId: null })
    await button(page, words.overdue.check).click()
    await button(page, words.overdue.discard).click()
    await page.getByRole('dialog').getByRole('button', { name: words.overdue.discardConfirm }).click()
    await expect(heading(page, words.choose.title)).toBeVisible()
    await expect(page.getByText(flow.refused.act_given_up.title)).toBeVisible()
    expect(await attachCalls(cloud, id)).toHaveLength(1)
  })

  test('an own CEN that was not joined after all is chosen still', async ({ page, cloud }) => {
    const id = await newNetwork(cloud)
    await cloud.arm({ operation: 'AttachCen', fault: 'reset', effect: false, match: { accountId: id } })
    await page.goto(attachOf(id))
    await page.getByRole('radio', { name: intl.ownCen }).check()
    await button(page, words.attachVerb).click()
    await page.getByRole('dialog').getByRole('button', { name: words.attachVerb }).click()
    await expect(heading(page, /^We do not know yet whether/)).toBeVisible()
    await cloud.advance(601)
    await expect(page.getByText(flow.refused.not_done.title)).toBeVisible()
    await expect(page.getByRole('radio', { name: intl.ownCen })).toBeChecked()
    await button(page, words.attachVerb).click()
    await page.getByRole('dialog').getByRole('button', { name: words.attachVerb }).click()
    await expect(accepted(page)).toBeVisible()
    expect(await attachCalls(cloud, id)).toHaveLength(2)
  })

  test('the answer of a check goes with the code it was asked with', async ({ page, cloud }) => {
    const { code } = await sent(page, cloud)
    await enter(page, code, words.check.verb)
    await expect(page.getByText(words.check.fits)).toBeVisible()
    await page.getByLabel(flow.code.label).fill(wrongOf(code))
    await expect(page.getByText(words.check.fits)).toHaveCount(0)
    await page.getByLabel(flow.code.label).fill(code)
    await expect(page.getByText(words.check.fits)).toBeVisible()
  })

  test('a newer code for another network is told where the older one was waited for', async ({
    page,
    cloud,
  }) => {
    const first = await sent(page, cloud)
    const tab = await page.context().newPage()
    const other = await newNetwork(cloud)
    await tab.goto(attachOf(other))
    await chooseForeign(tab)
    await button(tab, flow.send).click()
    // It says what is waited for, and the wait runs down on the button.
    await expect(failureOn(tab)).toContainText(first.id)
    const wait = tab.getByRole('button', { name: /^Send code in/ })
    const shown = await wait.innerText()
    await expect(wait).not.toHaveText(shown)
    // The test's clock is ahead of the tab's.
    await tab.reload()
    await sendTo(tab, cloud)
    await expect(heading(page, words.choose.title)).toBeVisible()
    await expect(page.getByText(flow.refused.superseded.title)).toBeVisible()
    expect(await attachCalls(cloud, first.id)).toHaveLength(0)
  })

  test('a network that somebody attached meanwhile is not attached again', async ({ page, cloud }) => {
    const { id, code } = await sent(page, cloud)
    await page.getByLabel(flow.code.label).fill(code)
    await cloud.changeNetwork(id, { cenId: 'cen-8p3hy6n1ce4ua7jg2f' })
    await button(page, words.attachVerb).click()
    await expect(heading(page, /is attached to a CEN$/)).toBeVisible()
    await expect(page.getByText('cen-8p3hy6n1ce4ua7jg2f').first()).toBeVisible()
    // Attached, but not by what was asked for here.
    await expect(failureOn(page)).toContainText(en.errors.network.attached.cause)
    expect(await attachCalls(cloud, id)).toHaveLength(0)
  })

  test('a network that was attached to another CEN since the page was opened is not detached', async ({
    page,
    cloud,
  }) => {
    const id = await newNetwork(cloud, { cenId: 'cen-5d0k7r2vq9xw3mzt81' })
    await page.goto(attachOf(id))
    await button(page, words.detach.verb).click()
    await expect(page.getByRole('dialog')).toContainText('cen-5d0k7r2vq9xw3mzt81')
    await cloud.changeNetwork(id, { cenId: 'cen-8p3hy6n1ce4ua7jg2f' })
    await page.getByRole('dialog').getByRole('button', { name: words.detach.verb }).click()
    await expect(failureOn(page)).toContainText(en.errors.network.changed.cause)
    await expect(page.getByText('cen-8p3hy6n1ce4ua7jg2f').first()).toBeVisible()
    expect(await cloud.calls({ operation: 'DetachCen', target: id })).toHaveLength(0)
  })

  test('the CEN of an AD network cannot be taken off, and its page says why', async ({ page, cloud }) => {
    const id = await newNetwork(cloud, { officeSiteType: 'AD_CONNECTOR', cenId: 'cen-5d0k7r2vq9xw3mzt81' })
    await page.goto(attachOf(id))
    await expect(page.getByText(words.detach.ad)).toBeVisible()
    await expect(button(page, words.detach.verb)).toHaveCount(0)
  })

  test('the whole way works with the keyboard', async ({ page, cloud }) => {
    const id = await newNetwork(cloud)
    await page.goto(listOf(intl.region))
    await page.getByRole('row').filter({ hasText: id }).getByRole('link', { name: words.attach }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('radio', { name: words.choose.own }).focus()
    await page.keyboard.press('ArrowRight')
    await expect(page.getByRole('radio', { name: words.choose.foreign })).toBeFocused()
    await expect(page.getByLabel(words.foreign.cen)).toBeVisible()
    await page.keyboard.press('Tab')
    await page.keyboard.type(intl.cenId)
    await page.keyboard.press('Tab')
    await page.keyboard.type(intl.ownerId)
    await page.keyboard.press('Enter')
    await expect(page.getByLabel(flow.code.label)).toBeFocused()
    await page.keyboard.type(await codeFor(cloud))
    await page.keyboard.press('Enter')
    await expect(heading(page, /attached/)).toBeFocused()
    await cloud.advance(9)
    await expect(heading(page, /is attached to a CEN$/)).toBeFocused()
    await button(page, words.detach.verb).focus()
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog')
    await expect(dialog).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(dialog).toHaveCount(0)
    await expect(button(page, words.detach.verb)).toBeFocused()
    expect(await cloud.calls({ operation: 'DetachCen', target: id })).toHaveLength(0)
  })

  test('without the permission the list says which one is missing, and another try is at hand', async ({
    page,
    cloud,
  }) => {
    await cloud.arm({ operation: 'DescribeOfficeSites', fault: 'code:NoPermission', times: 50 })
    await page.goto(listOf(intl.region))
    await expect(failureOn(page)).toContainText('ecd:DescribeOfficeSites')
    await expect(failureOn(page)).toContainText(words.failed.ask)
    await cloud.disarmAll()
    await button(page, words.read).click()
    await expect(page.getByRole('table', { name: words.title })).toBeVisible()
    await expect(failureOn(page)).toHaveCount(0)
  })

  test('a network or region that does not exist leads back to the list', async ({ page }) => {
    for (const id of ['ap-southeast-1+os-nobody0000000000x', 'not one']) {
      const reply = await page.goto(attachOf(id))
      expect(reply?.status()).toBe(404)
      await expect(heading(page, words.notFound.title)).toBeVisible()
      await page.getByRole('link', { name: words.notFound.back }).click()
      await expect(page.getByRole('table', { name: words.title })).toBeVisible()
    }
  })
})

test('an account without a directory has its office networks all the same', async ({
  page,
  signedInWithoutDirectory,
}) => {
  await signedInWithoutDirectory()
  await page.goto('/settings')
  await page.getByRole('link', { name: en.shell.networks }).click()
  await expect(page.getByRole('row').filter({ hasText: 'Ventures office' })).toBeVisible()
})
