import { Client } from 'pg'
import { operations } from '../lib/alicloud/operations.ts'
import type { RouteName } from '../lib/contract/routes.ts'
import { createServerDatabase } from '../lib/db/testing.ts'
import { type Console, expect, freePort, serverTest, startConsole } from './console'
import {
  allRoutes,
  codeIn,
  consolePages,
  cookieIn,
  type OpenRoute,
  ownHeaders,
  raw,
  validInputs,
} from './wire'

/** A console whose database the tests can look into, and what is needed to start another on it. */
interface Keep {
  muster: Console
  settings: Record<string, string>
  query(text: string, values?: unknown[]): Promise<Record<string, unknown>[]>
}

const test = serverTest.extend<object, { keep: Keep }>({
  keep: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures a fixture uses from this pattern
    async ({}, use) => {
      const database = await createServerDatabase()
      const settings = {
        DATABASE_URL: database.url,
        MUSTER_SECRET: Buffer.alloc(32, 5).toString('base64'),
      }
      const muster = await startConsole(settings)
      const client = new Client({ connectionString: database.url })
      await client.connect()
      await use({ muster, settings, query: async (text, values) => (await client.query(text, values)).rows })
      await client.end()
      await muster.stop()
      muster.forget()
      await database.drop()
    },
    { scope: 'worker', timeout: 60_000 },
  ],
})

const someId = '1234567890123456'
const someRequest = crypto.randomUUID()
/** Answered to anybody. */
const open: string[] = ['getHealth', 'signIn', 'signInAsPersona']
const closed = (memberId: string) => allRoutes({ memberId }).filter(({ name }) => !open.includes(name))

async function signIn({ origin }: Console, persona: string): Promise<string> {
  const reply = await raw(origin, {
    method: 'POST',
    path: '/api/session/persona',
    headers: ownHeaders(origin),
    body: JSON.stringify({ persona }),
  })
  expect(reply.status).toBe(200)
  return cookieIn(reply)
}

function ask(
  { origin }: Console,
  { method, path }: Pick<OpenRoute, 'method' | 'path'>,
  cookie = '',
  body = {},
) {
  const headers = { ...(method !== 'GET' && ownHeaders(origin)), cookie }
  return raw(origin, { method, path, headers, body: method === 'GET' ? undefined : JSON.stringify(body) })
}

async function sendCode(
  muster: Console,
  cookie: string,
  memberId: string,
): Promise<{ requestId: string; code: string }> {
  const path = `/api/members/${memberId}/phone/code`
  const reply = await ask(muster, { method: 'POST', path }, cookie, { phone: '65-91234567' })
  expect(reply.status).toBe(200)
  const [message] = await muster.sandbox.messages({ accountId: memberId })
  return { requestId: JSON.parse(reply.body).request.id, code: message?.code ?? '' }
}

/** No route answers and no page shows anything; browsers are led to sign-in. */
async function expectShut(muster: Console, cookie: string, code: string): Promise<void> {
  const inputs = validInputs({ memberId: someId, requestId: someRequest, code: '123456' })
  const routes = closed(someId)
  expect(routes.length).toBeGreaterThan(15)
  for (const route of routes) {
    const reply = await ask(muster, route, cookie, inputs[route.name])
    expect([route.name, reply.status, codeIn(reply)]).toEqual([route.name, 401, code])
    expect(Object.keys(JSON.parse(reply.body))).toEqual(['error'])
  }
  const pages = consolePages({ memberId: someId })
  expect(pages.length).toBeGreaterThan(4)
  const ended = code === 'signin.ended' ? 'ended=1&' : ''
  for (const { path } of pages) {
    const { status, headers } = await raw(muster.origin, { path, headers: { cookie } })
    const from = `/sign-in?${ended}from=${encodeURIComponent(path)}`
    expect([path, status, headers.location]).toEqual([path, 307, from])
  }
}

test.describe('nobody gets in', () => {
  test('without a session', async ({ keep: { muster } }) => {
    await expectShut(muster, '', 'signin.required')
    await expectShut(muster, 'muster-1=x; muster=y; __Host-muster=z', 'signin.required')
  })

  test('with a made-up cookie', async ({ keep: { muster } }) => {
    const name = `muster-${new URL(muster.origin).port}`
    for (const token of ['A'.repeat(43), 'x', "' or true --", `${'%00'.repeat(5)}`])
      await expectShut(muster, `${name}=${token}`, 'signin.ended')
  })

  const ends: Record<string, (keep: Keep, cookie: string) => Promise<unknown>> = {
    'was signed out': ({ muster }, cookie) => ask(muster, { method: 'DELETE', path: '/api/session' }, cookie),
    'was signed out everywhere from another browser': async ({ muster }) =>
      ask(muster, { method: 'DELETE', path: '/api/sessions' }, await signIn(muster, 'china-admin')),
    'was idle too long': ({ query }) =>
      query(`update session set last_seen_at = now() - interval '30 minutes'`),
    'is as old as a session may get': ({ query }) => query('update session set ends_at = now()'),
  }
  for (const [how, end] of Object.entries(ends)) {
    test(`with a session that ${how}`, async ({ keep }) => {
      const cookie = await signIn(keep.muster, 'china-admin')
      expect((await ask(keep.muster, { method: 'GET', path: '/api/session' }, cookie)).status).toBe(200)
      await end(keep, cookie)
      await expectShut(keep.muster, cookie, 'signin.ended')
      const reply = await ask(keep.muster, { method: 'GET', path: '/api/session' }, cookie)
      // Whoever signs in meanwhile, in another tab, must not lose the new cookie to this answer.
      expect(reply.headers['set-cookie']).toBeUndefined()
    })
  }
})

