import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { Client } from 'pg'
import { createServerDatabase } from '../lib/db/testing.ts'
import { type ServerProxy, startProxy } from '../lib/db/testing-proxy.ts'
import { type SandboxControl, startSandbox } from '../lib/sandbox/index.ts'
import { type Caller, type Console, expect, serverTest, signedInCaller, startConsole } from './console'
import { en } from './messages'

// The database becomes unreachable during a call to Alibaba Cloud; then the process ends, or a page is opened.

const bindOperation = 'BindSecureMobilePhone'
const phone = '65-91234567'

interface Outage {
  muster: Console
  caller: Caller
  cloud: SandboxControl
  proxy: ServerProxy
  /** Queries the database directly, whatever the proxy does. */
  query(text: string): Promise<unknown[]>
}

const test = serverTest.extend<{ writable: boolean; outage: Outage }>({
  writable: [true, { option: true }],
  outage: async ({ writable }, use, info) => {
    const server = await createServerDatabase()
    const [proxy, emulator] = await Promise.all([startProxy(server.url), startSandbox({ port: 0 })])
    const nowhere = info.outputPath('a-file')
    if (!writable) writeFileSync(nowhere, '')
    const muster = await startConsole({
      DATABASE_URL: proxy.url,
      MUSTER_SECRET: Buffer.alloc(32, 7).toString('base64'),
      MUSTER_SANDBOX_URL: emulator.url,
      MUSTER_CALL_DEADLINE_SECONDS: '15',
      MUSTER_SETTLE_SECONDS: '60',
      ...(!writable && { MUSTER_DATA_DIR: path.join(nowhere, 'data') }),
    })
    const caller = await signedInCaller(muster.origin, 'intl-admin')
    const direct = new Client({ connectionString: server.url })
    await direct.connect()
    const query = async (text: string) => (await direct.query(text)).rows
    await use({ muster, caller, cloud: muster.sandbox, proxy, query })
    await muster.stop()
    if (writable) muster.removeData()
    await direct.end()
    proxy.close()
    await emulator.close()
    await server.drop()
  },
})

/** A bind that Alibaba Cloud accepts while the database is unreachable, as its operator is shown. */
async function acceptedWhileAway({ caller, cloud, proxy }: Outage) {
  const [id = ''] = await cloud.addMembers('international', [{}])
  const base = `/api/members/${id}/phone`
  const sent = await caller.post(`${base}/code`, { phone })
  expect(sent.status()).toBe(200)
  const [message] = await cloud.messages({ accountId: id })
  await cloud.arm({ operation: bindOperation, fault: 'slow:1500', match: { accountId: id } })
  const { request } = await sent.json()
  const binding = caller.request.post(base, { data: { requestId: request.id, code: message?.code } })
  const calls = () => cloud.calls({ operation: bindOperation, target: id })
  await expect.poll(calls, { intervals: [20] }).toHaveLength(1)
  proxy.away({ open: 'swallow', fresh: 'refuse' })
  const answer = await binding
  const [call] = await calls()
  const applyRequestId = call?.requestId ?? ''
  expect(answer.status()).toBe(503)
  expect((await answer.json()).error).toMatchObject({
    code: 'storage.outcome_unsaved',
    params: { outcome: 'accepted', requestId: applyRequestId },
  })
  return {
    id,
    calls,
    applyRequestId,
    code: message?.code ?? '',
    flow: async () => (await caller.get(base)).json(),
  }
}

const closing = (id: string) =>
  `select outcome, upstream_request_id from audit where action = 'phone.bind' and target = '${id}' order by id`

test('an accepted bind survives kill -9 while the database is unreachable', async ({ outage }) => {
  const { muster, proxy, query } = outage
  const { id, calls, applyRequestId, code, flow } = await acceptedWhileAway(outage)
  await muster.stop('SIGKILL')
  const spools = () => readdirSync(muster.dataDir).filter((name) => name.endsWith('.spool'))
  const spooled = () =>
    spools()
      .map((name) => readFileSync(path.join(muster.dataDir, name), 'utf8'))
      .join('')
  const waiting = spooled()
  expect(waiting).not.toBe('')
  for (const secret of [code, '91234567', applyRequestId, id]) expect(waiting).not.toContain(secret)
  await proxy.back()
  const again = await muster.restart()
  expect(await flow()).toMatchObject({ step: 'done', request: { state: 'applied', applyRequestId } })
  expect(await query(closing(id))).toEqual([
    { outcome: 'started', upstream_request_id: null },
    { outcome: 'accepted', upstream_request_id: applyRequestId },
  ])
  expect(await calls()).toHaveLength(1)
  expect(spooled()).toBe('')
  await again.stop()
})

test('SIGTERM waits for the database, and saves the outcome', async ({ outage }) => {
  const { muster, proxy, query } = outage
  const { id, applyRequestId } = await acceptedWhileAway(outage)
  const ended = muster.stop('SIGTERM')
  await expect.poll(() => muster.output(), { timeout: 30_000 }).toContain('Waiting for the database')
  await proxy.back()
  expect(await ended).toBe(0)
  expect(await query(closing(id))).toHaveLength(2)
  expect(await query(`select apply_request_id as id from code_request where target = '${id}'`)).toEqual([
    { id: applyRequestId },
  ])
})

