import { attachCalls, codeFor, intl, listOf, newNetwork, sendTo, sent } from './attaching'
import { expect, test } from './fixtures'
import { NetworkPage, placeOf, wrongOf } from './flow-page'
import { en } from './messages'

const words = { ...en.networks, ...en.attach }
const { flow } = en

// Tests share an owner, who gets at most one code a minute.
test.beforeEach(({ cloud }) => cloud.advance(61).then(() => undefined))

test.describe('with an international account', () => {
  test.beforeEach(({ signedInAs }) => signedInAs('intl-admin'))

  test('IDs are checked as they are typed, and mistakes are shown before any call', async ({
    attaching,
    page,
    cloud,
  }) => {
    const before = (await cloud.calls({ operation: 'SendVerifyCode' })).length
    const id = await newNetwork(cloud)
    await attaching.open(id)
    await attaching.choice(words.choose.crossAccount).check()
    const owner = attaching.ownerField
    await owner.pressSequentially('148802733915620')
    await expect(owner).toHaveValue('1488 0273 3915 620')
    await expect(page.getByText('15 of 16')).toBeVisible()
    await attaching.cenField.fill('vpc-1')
    await expect(page.getByText('One digit is missing. Account IDs have 16 digits.')).toBeVisible()
    await attaching.send()
    await expect(page.getByText(en.fieldErrors.cen.invalid)).toBeVisible()
    await owner.fill('14880273391562077')
    await expect(page.getByText('There is one digit too many.')).toBeVisible()
    await owner.fill('1488x')
    await expect(page.getByText(en.fieldErrors.owner.not_digits)).toBeVisible()

    // A CEN of the own account is chosen by the other option, without a code.
    const { accountId } = await (await page.request.get('/api/session')).json()
    await attaching.cenField.fill(` ${intl.cenId} `)
    await owner.fill(accountId)
    await attaching.send()
    await expect(page.getByText(en.fieldErrors.owner.yours)).toBeVisible()
    expect(await cloud.calls({ operation: 'SendVerifyCode' })).toHaveLength(before)
  })

  test('a double click sends one code, and another one attaches once', async ({ attaching, cloud }) => {
    const before = (await cloud.calls({ operation: 'SendVerifyCode' })).length
    const id = await newNetwork(cloud)
    await attaching.open(id)
    await attaching.chooseCrossAccount(intl)
    await attaching.button(flow.send).dblclick()
    await attaching.asksForCode()
    expect(await cloud.calls({ operation: 'SendVerifyCode' })).toHaveLength(before + 1)
    await attaching.codeField.fill(await codeFor(cloud))
    await attaching.button(words.attachVerb).dblclick()
    await expect(attaching.accepted).toBeVisible()
    expect(await attachCalls(cloud, id)).toHaveLength(1)
  })

  test('a reload, a second tab and another browser see the same step', async ({
    elsewhere,
    attaching,
    page,
    cloud,
  }) => {
    const { id, code } = await sent(attaching, cloud)
    const tab = new NetworkPage(await page.context().newPage())
    const far = new NetworkPage(await (await elsewhere('intl-admin')).newPage())
    for (const one of [tab, far]) {
      await one.open(id)
      await one.asksForCode()
      await expect(one.page.getByRole('button', { name: /^Send again/ })).toBeVisible()
    }
    await page.reload()
    await attaching.asksForCode()
    await tab.attach(code)
    await expect(tab.accepted).toBeVisible()
    // Keeps attaching until every page has shown it.
    await cloud.changeNetwork(id, { attachStatus: 'attaching' })
    for (const one of [tab, attaching, far]) await expect(one.accepted).toBeVisible()
    await page.reload()
    await expect(attaching.accepted).toBeVisible()
    await cloud.changeNetwork(id, { attachStatus: 'attached' })
    for (const one of [tab, attaching, far]) await one.shows(/is attached to a CEN$/)
    expect(await attachCalls(cloud, id)).toHaveLength(1)
  })

  test('a wrong CEN can be corrected without typing everything again', async ({ attaching, page, cloud }) => {
    const { id } = await sent(attaching, cloud)
    await attaching.changeCen()
    await expect(attaching.cenField).toBeFocused()
    await expect(attaching.cenField).toHaveValue(intl.cenId)
    await expect(attaching.ownerField).toHaveValue('9134 5200 6881 2347')
    await expect(page.getByRole('button', { name: /^Send code/ })).toBeVisible()
    await expect(
      page.getByText(/^You can still use the code sent to the email address of account .* until it expires/),
    ).toBeVisible()
    await attaching.click(flow.stillOpen.back)
    await attaching.asksForCode()
    expect(await attachCalls(cloud, id)).toHaveLength(0)
  })

  test('leaving asks about what was typed for another account’s CEN, even while the own CENs are shown', async ({
    attaching,
    page,
    cloud,
  }) => {
    await attaching.open(await newNetwork(cloud))
    const option = (name: string) => page.getByRole('radio', { name }).check()
    await option(words.choose.crossAccount)
    await attaching.ownerField.fill('9134')
    await option(words.choose.own)
    await page.getByRole('link', { name: en.shell.members }).click()
    await attaching.answer(en.shell.leave.stay)
    await option(words.choose.crossAccount)
    await expect(attaching.ownerField).toHaveValue(/9134/)
  })

  test('correcting a CEN does not move focus after a later choice of whose CEN it is', async ({
    attaching,
    page,
    cloud,
    muster,
  }) => {
    const id = await newNetwork(cloud)
    const option = (name: string) => page.getByRole('radio', { name })
    await attaching.open(id)
    await option(words.choose.crossAccount).check()
    await option(words.choose.own).check()
    // A code is sent elsewhere meanwhile.
    const reply = await page.request.post(`/api${placeOf(id)}/code`, {
      headers: { origin: muster.origin },
      data: { cenId: intl.cenId, ownerId: intl.ownerId.replace(/\D/g, '') },
    })
    expect(reply.status()).toBe(200)
    await attaching.changeCen()
    await expect(option(words.choose.own)).toBeChecked()
    await option(words.choose.crossAccount).check()
    await expect(attaching.cenField).toBeVisible()
    // The page polls long after the field would have taken focus.
    await page.waitForResponse(/\/api\/networks\//)
    await expect(attaching.cenField).not.toBeFocused()
  })

  test('a check reports a wrong code at its field, and a CEN that does not exist', async ({
    attaching,
    page,
    cloud,
  }) => {
    const { id, code } = await sent(attaching, cloud)
    await attaching.check(wrongOf(code))
    await expect(page.getByText('9 attempts left')).toBeVisible()
    await expect(attaching.codeField).toHaveAttribute('aria-invalid', 'true')

    await attaching.changeCen()
    await cloud.advance(60)
    await attaching.cenField.fill('cen-000000nobodys')
    await attaching.ownerField.fill(intl.ownerId)
    await attaching.send()
    // Alibaba Cloud accepts this although nobody receives a code, so the page reports it as accepted.
    await attaching.asksForCode()
    await attaching.check('123456')
    await expect(page.getByText(en.errors.cen.not_found.cause)).toBeVisible()
    await attaching.attach()
    await attaching.shows(words.choose.title)
    await expect(attaching.failure).toContainText(en.errors.cen.not_found.cause)
    await expect(attaching.cenField).toHaveValue('cen-000000nobodys')
    expect((await cloud.network(id)).cenId).toBeUndefined()
  })

  test('a refusal without a message of ours is shown unchanged', async ({ attaching, cloud }) => {
    const { id, code } = await sent(attaching, cloud)
    await cloud.arm({ operation: 'AttachCen', fault: 'code:InvalidParameter', match: { accountId: id } })
    await attaching.attach(code)
    await expect(attaching.failure).toContainText(en.errors.cloud.refused.cause)
    await expect(attaching.failure).toContainText('The specified value of parameter is not valid.')
    const [call] = await attachCalls(cloud, id)
    await expect(attaching.failure).toContainText(`InvalidParameterRequestId ${call?.requestId}`)
    await attaching.attach()
    await expect(attaching.accepted).toBeVisible()
  })

  for (const effect of [true, false]) {
    test(`an attach without a response that took ${effect ? '' : 'no '}effect is reconciled, never repeated`, async ({
      attaching,
      page,
      cloud,
    }) => {
      const { id, code } = await sent(attaching, cloud)
      await cloud.arm({ operation: 'AttachCen', fault: 'silent', effect, match: { accountId: id } })
      await attaching.attach(code)
      await expect.poll(() => attachCalls(cloud, id)).toHaveLength(1)
      if (effect) {
        // No response said that it was accepted: it was found.
        await cloud.changeNetwork(id, { attachStatus: 'attaching' })
        await expect(page.getByText(words.waiting.found)).toBeVisible()
        await expect(attaching.accepted).toHaveCount(0)
        await expect(page.getByText(words.facts.found, { exact: true })).toBeVisible()
        await cloud.changeNetwork(id, { attachStatus: 'attached' })
        await expect(page.getByText(words.done.foundWhy)).toBeVisible()
      } else {
        // Only after ten minutes is it certain that nothing was done, and only an operator repeats it.
        await attaching.shows(/^We do not know yet whether/)
        await cloud.advance(601)
        await expect(page.getByText(words.code.notDone)).toBeVisible()
        expect(await attachCalls(cloud, id)).toHaveLength(1)
        await attaching.attach(code)
        await expect(attaching.accepted).toBeVisible()
      }
      expect(await attachCalls(cloud, id)).toHaveLength(effect ? 1 : 2)
    })
  }

  test('a detach without a response that took no effect leaves the network attached, and says so', async ({
    attaching,
    page,
    cloud,
  }) => {
    const id = await newNetwork(cloud, { cenId: 'cen-5d0k7r2vq9xw3mzt81' })
    await attaching.open(id)
    await cloud.arm({ operation: 'DetachCen', fault: 'reset', effect: false, match: { accountId: id } })
    await attaching.detach()
    await attaching.answer(words.detach.verb)
    await attaching.shows(/^We do not know yet whether/)
    await cloud.advance(601)
    await attaching.shows(/is attached to a CEN$/)
    await expect(page.getByText(flow.refused.not_done.title)).toBeVisible()
    expect(await cloud.calls({ operation: 'DetachCen', target: id })).toHaveLength(1)
  })

  test('a send without a response is shown as unknown, and another one must be confirmed', async ({
    attaching,
    page,
    cloud,
  }) => {
    const id = await newNetwork(cloud)
    await attaching.open(id)
    await cloud.arm({ operation: 'SendVerifyCode', fault: 'reset', effect: true })
    await sendTo(attaching, cloud)
    await expect(page.getByText(flow.code.unknownTitle)).toBeVisible()
    await cloud.advance(60)
    await page.reload()
    await attaching.sendAgain()
    const dialog = attaching.question
    await expect(dialog).toContainText(words.code.againCost)
    await attaching.click(flow.againUnknown.send)
    await expect(page.getByText(/^Accepted for sending to/)).toContainText('the email address of account')
    await attaching.attach(await codeFor(cloud))
    await expect(attaching.accepted).toBeVisible()
  })

  test('a change not reported for ten minutes is shown as unknown, checked on demand, and can be started over', async ({
    attaching,
    page,
    cloud,
  }) => {
    const id = await newNetwork(cloud)
    await attaching.open(id)
    await attaching.choice(intl.ownCen).check()
    await attaching.attach()
    await attaching.answer(words.attachVerb)
    await expect(attaching.accepted).toBeVisible()
    // It never finishes.
    await cloud.changeNetwork(id, { attachStatus: 'attaching' })
    await cloud.advance(601)
    await attaching.shows(words.overdue.title)
    await attaching.click(words.overdue.check)
    await expect(attaching.button(words.overdue.check)).toBeEnabled()
    await attaching.shows(words.overdue.title)
    // A change in progress cannot be started over.
    await expect(attaching.button(words.overdue.discard)).toHaveCount(0)
    await cloud.changeNetwork(id, { cenId: null })
    await attaching.click(words.overdue.check)
    await attaching.click(words.overdue.discard)
    await attaching.answer(words.overdue.discardConfirm)
    await attaching.shows(words.choose.title)
    await expect(page.getByText(flow.refused.act_given_up.title)).toBeVisible()
    expect(await attachCalls(cloud, id)).toHaveLength(1)
  })

  test('an own CEN that was not attached after all is still selected', async ({ attaching, page, cloud }) => {
    const id = await newNetwork(cloud)
    await cloud.arm({ operation: 'AttachCen', fault: 'reset', effect: false, match: { accountId: id } })
    await attaching.open(id)
    await attaching.choice(intl.ownCen).check()
    await attaching.attach()
    await attaching.answer(words.attachVerb)
    await attaching.shows(/^We do not know yet whether/)
    await cloud.advance(601)
    await expect(page.getByText(flow.refused.not_done.title)).toBeVisible()
    await expect(attaching.choice(intl.ownCen)).toBeChecked()
    await attaching.attach()
    await attaching.answer(words.attachVerb)
    await expect(attaching.accepted).toBeVisible()
    expect(await attachCalls(cloud, id)).toHaveLength(2)
  })

  test('the result of a check is shown only with the code that was checked', async ({
    attaching,
    page,
    cloud,
  }) => {
    const { code } = await sent(attaching, cloud)
    await attaching.check(code)
    await expect(page.getByText(words.check.fits)).toBeVisible()
    await attaching.codeField.fill(wrongOf(code))
    await expect(page.getByText(words.check.fits)).toHaveCount(0)
    await attaching.codeField.fill(code)
    await expect(page.getByText(words.check.fits)).toBeVisible()
  })

  test('a newer code for another network is reported where the older one was expected', async ({
    attaching,
    page,
    cloud,
  }) => {
    const first = await sent(attaching, cloud)
    const tab = new NetworkPage(await page.context().newPage())
    const other = await newNetwork(cloud)
    await tab.open(other)
    await tab.chooseCrossAccount(intl)
    await tab.send()
    // It says what it is waiting for, and the button counts down.
    await expect(tab.failure).toContainText(first.id)
    const wait = tab.page.getByRole('button', { name: /^Send code in/ })
    const shown = await wait.innerText()
    await expect(wait).not.toHaveText(shown)
    // The test's clock is ahead of the tab's.
    await tab.reload()
    await sendTo(tab, cloud)
    await attaching.shows(words.choose.title)
    await expect(page.getByText(flow.refused.superseded.title)).toBeVisible()
    expect(await attachCalls(cloud, first.id)).toHaveLength(0)
  })

  test('a network that was attached elsewhere meanwhile is not attached again', async ({
    attaching,
    page,
    cloud,
  }) => {
    const { id, code } = await sent(attaching, cloud)
    await attaching.codeField.fill(code)
    await cloud.changeNetwork(id, { cenId: 'cen-8p3hy6n1ce4ua7jg2f' })
    await attaching.attach()
    await attaching.shows(/is attached to a CEN$/)
    await expect(page.getByText('cen-8p3hy6n1ce4ua7jg2f').first()).toBeVisible()
    // Attached, but not by the request made here.
    await expect(attaching.failure).toContainText(en.errors.network.attached.cause)
    expect(await attachCalls(cloud, id)).toHaveLength(0)
  })

  test('a network that was attached to another CEN since the page was opened is not detached', async ({
    attaching,
    page,
    cloud,
  }) => {
    const id = await newNetwork(cloud, { cenId: 'cen-5d0k7r2vq9xw3mzt81' })
    await attaching.open(id)
    await attaching.detach()
    await expect(attaching.question).toContainText('cen-5d0k7r2vq9xw3mzt81')
    await cloud.changeNetwork(id, { cenId: 'cen-8p3hy6n1ce4ua7jg2f' })
    await attaching.answer(words.detach.verb)
    await expect(attaching.failure).toContainText(en.errors.network.changed.cause)
    await expect(page.getByText('cen-8p3hy6n1ce4ua7jg2f').first()).toBeVisible()
    expect(await cloud.calls({ operation: 'DetachCen', target: id })).toHaveLength(0)
  })

  test('a network with an AD connector cannot be detached, and its page says why', async ({
    attaching,
    page,
    cloud,
  }) => {
    const id = await newNetwork(cloud, { officeSiteType: 'AD_CONNECTOR', cenId: 'cen-5d0k7r2vq9xw3mzt81' })
    await attaching.open(id)
    await expect(page.getByText(words.detach.ad)).toBeVisible()
    await expect(attaching.button(words.detach.verb)).toHaveCount(0)
  })

  test('the whole flow works by keyboard', async ({ attaching, page, cloud }) => {
    const id = await newNetwork(cloud)
    await page.goto(listOf(intl.region))
    await page.getByRole('row').filter({ hasText: id }).getByRole('link', { name: words.attach }).focus()
    await page.keyboard.press('Enter')
    await attaching.choice(words.choose.own).focus()
    await page.keyboard.press('ArrowRight')
    await expect(attaching.choice(words.choose.crossAccount)).toBeFocused()
    await expect(attaching.cenField).toBeVisible()
    await page.keyboard.press('Tab')
    await page.keyboard.type(intl.cenId)
    await page.keyboard.press('Tab')
    await page.keyboard.type(intl.ownerId)
    await page.keyboard.press('Enter')
    await expect(attaching.codeField).toBeFocused()
    await page.keyboard.type(await codeFor(cloud))
    await page.keyboard.press('Enter')
    await expect(attaching.title(/attached/)).toBeFocused()
    await cloud.advance(9)
    await expect(attaching.title(/is attached to a CEN$/)).toBeFocused()
    await attaching.button(words.detach.verb).focus()
    await page.keyboard.press('Enter')
    const dialog = attaching.question
    await expect(dialog).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(dialog).toHaveCount(0)
    await expect(attaching.button(words.detach.verb)).toBeFocused()
    expect(await cloud.calls({ operation: 'DetachCen', target: id })).toHaveLength(0)
  })

  test('without the permission, the list names the missing one and can be read again', async ({
    attaching,
    page,
    cloud,
  }) => {
    await cloud.arm({ operation: 'DescribeOfficeSites', fault: 'code:NoPermission', times: 50 })
    await page.goto(listOf(intl.region))
    await expect(attaching.failure).toContainText('ecd:DescribeOfficeSites')
    await expect(attaching.failure).toContainText(words.failed.ask)
    await cloud.disarmAll()
    await attaching.click(words.read)
    await expect(page.getByRole('table', { name: en.networks.title })).toBeVisible()
    await expect(attaching.failure).toHaveCount(0)
  })

  test('a network or region that does not exist has a link back to the list', async ({ attaching, page }) => {
    for (const id of ['ap-southeast-1+os-nobody0000000000x', 'not one']) {
      const reply = await attaching.open(id)
      expect(reply?.status()).toBe(404)
      await attaching.shows(words.notFound.title)
      await page.getByRole('link', { name: words.notFound.back }).click()
      await expect(page.getByRole('table', { name: en.networks.title })).toBeVisible()
    }
  })
})