test.describe('the administrator of another company', () => {
  test('finds none of this one’s members, and leaves no trace of them', async ({ keep }) => {
    const { muster, query } = keep
    const [intl, china] = [await signIn(muster, 'intl-admin'), await signIn(muster, 'china-admin')]
    const [memberId = ''] = await muster.sandbox.addMembers('international', [{ displayName: 'not-yours' }])
    const [ownId = ''] = await muster.sandbox.addMembers('china', [{}])
    const { requestId, code } = await sendCode(muster, intl, memberId)
    const traces = () => query('select * from code_request where target = $1', [memberId])
    const before = await traces()
    expect(before).toHaveLength(1)

    const inputs = validInputs({ memberId, requestId, code })
    const phone = { phone: '86-13812345678' }
    const about = closed(memberId).filter(({ names }) => names.includes('memberId'))
    expect(about.length).toBeGreaterThan(6)
    for (const route of about) {
      const body = 'phone' in inputs[route.name] ? phone : inputs[route.name]
      const reply = await ask(muster, route, china, body)
      expect([route.name, reply.status, codeIn(reply)]).toEqual([route.name, 404, 'member.not_found'])
      expect(reply.body).not.toContain('not-yours')
    }
    for (const { path, names } of consolePages({ memberId })) {
      const page = await raw(muster.origin, { path, headers: { cookie: china } })
      expect([path, page.status]).toEqual([path, names.includes('memberId') ? 404 : 200])
      // The emulator shows what it was told by everybody: it stands for the cloud and for all phones.
      if (path !== '/sandbox') expect([path, page.body.includes('not-yours')]).toEqual([path, false])
      const own = path.replace(memberId, ownId)
      expect([own, (await raw(muster.origin, { path: own, headers: { cookie: china } })).status]).toEqual([
        own,
        200,
      ])
    }
    // Nor by what may stand in a query or a body.
    const list = await ask(
      muster,
      { method: 'GET', path: `/api/members?q=${memberId}&accountId=5182640937715520` },
      china,
    )
    expect(JSON.parse(list.body)).toMatchObject({ rows: [], total: 0 })
    const read = await ask(muster, { method: 'POST', path: '/api/members/phones' }, china, {
      memberIds: [memberId],
    })
    expect(JSON.parse(read.body)).toEqual({ read: 0, unread: 0 })
    const bind = { method: 'POST', path: `/api/members/${ownId}/phone` }
    const borrowed = await ask(muster, bind, china, { requestId, code })
    expect([borrowed.status, codeIn(borrowed)]).toEqual([409, 'code.request_closed'])
    const { sessions } = JSON.parse((await ask(muster, { method: 'GET', path: '/api/sessions' }, china)).body)
    const owned = await query(
      `select id from session where account_id = $1 and ends_at > now() and last_seen_at > now() - interval '30 minutes'`,
      ['1386710452098837'],
    )
    expect(sessions.map(({ id }: { id: string }) => id).sort()).toEqual(owned.map(({ id }) => id).sort())

    expect(await traces()).toEqual(before)
    expect(
      await query('select 1 from member where member_id = $1 and account_id <> $2', [
        memberId,
        '5182640937715520',
      ]),
    ).toEqual([])
    const written = await query(
      'select distinct account_id, outcome from audit where target = $1 order by 1, 2',
      [memberId],
    )
    expect(written).toEqual([
      // What li.na tried stands in her own company's audit, as refused; nothing was added to the other's.
      { account_id: '1386710452098837', outcome: 'refused' },
      { account_id: '1386710452098837', outcome: 'started' },
      { account_id: '5182640937715520', outcome: 'accepted' },
      { account_id: '5182640937715520', outcome: 'started' },
    ])
    const sent = await muster.sandbox.calls({ target: memberId, caller: 'li.na' })
    expect(sent.filter(({ effect }) => effect)).toEqual([])
    expect((await muster.sandbox.messages({ accountId: memberId })).length).toBe(1)
  })
})