test.describe('where the data folder cannot be written', () => {
  test.use({ writable: false })
  test('SIGTERM waits for the database as long as allowed, and logs the outcome in one line', async ({
    outage,
  }) => {
    test.setTimeout(180_000)
    const { muster, proxy, query } = outage
    expect(muster.output()).toContain('outcomes.unwritable')
    const { id, applyRequestId, code } = await acceptedWhileAway(outage)
    expect(await muster.stop('SIGTERM')).toBe(1)
    const lines = muster
      .output()
      .split('\n')
      .filter((line) => line.includes('outcomes.not_saved'))
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({
        action: 'phone.bind',
        outcome: 'accepted',
        upstreamRequestId: applyRequestId,
        target: id,
      }),
    ])
    for (const secret of [code, '91234567']) expect(lines.join()).not.toContain(secret)
    await proxy.back()
    expect(await query(`select state from code_request where target = '${id}'`)).toEqual([
      { state: 'applying' },
    ])
  })
})

test('a page says that the database is unreachable, and opens automatically when it is back', async ({
  outage: { muster, caller, proxy },
  page,
}) => {
  const { cookies } = await caller.request.storageState()
  await page.context().addCookies(cookies)
  await page.goto(`${muster.origin}/members`)
  const heading = page.getByRole('heading', { name: en.members.title, level: 1 })
  await expect(heading).toBeVisible()
  proxy.away({ open: 'close', fresh: 'refuse' })
  const reply = await caller.get('/api/members')
  expect(reply.status()).toBe(503)
  const { code, params } = (await reply.json()).error
  expect([code, params]).toEqual(['storage.unavailable', undefined])
  const change = await caller.post('/api/members/refresh')
  expect((await change.json()).error).toMatchObject({ code: 'storage.unavailable', params: { sent: 'no' } })
  expect((await page.reload())?.status()).toBe(503)
  await expect(page.getByText('This console cannot reach its database.')).toBeVisible()
  // While it is unreachable, the page does not reload under the user.
  await page.evaluate(() => Object.assign(window, { stays: true }))
  for (let polls = 0; polls < 3; polls++) await page.waitForResponse(/\/api\/ready$/)
  expect(await page.evaluate(() => 'stays' in window)).toBe(true)
  await proxy.back()
  await expect(heading).toBeVisible({ timeout: 20_000 })
  // The session is still valid.
  expect((await caller.get('/api/members')).status()).toBe(200)
})

test('a request that Alibaba Cloud accepted is not reported as unsent by a read that fails afterwards', async ({
  outage: { muster, caller, cloud, proxy },
  page,
}) => {
  const [id = ''] = await cloud.addMembers('international', [{}])
  expect((await caller.post(`/api/members/${id}/phone/code`, { phone })).status()).toBe(200)
  const [message] = await cloud.messages({ accountId: id })
  await cloud.arm({ operation: bindOperation, fault: 'slow:1500', match: { accountId: id } })
  await page.context().addCookies((await caller.request.storageState()).cookies)
  await page.goto(`${muster.origin}/members/${id}/phone`)
  await page.getByLabel(en.flow.code.label).fill(message?.code ?? '')
  await page.getByRole('button', { name: en.bind.bind }).click()
  await expect
    .poll(() => cloud.calls({ operation: bindOperation, target: id }), { intervals: [20] })
    .toHaveLength(1)
  proxy.away({ open: 'swallow', fresh: 'refuse' })
  await expect(page.getByText(/^Alibaba Cloud accepted the request/)).toBeVisible({ timeout: 20_000 })
  await expect(page.getByText('This console cannot reach its database.', { exact: true })).toBeVisible({
    timeout: 20_000,
  })
  await expect(page.getByText(/not sent to Alibaba Cloud|Nothing was changed/)).toHaveCount(0)
  await proxy.back()
  await expect(page.getByRole('heading', { name: /^Phone bound to/ })).toBeVisible({ timeout: 20_000 })
})

test('a database that fails while a page is rendered is reported as unreachable, and its message is not logged', async ({
  outage: { muster, caller, query },
  page,
}) => {
  expect((await caller.get('/api/members')).status()).toBe(200)
  await page.context().addCookies((await caller.request.storageState()).cookies)
  // The session can be read, but not what the frame around the page shows of the directory.
  await query(`create function away() returns boolean language plpgsql as
    $$ begin raise exception 'about ${phone}' using errcode = '57P01'; end $$`)
  await query('alter table directory rename to directory_away')
  await query('create view directory as select * from directory_away where away()')
  expect((await page.goto(`${muster.origin}/settings`))?.status()).toBe(503)
  await expect(page.getByText('This console cannot reach its database.')).toBeVisible()
  expect(muster.output()).not.toContain(phone)
  await query('drop view directory')
  await query('alter table directory_away rename to directory')
  await expect(page.getByRole('heading', { name: en.settings.title, level: 1 })).toBeVisible({
    timeout: 20_000,
  })
})
