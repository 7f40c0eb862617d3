import { expect, test } from './fixtures'
import { en } from './messages'
import { announcements, failureOn, openReady, recordAnnouncements } from './on-page'

const { flow } = en

test.describe('announcements', () => {
  test.beforeEach(async ({ page, signedInAs }) => {
    await signedInAs('intl-admin')
    await recordAnnouncements(page)
  })

  test('an outcome once, and a countdown at its start, near its end and at its end only', async ({
    binding,
    page,
    cloud,
    newMember,
    clock,
  }) => {
    const id = await newMember()
    await binding.open(id)
    await binding.send('91234567')
    const timer = page.getByRole('timer')
    await expect(timer).toHaveText(/^14:/)
    const aboutTheCode = async () =>
      (await announcements(page)).filter((text) => /code|left/i.test(text) && !text.includes('Muster'))
    const start = `${flow.announce.accepted} The code is valid for another 15 minutes.`
    await expect.poll(aboutTheCode).toEqual([start])

    // The page learns of the moved clock at its next poll.
    async function leave(seconds: number) {
      const reply = await page.request.get(`/api/members/${id}/phone`)
      const { request } = (await reply.json()) as { request: { secondsLeft: number } }
      await cloud.advance(Math.max(0, Math.ceil(request.secondsLeft - seconds)))
      await clock.fastForward(6_000)
    }
    await leave(840)
    await expect(timer).toHaveText(/^13:/)
    expect(await aboutTheCode()).toEqual([start])
    await leave(50)
    await expect.poll(aboutTheCode).toEqual([start, 'Less than 1 minute left.'])
    await leave(0)
    await expect.poll(async () => (await aboutTheCode()).at(-1)).toBe(flow.life.over)
    // On a slow machine the last ten seconds may pass unseen.
    expect((await aboutTheCode()).filter((text) => text !== 'Less than 10 seconds left.')).toEqual([
      start,
      'Less than 1 minute left.',
      flow.life.over,
    ])
  })

  test('a failed refresh is not announced as done, nor is a later one by someone else', async ({
    page,
    cloud,
    muster,
  }) => {
    const operation = 'ListFoldersForParent'
    const headers = { origin: muster.origin }
    const refresh = () => page.request.post('/api/members/refresh', { headers, data: {} })
    const calls = async () => (await cloud.calls({ operation })).length
    async function begun() {
      const before = await calls()
      const going = refresh()
      await expect.poll(calls).toBeGreaterThan(before)
      return { going }
    }
    const { refreshed, syncRunning, syncStarted } = en.members
    const shown = async () =>
      (await announcements(page)).filter((text) => [refreshed, syncRunning, syncStarted].includes(text))
    expect((await refresh()).status()).toBe(200)
    await openReady(page, '/members')
    await expect(page.getByRole('row').nth(1)).toBeVisible()

    // Reading the folders level by level leaves time to click; reading the members after them is refused.
    await cloud.arm({ operation, fault: 'slow:2500', times: 99 })
    await cloud.arm({ operation: 'ListAccounts', fault: 'code:NoPermission' })
    const failing = await begun()
    await page.getByRole('button', { name: en.members.refresh }).click()
    await expect.poll(shown).toEqual([syncRunning])
    await expect(failureOn(page)).toBeVisible()
    await failing.going

    const later = await begun()
    await page.getByRole('link', { name: en.status.phone.missing }).click()
    await expect(page.getByText(/refreshing since/)).toBeVisible()
    expect((await later.going).status()).toBe(200)
    await expect(page.getByText(/refreshing since/)).toHaveCount(0)
    expect(await shown()).toEqual([syncRunning])
  })

  test('a mistake in a field, once', async ({ binding, page, newMember }) => {
    await binding.open(await newMember())
    await binding.send()
    await expect(page.getByText(en.fieldErrors.phone.empty)).toBeVisible()
    expect((await announcements(page)).filter((text) => text === en.fieldErrors.phone.empty)).toHaveLength(1)
  })

  test('a warning about a number, in a region that existed before', async ({ binding, page, newMember }) => {
    await binding.open(await newMember())
    const regions = page.locator('form [role=status]')
    await expect(regions.first()).toBeAttached()
    await regions.evaluateAll((elements) => {
      for (const element of elements) element.setAttribute('data-seen', 'before')
    })
    await binding.numberField.fill('12345678')
    await expect(page.locator('[data-seen=before]', { hasText: flow.phone.doubtful })).toBeVisible()
  })
})
