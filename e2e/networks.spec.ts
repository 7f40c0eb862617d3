import { attachCalls, codeFor, editions, listOf, newNetwork, overlapping, sendTo } from './attaching'
import { expect, test } from './fixtures'
import { wrongOf } from './flow-page'
import { en } from './messages'

// Tests share an owner, who gets at most one code a minute.
test.beforeEach(({ cloud }) => cloud.advance(61).then(() => undefined))

for (const [language, edition] of Object.entries(editions)) {
  const all = edition.words
  const t = { ...all.networks, ...all.attach }
  const { region, site, cenId, ownerId } = edition

  test.describe(`in ${language}, on the ${site} site`, () => {
    test.use({ words: all })
    test.beforeEach(async ({ inLanguage, signedInAs }) => {
      await inLanguage(language as keyof typeof editions)
      await signedInAs(edition.persona)
    })

    test('a network is attached to another account’s CEN with the code that its owner received', async ({
      attaching,
      page,
      cloud,
    }) => {
      const id = await newNetwork(cloud, {}, edition)
      await page.goto(listOf(region))
      const row = page.getByRole('row').filter({ hasText: id })
      await expect(row).toContainText(t.state.not_attached)
      await row.getByRole('link', { name: t.attach }).click()
      await attaching.chooseCrossAccount(edition)
      await expect(page.getByText(t.crossAccount.recipientBody[site])).toBeVisible()
      await attaching.send()

      await expect(attaching.codeField).toBeFocused()
      await expect(attaching.announced).toContainText(all.flow.announce.accepted)
      await expect(page.getByText(all.flow.life.unknown)).toBeVisible()
      const [message] = await cloud.messages({ accountId: ownerId, operation: 'SendVerifyCode' })
      expect(message).toMatchObject({ channel: edition.channel, to: edition.to })
      const code = message?.code ?? ''

      // The message to the owner says who asks for what, and contains neither a link nor the code.
      const forOwner = await page.getByRole('region', { name: t.ownerWords.title }).innerText()
      const groups = ownerId.match(/.{4}/g)?.join('\u00a0') ?? ''
      for (const part of [cenId, groups, edition.name]) expect(forOwner).toContain(part)
      expect(forOwner).not.toContain(code)
      expect(forOwner).not.toMatch(/https?:|www\./)

      await attaching.codeField.fill(wrongOf(code))
      await attaching.attach()
      await expect(attaching.codeField).toHaveAttribute('aria-invalid', 'true')
      await expect(attaching.codeField).toHaveValue(wrongOf(code))

      await attaching.codeField.fill(code)
      await attaching.check()
      await expect(page.getByText(t.check.fits)).toBeVisible()
      await attaching.attach()
      await expect(attaching.accepted).toBeVisible()
      await expect(attaching.announced).toHaveText(t.announce.waiting.accepted)
      await cloud.advance(9)
      await expect(page.getByText(t.facts.attachId, { exact: true })).toBeVisible()
      await expect(attaching.announced).toHaveText(t.announce.attached)
      const calls = await attachCalls(cloud, id)
      expect(calls.map(({ outcome }) => outcome)).toEqual(['OK', 'VerifyCode.InvalidTokenCode'])
      await expect(page.getByText(calls[0]?.requestId ?? '')).toBeVisible()
      expect(await cloud.network(id)).toMatchObject({ cenId, attachStatus: 'attached' })

      // Acceptance is not confirmation: the page shows the times of both.
      const [before = '', after = ''] = t.done.confirmed.split('{time}')
      for (const part of [before, after]) await expect(page.locator('main')).toContainText(part.trim())
      await expect(page.getByText(t.facts.asked, { exact: true })).toBeVisible()

      await page.getByRole('link', { name: t.done.list }).click()
      await expect(page.getByRole('row').filter({ hasText: id })).toContainText(t.state.attached)

      // Detaching names the account of the CEN.
      await attaching.open(id)
      await attaching.detach()
      const question = attaching.question
      await question.getByRole('button', { name: t.detach.verb }).click()
      await expect(attaching.accepted).toBeVisible()
      await expect(page.getByText(groups).first()).toBeVisible()
      await expect(page.getByRole('definition').getByText(t.facts.ownAccount, { exact: true })).toHaveCount(0)
    })

    test('a network is attached to an own CEN without a code, and detached again', async ({
      attaching,
      page,
      cloud,
    }) => {
      const id = await newNetwork(cloud, {}, edition)
      await attaching.open(id)
      await expect(attaching.choice(edition.unfinishedCen)).toBeDisabled()
      await attaching.attach()
      await expect(page.getByText(all.fieldErrors.cen.unchosen)).toBeVisible()
      await attaching.choice(edition.ownCen).check()
      await attaching.check()
      await expect(page.getByText(t.check.fits)).toBeVisible()
      await attaching.attach()
      const dialog = attaching.question
      await expect(dialog).toContainText(edition.ownCen)
      await attaching.click(all.common.cancel)
      await expect(dialog).toHaveCount(0)
      expect(await attachCalls(cloud, id)).toHaveLength(0)
      await attaching.attach()
      await dialog.getByRole('button', { name: t.attachVerb }).click()
      await expect(attaching.accepted).toBeVisible()
      expect(await attachCalls(cloud, id)).toHaveLength(1)
      await cloud.advance(9)
      await expect(page.getByText(t.facts.attachId, { exact: true })).toBeVisible()
      expect(await cloud.messages({ operation: 'SendVerifyCode', accountId: id })).toHaveLength(0)

      const attached = (await cloud.network(id)).cenId ?? ''
      await attaching.detach()
      await expect(dialog).toContainText(attached)
      await expect(dialog).toContainText(edition.name)
      await expect(dialog).toContainText(t.detach.body)
      await dialog.getByRole('button', { name: t.detach.verb }).click()
      await expect(attaching.accepted).toBeVisible()
      await cloud.advance(4)
      await expect(page.getByText(t.choose.detached)).toBeVisible()
      await expect(attaching.announced).toHaveText(t.announce.detached)
      // The request ID is still shown after a reload.
      await page.reload()
      const [call] = await cloud.calls({ operation: 'DetachCen', target: id })
      await expect(page.getByText(call?.requestId ?? 'no call')).toBeVisible()
      await expect(page.getByText(attached).first()).toBeVisible()
      expect((await cloud.network(id)).cenId).toBeUndefined()
      expect(await cloud.calls({ operation: 'DetachCen', target: id })).toHaveLength(1)
    })

    test('a check shows the routes that overlap and the ranges that would not', async ({
      attaching,
      page,
      cloud,
    }) => {
      const id = await newNetwork(cloud, { cidrBlock: overlapping }, edition)
      await attaching.open(id)
      await sendTo(attaching, cloud, edition)
      await attaching.codeField.fill(await codeFor(cloud, edition))
      await attaching.check()
      await expect(page.getByText(t.check.conflict)).toBeVisible()
      const rows = page.getByRole('table', { name: t.check.routes }).getByRole('row')
      await expect(rows.filter({ hasText: '10.12.64.0/18' })).toContainText(t.check.overlaps)
      await expect(rows.filter({ hasText: t.check.free })).toHaveCount(2)
      await expect(page.getByRole('heading', { name: t.check.proposals }).locator('+ ul > li')).toHaveCount(3)
      expect(await attachCalls(cloud, id)).toHaveLength(0)

      // Attaching anyway asks first, naming the route, even after the result was cleared with the code.
      await attaching.codeField.fill('')
      await attaching.codeField.fill(await codeFor(cloud, edition))
      await attaching.attach()
      const question = attaching.question
      await expect(question).toContainText('10.12.64.0/18')
      await question.getByRole('button', { name: all.common.cancel }).click()
      expect(await attachCalls(cloud, id)).toHaveLength(0)
      await attaching.attach()
      await question.getByRole('button', { name: t.check.confirmVerb }).click()
      await expect(attaching.accepted).toBeVisible()
      expect(await attachCalls(cloud, id)).toHaveLength(1)
    })

    test('networks that cannot be attached say why, in the list and on their page', async ({
      page,
      cloud,
    }) => {
      const basic = await newNetwork(cloud, { vpcType: 'Basic' }, edition)
      const custom = await newNetwork(cloud, { vpcType: 'Customized' }, edition)
      await page.goto(listOf(region))
      for (const [id, blockedReason] of [
        [basic, 'basic'],
        [custom, 'custom'],
      ] as const) {
        const row = page.getByRole('row').filter({ hasText: id })
        await expect(row).toContainText(t.blockedReason[blockedReason])
        await expect(row.getByRole('link', { name: t.attach })).toHaveCount(0)
      }
      await page.getByRole('row').filter({ hasText: basic }).getByRole('link', { name: edition.name }).click()
      await expect(page.getByText(t.blocked.basic.cause)).toBeVisible()
      await expect(page.getByRole('main').getByRole('textbox')).toHaveCount(0)
    })

    test('the chosen region is remembered, the URL takes precedence, an unknown region is reported', async ({
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

test('an account without a directory still has its office networks', async ({
  page,
  signedInWithoutDirectory,
}) => {
  await signedInWithoutDirectory()
  await page.goto('/settings')
  await page.getByRole('link', { name: en.shell.networks }).click()
  await expect(page.getByRole('row').filter({ hasText: 'Ventures office' })).toBeVisible()
})