test.describe('an operator who may only look', () => {
  test('sees every page; each change names the missing action, and nothing happens', async ({ keep }) => {
    const { muster, query } = keep
    const admin = await signIn(muster, 'intl-admin')
    const [memberId = '', sentTo = '', givenUp = ''] = await muster.sandbox.addMembers('international', [
      {},
      {},
      {},
    ])
    const { requestId, code } = await sendCode(muster, admin, sentTo)
    const inputs = {
      ...validInputs({ memberId, requestId, code }),
      // Giving a request up needs no call of the cloud, and so no permission: one that nothing else needs.
      changeNumber: { requestId: (await sendCode(muster, admin, givenUp)).requestId },
    }
    const subjects: Partial<Record<RouteName, string>> = { bindPhone: sentTo, changeNumber: givenUp }
    const before = (await muster.sandbox.calls({ caller: 'amira.said' })).length

    const looking = await signIn(muster, 'read-only')
    for (const { path } of consolePages({ memberId })) {
      const page = await raw(muster.origin, { path, headers: { cookie: looking } })
      expect([path, page.status]).toEqual([path, 200])
    }
    const [me] = await query(`select operator_id from session where operator_name = 'amira.said'`)
    const named = new Set<string>()
    // The sandbox's own switches are no part of the cloud; its reset would take away what is looked at here.
    for (const route of closed(memberId).filter(({ path }) => !path.startsWith('/api/sandbox'))) {
      const path = route.path.replace(memberId, subjects[route.name] ?? memberId)
      const cookie = await signIn(muster, 'read-only')
      const reply = await ask(muster, { ...route, path }, cookie, inputs[route.name])
      if (reply.status === 200) continue
      const { error } = JSON.parse(reply.body)
      expect([route.name, error.code]).toEqual([route.name, 'cloud.permission'])
      expect(error.params.principal).toBe(me?.operator_id)
      named.add(error.params.action)
    }
    const changes = Object.values(operations).filter(
      ({ kind, product }) => kind !== 'read' && product !== 'Sts',
    )
    expect([...named].sort()).toEqual(changes.map(({ ramAction }) => ramAction).sort())

    const calls = (await muster.sandbox.calls({ caller: 'amira.said' })).slice(0, -before || undefined)
    const changing = calls.filter(({ operation }) => changes.some((one) => one.operation === operation))
    expect(changing.map(({ outcome, effect }) => ({ outcome, effect }))).toEqual(
      changes.map(() => ({ outcome: 'NoPermission', effect: false })),
    )
    expect((await muster.sandbox.member(sentTo)).securePhone).toBeUndefined()
    expect(await muster.sandbox.messages({ accountId: memberId })).toEqual([])
    const [request] = await query('select wrong_tries from code_request where id = $1', [requestId])
    expect(request).toEqual({ wrong_tries: 0 })
  })
})

test.describe('a caller without a directory', () => {
  test('reaches what is their own and nothing of any directory', async ({ keep: { muster } }) => {
    const inputs = validInputs({ memberId: someId, requestId: someRequest, code: '123456' })
    const own = /^\/api\/(session|sessions|settings|sandbox)(\/|$)/
    const routes = closed(someId)
    for (const route of routes.filter(({ path }) => !own.test(path))) {
      const cookie = await signIn(muster, 'no-directory')
      const reply = await ask(muster, route, cookie, inputs[route.name])
      expect([route.name, reply.status, codeIn(reply)]).toEqual([route.name, 404, 'directory.none'])
    }
    const cookie = await signIn(muster, 'no-directory')
    for (const { path } of consolePages({ memberId: someId })) {
      const page = await raw(muster.origin, { path, headers: { cookie } })
      expect([path, page.status]).toEqual([path, 200])
    }
    const calls = await muster.sandbox.calls({ caller: 'oliver.brandt' })
    expect([...new Set(calls.map(({ operation }) => operation))].sort()).toEqual([
      'GetCallerIdentity',
      'GetResourceDirectory',
    ])
  })
})

test('a session of a console for Alibaba Cloud finds no sandbox', async ({ keep: { muster, settings } }) => {
  const cookie = await signIn(muster, 'intl-admin')
  const sandboxPort = String(await freePort())
  const real = await startConsole({ ...settings, MUSTER_CLOUD: 'alibaba', MUSTER_SANDBOX_PORT: sandboxPort })
  try {
    const same = `muster-${new URL(real.origin).port}=${cookie.split('=')[1]}`
    const me = await ask(real, { method: 'GET', path: '/api/session' }, same)
    expect(JSON.parse(me.body)).toMatchObject({ operatorName: 'wei.tan', cloud: 'alibaba' })
    const inputs = validInputs({ memberId: someId, requestId: someRequest, code: '123456' })
    const routes = closed(someId).filter(({ path }) => path.startsWith('/api/sandbox'))
    expect(routes.length).toBeGreaterThan(3)
    for (const route of routes) {
      const reply = await ask(real, route, same, inputs[route.name])
      expect([route.name, reply.status, codeIn(reply)]).toEqual([route.name, 404, 'page.not_found'])
    }
    expect((await raw(real.origin, { path: '/sandbox', headers: { cookie: same } })).status).toBe(404)
  } finally {
    await real.stop()
    real.forget()
  }
})
