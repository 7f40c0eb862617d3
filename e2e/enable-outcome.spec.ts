import { accountId, enable, enablings, inFlightTimeoutSeconds, sends, suffix, test } from './enabling'
import { codeOf, expect } from './fixtures'
import { EnablePage } from './flow-page'
import { en } from './messages'

const words = en.enable
const { flow } = en
const _own = '65-81000002'

test.beforeEach(({ signedInWithoutDirectory }) => signedInWithoutDirectory())

test.describe('enabling without a response', () => {
  test('that took effect is found, without a claim about who enabled it, and not repeated', async ({
    enabling,
    page,
    cloud,
  }) => {
    await enabling.open('current')
    await cloud.arm({ operation: enable, fault: 'silent', effect: true })
    await enabling.enable(accountId)
    await enabling.shows(words.done.foundTitle.current)
    await expect(page.getByText(words.done.foundWhy)).toBeVisible()
    await expect(page.getByText(flow.result.askedBy)).toBeVisible()
    await expect(page.getByText(words.done.by, { exact: true })).toHaveCount(0)
    expect(await enablings(cloud)).toHaveLength(1)
  })

  test('that created a new management account is found, and the page outlives its session', async ({
    enabling,
    page,
    cloud,
  }) => {
    await enabling.start()
    await cloud.arm({ operation: enable, fault: 'reset', effect: true })
    await enabling.enable(accountId, await codeOf(cloud, accountId))
    await enabling.shows(words.done.foundTitle.new)
    await expect(page.getByText(`harbour-hq${suffix}`, { exact: true })).toBeVisible()
    await expect(page.getByText(words.done.new.ended)).toBeVisible()
    expect((await page.request.get('/api/session')).status()).toBe(401)
    expect(await enablings(cloud)).toHaveLength(1)
  })

  test('that had no effect is checked until that is certain, and can be repeated', async ({
    enabling,
    page,
    cloud,
  }) => {
    await enabling.open('current')
    await cloud.arm({ operation: enable, fault: 'reset', effect: false })
    await enabling.enable(accountId)
    await enabling.shows(words.checking.title)
    await page.reload()
    await enabling.checkNow()
    await expect(page.getByText(words.checking.notYet)).toBeVisible()
    await cloud.advance(inFlightTimeoutSeconds + 1)
    await expect(page.getByText(flow.refused.not_done.title)).toBeVisible()
    await expect(enabling.announced).toHaveText(words.announce.notDone)
    await enabling.enable(accountId)
    await enabling.isDone()
    expect(await enablings(cloud)).toHaveLength(2)
  })

  test('that did not use up the code accepts the same code again', async ({ enabling, page, cloud }) => {
    await enabling.start()
    const code = await codeOf(cloud, accountId)
    await cloud.arm({ operation: enable, fault: 'reset', effect: false })
    await enabling.enable(accountId, code)
    await enabling.shows(words.checking.title)
    await cloud.advance(inFlightTimeoutSeconds + 1)
    await expect(page.getByText(words.notDone.title)).toBeVisible()
    await enabling.enable(accountId, code)
    await enabling.isDone()
    expect(await sends(cloud)).toHaveLength(1)
  })
})

test.describe('a second tab', () => {
  test('shows the step of the first, and cannot repeat a call in flight there', async ({
    enabling,
    context,
    cloud,
  }) => {
    await enabling.start()
    const tab = new EnablePage(await context.newPage())
    await tab.page.goto('/directory/enable')
    await tab.shows(words.code.title)
    await cloud.arm({ operation: enable, fault: 'slow:7000' })
    await enabling.enable(accountId, await codeOf(cloud, accountId))
    await expect.poll(() => enablings(cloud)).toHaveLength(1)
    await tab.reload()
    await expect(tab.page.getByText(/enabling the directory now/)).toBeVisible()
    await tab.lacksButton(words.changeNumber)
    await enabling.isDone()
    // It shares the session, which has ended.
    await tab.reload()
    await expect(tab.page).toHaveURL(/\/sign-in/)
    expect(await enablings(cloud)).toHaveLength(1)
  })

  test('shows a dry run in flight in the first, and not that the directory is being enabled', async ({
    enabling,
    page,
    context,
    cloud,
  }) => {
    await enabling.start()
    const dryRun = 'ResourceDirectoryMaster/EnableResourceDirectory'
    await cloud.arm({ operation: dryRun, fault: 'slow:7000' })
    await enabling.codeField.fill(await codeOf(cloud, accountId))
    await enabling.dryRun()
    await expect.poll(() => cloud.calls({ operation: 'EnableResourceDirectory' })).toHaveLength(1)
    const tab = new EnablePage(await context.newPage())
    await tab.page.goto('/directory/enable')
    await expect(tab.page.getByText(/^You are asking Alibaba Cloud right now/)).toBeVisible()
    await expect(tab.page.getByText(/enabling the directory now/)).toHaveCount(0)
    for (const verb of [words.enable, words.dryRun.verb])
      await expect(tab.button(verb)).toHaveAttribute('aria-disabled', 'true')
    await expect(page.getByText(words.dryRun.passed)).toBeVisible()
    await expect(tab.page.getByText(/^You are asking Alibaba Cloud right now/)).toHaveCount(0)
    await tab.enable(accountId, await codeOf(cloud, accountId))
    await tab.isDone()
  })

  test('in another browser follows and enables, and the first shows it', async ({
    elsewhere,
    enabling,
    page,
    cloud,
  }) => {
    const other = new EnablePage(await (await elsewhere('no-directory')).newPage())
    await other.open()
    await other.shows(words.choose.title)
    await enabling.start()
    await other.shows(words.code.title)
    await other.enable(accountId, await codeOf(cloud, accountId))
    await other.isDone()
    // A poll in flight when the session ended returns the outcome, the next one that the session ended; the session
    // check leads to sign-in if it notices first.
    const ended = page.getByText(en.errors.signin.ended.cause).or(page.getByText(en.signIn.ended))
    await expect(ended.or(enabling.title(words.done.title))).toBeVisible()
  })
})
