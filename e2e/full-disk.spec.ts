import { type Caller, type Console, expect, serverTest, signedInCaller, startConsole } from './console'
import { en } from './messages'
import { violationsOn } from './on-page'
import { type SmallDisk, smallDisk } from './small-disk'
import { allRoutes, placeholders, raw, validInputs } from './wire'

interface Small {
  disk: SmallDisk
  muster: Console
  caller: Caller
  /** Starts it again with the same disk. */
  restart(): Promise<void>
}

const test = serverTest.extend<{ small: Small }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures a fixture uses from this pattern
  small: async ({}, use) => {
    const disk = smallDisk(320)
    const muster = await startConsole({
      ...disk.settings,
      MUSTER_CALL_DEADLINE_SECONDS: '20',
      MUSTER_SETTLE_SECONDS: '60',
    })
    const small: Small = {
      disk,
      muster,
      caller: await signedInCaller(muster.origin, 'intl-admin'),
      async restart() {
        small.muster = await small.muster.restart()
      },
    }
    await use(small)
    await small.muster.stop()
    disk.end()
  },
})

async function readiness({ muster }: Small) {
  const { status, body } = await raw(muster.origin, { path: '/api/ready' })
  return [status, JSON.parse(body)]
}

const ready = [200, { ready: true }]
const noSpace = [503, { ready: false, reason: 'no_space' }]

async function newMember({ muster }: Small): Promise<string> {
  const [id = ''] = await muster.sandbox.addMembers('international', [{}])
  return id
}

/** Routes that change nothing, or need no more space. */
const stillAllowed = ['signOut', 'signOutEverywhere', 'staySignedIn', 'readPhones', 'checkNumber']

/** Every change is refused with an error and without a call to Alibaba Cloud; stored data can be read. */
async function expectReadOnly(small: Small, memberId: string): Promise<void> {
  const { muster, caller } = small
  const facts = { ...placeholders, memberId }
  const before = (await muster.sandbox.calls()).length
  for (const { name, method, path } of allRoutes(facts)) {
    if (method === 'GET' || stillAllowed.includes(name)) continue
    const reply = await caller.request.fetch(path, { method, data: validInputs(facts)[name] })
    expect([name, reply.status(), (await reply.json()).error]).toMatchObject([
      name,
      507,
      { code: 'storage.full', params: { reason: 'no_space' } },
    ])
  }
  expect(await muster.sandbox.calls()).toHaveLength(before)
  for (const path of [
    '/api/session',
    '/api/members',
    `/api/members/${memberId}`,
    `/api/members/${memberId}/phone`,
    '/api/networks/ap-southeast-1',
    '/api/settings',
  ])
    expect([path, (await caller.get(path)).status()]).toEqual([path, 200])
  expect(await readiness(small)).toEqual(noSpace)
  expect((await raw(muster.origin, { path: '/api/health' })).status).toBe(200)
}

test('with a full disk changes are refused and no outcome is lost, until there is space again', async ({
  small,
}) => {
  const { disk, muster, caller } = small
  expect(await readiness(small)).toEqual(ready)
  const memberId = await newMember(small)
  const flow = `/api/members/${memberId}/phone`
  expect((await caller.get('/api/members')).status()).toBe(200)
  expect((await caller.get(flow)).status()).toBe(200)

  // A call is in flight when another program uses up the disk: its outcome is still recorded.
  const operation = 'SendVerificationCodeForBindSecureMobilePhone'
  await muster.sandbox.arm({ operation, fault: 'slow:3000', match: { accountId: memberId } })
  const sending = caller.post(`${flow}/code`, { phone: '65-91234567' })
  await expect.poll(() => muster.sandbox.calls({ operation, target: memberId })).toHaveLength(1)
  disk.fill()
  const sent = await sending
  expect(sent.status()).toBe(200)
  const { request } = await sent.json()
  expect(request).toMatchObject({ state: 'sent', sendOutcome: 'accepted' })

  await expectReadOnly(small, memberId)
  // The reserve that the console released is used up as well: the engine accepts no writes at all.
  disk.fill()
  await expectReadOnly(small, memberId)
  expect(muster.output()).toContain('nearly full')

  disk.empty()
  await expect.poll(() => readiness(small)).toEqual(ready)
  const [message] = await muster.sandbox.messages({ accountId: memberId })
  const bound = await caller.post(flow, { requestId: request.id, code: message?.code })
  expect([bound.status(), (await bound.json()).request]).toMatchObject([200, { state: 'applied' }])
})

test('SIGTERM stops a console whose disk is full, and nothing is lost', async ({ small }) => {
  const { disk, muster, caller } = small
  const memberId = await newMember(small)
  const flow = `/api/members/${memberId}/phone`
  expect((await caller.post(`${flow}/code`, { phone: '65-91234567' })).status()).toBe(200)
  disk.fill()
  expect(await readiness(small)).toEqual(noSpace)
  disk.fill()
  expect(await readiness(small)).toEqual(noSpace)
  expect((await caller.get('/api/members')).status()).toBe(200)
  expect(await muster.stop('SIGTERM')).not.toBeNull()
  disk.empty()
  await small.restart()
  expect(await readiness(small)).toEqual(ready)
  expect((await (await caller.get(flow)).json()).request).toMatchObject({ state: 'sent' })
})

const words = {
  en: /The disk of this console’s database is nearly full\. Nothing can be changed/,
  'zh-CN': /本控制台数据库所在磁盘的空间即将用尽。释放空间前无法进行任何更改/,
}

for (const locale of ['en', 'zh-CN'] as const) {
  test(`pages say in ${locale} that nothing can be changed, until there is space again`, async ({
    small,
    browser,
  }) => {
    const { disk, muster, caller } = small
    const context = await browser.newContext({ storageState: await caller.request.storageState() })
    await context.addCookies([{ name: 'muster-locale', value: locale, url: muster.origin }])
    const page = await context.newPage()
    disk.fill()
    await page.goto(`${muster.origin}/settings`)
    const banner = page.getByText(words[locale])
    await expect(banner).toBeVisible()
    expect(await violationsOn(page)).toEqual([])
    await page.goto(`${muster.origin}/members`)
    await expect(banner).toBeVisible()
    disk.empty()
    await expect(banner).toBeHidden()
    await context.close()
  })
}

test('a change refused for lack of space shows and announces that for the whole page', async ({
  small: { disk, muster, caller },
  page,
}) => {
  expect((await caller.get('/api/members')).status()).toBe(200)
  await page.context().addCookies((await caller.request.storageState()).cookies)
  await page.goto(`${muster.origin}/members`)
  const regions = page.locator('[role=status]')
  await expect(page.getByRole('row').nth(1)).toBeVisible()
  await regions.evaluateAll((all) => {
    for (const region of all) region.setAttribute('data-seen', 'before')
  })
  disk.fill()
  await page.getByRole('button', { name: en.members.refresh }).click()
  await expect(page.locator('[data-seen=before]').filter({ hasText: words.en })).toBeVisible()
})
