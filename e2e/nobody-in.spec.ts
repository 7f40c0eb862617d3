import { randomUUID } from 'node:crypto'
import { Client } from 'pg'
import { operations } from '../lib/alicloud/operations.ts'
import type { RouteName } from '../lib/contract/routes.ts'
import {
  type Console,
  expect,
  freePort,
  type Settings,
  serverTest,
  startConsole,
  startOnServer,
} from './console'
import {
  allRoutes,
  cens,
  codeIn,
  consolePages,
  cookieIn,
  networkAt,
  type OpenRoute,
  ownHeaders,
  placeholders,
  raw,
  validInputs,
} from './wire'

/** A console whose database the tests can query, and the settings to start another one on it. */
interface Server {
  muster: Console
  settings: Settings
  query(text: string, values?: unknown[]): Promise<Record<string, unknown>[]>
}

const test = serverTest.extend<object, { server: Server }>({
  server: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures a fixture uses from this pattern
    async ({}, use) => {
      const { muster, settings, databaseUrl, end } = await startOnServer()
      const client = new Client({ connectionString: databaseUrl })
      await client.connect()
      await use({ muster, settings, query: async (text, values) => (await client.query(text, values)).rows })
      await client.end()
      await end()
    },
    { scope: 'worker', timeout: 60_000 },
  ],
})

const region = 'ap-southeast-1'
/** Routes that need no session. */
const open: string[] = ['getHealth', 'getReady', 'signIn', 'signInAsPersona']
const closed = (fill: Record<string, string>) => allRoutes(fill).filter(({ name }) => !open.includes(name))
const isEnabling = ({ path }: Pick<OpenRoute, 'path'>) => path.startsWith('/api/directory/enable')

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
  body: object = {},
) {
  if (method === 'GET') {
    const query = new URLSearchParams(Object.entries(body))
    return raw(origin, { path: query.size > 0 ? `${path}?${query}` : path, headers: { cookie } })
  }
  return raw(origin, {
    method,
    path,
    headers: { ...ownHeaders(origin), cookie },
    body: JSON.stringify(body),
  })
}

/** Sends a code and reads it from the inbox. */
async function sendCode(
  muster: Console,
  cookie: string,
  { path, body, accountId }: { path: string; body: object; accountId: string },
): Promise<{ requestId: string; code: string }> {
  // The owner of a CEN gets at most one code a minute.
  await muster.sandbox.advance(61)
  const reply = await ask(muster, { method: 'POST', path }, cookie, body)
  expect(reply.status).toBe(200)
  const [message] = await muster.sandbox.messages({ accountId })
  return { requestId: JSON.parse(reply.body).request.id, code: message?.code ?? '' }
}

const forMember = (memberId: string) => ({
  path: `/api/members/${memberId}/phone/code`,
  body: { phone: '65-91234567' },
  accountId: memberId,
})
const forNetwork = (
  networkId: string,
  { cenId, ownerId } = { cenId: cens.crossAccount, ownerId: cens.ownerId },
) => ({
  path: `/api/networks/${region}/${networkId}/code`,
  body: { cenId, ownerId },
  accountId: ownerId,
})
const forEnabling = (accountId: string) => ({
  path: '/api/directory/enable/code',
  body: { namePrefix: `ma-${accountId}` },
  accountId,
})

/** Every route refuses the request, and every page redirects to sign-in. */
async function expectNoAccess(muster: Console, cookie: string, code: string): Promise<void> {
  const inputs = validInputs(placeholders)
  const routes = closed(placeholders)
  expect(routes.length).toBeGreaterThan(35)
  for (const route of routes) {
    const reply = await ask(muster, route, cookie, inputs[route.name])
    expect([route.name, reply.status, codeIn(reply)]).toEqual([route.name, 401, code])
    expect(Object.keys(JSON.parse(reply.body))).toEqual(['error'])
  }
  const pages = consolePages(placeholders)
  expect(pages.length).toBeGreaterThan(7)
  const ended = code === 'signin.ended' ? 'ended=1&' : ''
  for (const { path } of pages) {
    const { status, headers } = await raw(muster.origin, { path, headers: { cookie } })
    const from = `/sign-in?${ended}from=${encodeURIComponent(path)}`
    expect([path, status, headers.location]).toEqual([path, 307, from])
  }
}

test.describe('nobody gets in', () => {
  test('without a session', async ({ server: { muster } }) => {
    await expectNoAccess(muster, '', 'signin.required')
    await expectNoAccess(muster, 'muster-1=x; muster=y; __Host-muster=z', 'signin.required')
  })

  test('with a forged cookie', async ({ server: { muster } }) => {
    const name = `muster-${new URL(muster.origin).port}`
    for (const token of ['A'.repeat(43), 'x', "' or true --", `${'%00'.repeat(5)}`])
      await expectNoAccess(muster, `${name}=${token}`, 'signin.ended')
  })

  const ends: Record<string, (server: Server, cookie: string) => Promise<unknown>> = {
    'was signed out': ({ muster }, cookie) => ask(muster, { method: 'DELETE', path: '/api/session' }, cookie),
    'was signed out everywhere from another browser': async ({ muster }) =>
      ask(muster, { method: 'DELETE', path: '/api/sessions' }, await signIn(muster, 'china-admin')),
    'was idle too long': ({ query }) =>
      query(`update session set last_seen_at = now() - interval '30 minutes'`),
    'has reached its maximum age': ({ query }) => query('update session set ends_at = now()'),
  }
  for (const [how, end] of Object.entries(ends)) {
    test(`with a session that ${how}`, async ({ server }) => {
      const cookie = await signIn(server.muster, 'china-admin')
      expect((await ask(server.muster, { method: 'GET', path: '/api/session' }, cookie)).status).toBe(200)
      await end(server, cookie)
      await expectNoAccess(server.muster, cookie, 'signin.ended')
      const reply = await ask(server.muster, { method: 'GET', path: '/api/session' }, cookie)
      // A sign-in in another tab meanwhile must not lose its new cookie to this response.
      expect(reply.headers['set-cookie']).toBeUndefined()
    })
  }
})

test.describe('the administrator of another company', () => {
  test('finds none of this company’s members, and leaves no trace of them', async ({ server }) => {
    const { muster, query } = server
    const [intl, china] = [await signIn(muster, 'intl-admin'), await signIn(muster, 'china-admin')]
    const [memberId = ''] = await muster.sandbox.addMembers('international', [{ displayName: 'not-yours' }])
    const [ownId = ''] = await muster.sandbox.addMembers('china', [{}])
    const { requestId, code } = await sendCode(muster, intl, forMember(memberId))
    const traces = () => query('select * from code_request where target = $1', [memberId])
    const before = await traces()
    expect(before).toHaveLength(1)

    const inputs = validInputs({ memberId, requestId, code })
    const phone = { phone: '86-13812345678' }
    const about = closed({ ...placeholders, memberId }).filter(({ names }) => names.includes('memberId'))
    expect(about.length).toBeGreaterThan(6)
    for (const route of about) {
      const body = 'phone' in inputs[route.name] ? phone : inputs[route.name]
      const reply = await ask(muster, route, china, body)
      expect([route.name, reply.status, codeIn(reply)]).toEqual([route.name, 404, 'member.not_found'])
      expect(reply.body).not.toContain('not-yours')
    }
    const pages = consolePages({ memberId }).filter(({ names }) => !names.includes('officeNetwork'))
    for (const { path, names } of pages) {
      const page = await raw(muster.origin, { path, headers: { cookie: china } })
      expect([path, page.status]).toEqual([path, names.includes('memberId') ? 404 : 200])
      // The emulator shows everyone's data: it replaces the cloud and all phones.
      if (path !== '/sandbox') expect([path, page.body.includes('not-yours')]).toEqual([path, false])
      const own = path.replace(memberId, ownId)
      expect([own, (await raw(muster.origin, { path: own, headers: { cookie: china } })).status]).toEqual([
        own,
        200,
      ])
    }
    // Nor through a query or a body.
    const list = await ask(
      muster,
      { method: 'GET', path: `/api/members?q=${memberId}&accountId=5182640937715520` },
      china,
    )
    expect(JSON.parse(list.body)).toMatchObject({ rows: [], total: 0 })
    const read = await ask(muster, { method: 'POST', path: '/api/members/phones' }, china, {
      memberIds: [memberId],
    })
    expect(JSON.parse(read.body)).toEqual({ read: 0, failed: [], notAsked: [] })
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
      // li.na's attempts are in her own company's audit, as refused; nothing was added to the other company's.
      { account_id: '1386710452098837', outcome: 'refused' },
      { account_id: '1386710452098837', outcome: 'started' },
      { account_id: '5182640937715520', outcome: 'accepted' },
      { account_id: '5182640937715520', outcome: 'started' },
    ])
    const sent = await muster.sandbox.calls({ target: memberId, caller: 'muster-operator/li.na' })
    expect(sent.map(({ operation }) => operation)).toContain('GetAccount')
    expect(sent.filter(({ effect }) => effect)).toEqual([])
    expect((await muster.sandbox.messages({ accountId: memberId })).length).toBe(1)
  })
})

test.describe('an operator of another account', () => {
  test('finds none of this account’s office networks, nor their codes and CENs', async ({
    server: { muster, query },
  }) => {
    const [intl, china] = [await signIn(muster, 'intl-admin'), await signIn(muster, 'china-admin')]
    const [networkId = ''] = await muster.sandbox.addNetworks(
      'international',
      [{ name: 'not-yours' }],
      region,
    )
    const [ownId = ''] = await muster.sandbox.addNetworks('china', [{}], region)
    const { requestId, code } = await sendCode(muster, intl, forNetwork(networkId))
    const traces = () => query('select * from code_request where target = $1', [networkId])
    const before = await traces()
    expect(before).toHaveLength(1)

    const inputs = validInputs({ ...placeholders, requestId, code })
    const about = closed({ ...placeholders, ...networkAt(region, networkId) }).filter(({ names }) =>
      names.includes('networkId'),
    )
    expect(about.length).toBeGreaterThan(6)
    for (const route of about) {
      const reply = await ask(muster, route, china, inputs[route.name])
      expect(reply.body).not.toContain('not-yours')
      expect([route.name, reply.status, codeIn(reply)]).toEqual([route.name, 404, 'network.not_found'])
    }
    for (const { path } of consolePages({ ...placeholders, ...networkAt(region, networkId) })) {
      const page = await raw(muster.origin, { path, headers: { cookie: china } })
      if (path !== '/sandbox') expect([path, page.body.includes('not-yours')]).toEqual([path, false])
      if (path.includes(region)) expect([path, page.status]).toEqual([path, 404])
    }
    const choice = await ask(muster, { method: 'GET', path: `/api/regions/${region}/cens` }, china)
    for (const id of [cens.own, cens.crossAccount]) expect(choice.body).not.toContain(id)
    const list = { method: 'GET', path: `/api/networks/${region}?accountId=5182640937715520` }
    const { networks } = JSON.parse((await ask(muster, list, china)).body)
    expect(networks.map(({ id }: { id: string }) => id)).toEqual([ownId])
    const attach = { method: 'POST', path: `/api/networks/${region}/${ownId}/attach` }
    const borrowed = await ask(muster, attach, china, { requestId, code })
    expect([borrowed.status, codeIn(borrowed)]).toEqual([409, 'code.request_closed'])

    expect(await traces()).toEqual(before)
    expect((await muster.sandbox.network(networkId)).cenId).toBeUndefined()
    const changes = ['SendVerifyCode', 'VerifyCen', 'AttachCen', 'DetachCen']
    const sent = await muster.sandbox.calls({ caller: 'muster-operator/li.na' })
    expect(sent.map(({ operation }) => operation)).toContain('DescribeOfficeSites')
    expect(sent.filter(({ operation }) => changes.includes(operation))).toEqual([])
  })

  test('cannot enable a directory with this account’s request and code', async ({ server: { muster } }) => {
    const [yours, mine] = [
      await muster.sandbox.addAccount('international'),
      await muster.sandbox.addAccount('international'),
    ]
    const cookies = [await signIn(muster, yours.persona.id), await signIn(muster, mine.persona.id)] as const
    const { requestId, code } = await sendCode(muster, cookies[0], forEnabling(yours.account.id))
    const inputs = validInputs({ ...placeholders, requestId, code })
    for (const [name, path, body] of [
      ['discard', 'discard', { requestId }],
      ['dry run', 'dry-run', { requestId, code }],
      ['enable', '', { requestId, code, confirmation: mine.account.id }],
      ['confirm another', '', { ...inputs.enableDirectory, confirmation: yours.account.id }],
    ] as const) {
      const route = { method: 'POST', path: `/api/directory/enable/${path}`.replace(/\/$/, '') }
      const reply = await ask(muster, route, cookies[1], body)
      const expected =
        name === 'confirm another' ? [400, 'enable.confirmation_wrong'] : [409, 'code.request_closed']
      expect([name, reply.status, codeIn(reply)]).toEqual([name, ...expected])
    }
    const seen = await ask(muster, { method: 'GET', path: '/api/directory/enable' }, cookies[1])
    expect(JSON.parse(seen.body)).toMatchObject({ step: 'choose', request: null, sentToday: 0 })
    expect(
      await muster.sandbox.calls({ operation: 'EnableResourceDirectory', target: mine.account.id }),
    ).toEqual([])
    // It is still valid for its own account.
    const enabled = await ask(muster, { method: 'POST', path: '/api/directory/enable' }, cookies[0], {
      requestId,
      code,
      confirmation: yours.account.id,
    })
    expect([enabled.status, JSON.parse(enabled.body).step]).toEqual([200, 'done'])
  })
})

test.describe('a read-only operator', () => {
  /** Routes that only read, or concern only the caller's own session: every GET route, and these. */
  const harmless = new Set<RouteName>([
    'signOut',
    'signOutEverywhere',
    'staySignedIn',
    'changeSite',
    // These read from Alibaba Cloud with the caller's own credentials and store the result.
    'readPhones',
    'refreshMembers',
    'rereadMember',
    'checkNumber',
    'reconcilePhone',
    'reconcileDirectory',
    'reconcileNetwork',
  ])
  /** Routes that make no call to the cloud, so this console decides: see `lib/usecases/authority.ts`. */
  const withoutCall = new Set<RouteName>(['discardCode', 'discardEnableCode', 'discardCenRequest'])

  test('sees every page; each change names the missing action, and nothing happens', async ({ server }) => {
    const { muster, query } = server
    const { sandbox } = muster
    const admin = await signIn(muster, 'intl-admin')
    const [memberId = '', sentTo = '', othersMember = ''] = await sandbox.addMembers('international', [
      {},
      {},
      {},
    ])
    const [networkId = '', asked = '', othersNetwork = '', joined = ''] = await sandbox.addNetworks(
      'international',
      [{}, {}, {}, { cenId: cens.own }],
      region,
    )
    const { requestId, code } = await sendCode(muster, admin, forMember(sentTo))
    const joining = await sendCode(muster, admin, forNetwork(asked))
    const owner = await sandbox.addAccount('international')
    const other = { cenId: owner.cenId, ownerId: owner.account.id }
    const inputs = {
      ...validInputs({ memberId, requestId, code }),
      // Open codes of another operator, which only this console's own rule protects.
      discardCode: { requestId: (await sendCode(muster, admin, forMember(othersMember))).requestId },
      discardCenRequest: {
        requestId: (await sendCode(muster, admin, forNetwork(othersNetwork, other))).requestId,
      },
      attachNetwork: joining,
    }
    const fillOf: Partial<Record<RouteName, Record<string, string>>> = {
      bindPhone: { memberId: sentTo },
      discardCode: { memberId: othersMember },
      discardCenRequest: networkAt(region, othersNetwork),
      attachNetwork: networkAt(region, asked),
      detachNetwork: networkAt(region, joined),
    }
    const fill = { memberId, ...networkAt(region, networkId) }
    const before = (await sandbox.calls({ caller: 'amira.said' })).length

    const readOnly = await signIn(muster, 'read-only')
    for (const { path } of consolePages(fill)) {
      const page = await raw(muster.origin, { path, headers: { cookie: readOnly } })
      expect([path, page.status]).toEqual([path, 200])
    }
    const named = new Set<string>()
    async function attempts(persona: string, route: OpenRoute, body: object): Promise<void> {
      const cookie = await signIn(muster, persona)
      const reply = await ask(muster, route, cookie, body)
      if (route.method === 'GET' || harmless.has(route.name)) {
        expect([route.name, reply.status]).toEqual([route.name, 200])
        return
      }
      const { error } = JSON.parse(reply.body)
      if (withoutCall.has(route.name)) {
        expect([route.name, reply.status, error.code]).toEqual([route.name, 403, 'authority.missing'])
        return
      }
      expect([route.name, error.code]).toEqual([route.name, 'cloud.permission'])
      const [me] = await query('select operator_name from session order by created_at desc limit 1')
      expect(error.params.principal).toBe(me?.operator_name)
      named.add(error.params.action)
    }
    // The sandbox's own controls are not part of the cloud, and its reset would remove what this test checks.
    const routes = closed(fill).filter(({ path }) => !path.startsWith('/api/sandbox'))
    for (const { name } of routes.filter((route) => !isEnabling(route))) {
      const route = closed({ ...fill, ...fillOf[name] }).find((one) => one.name === name)
      if (route) await attempts('read-only', route, inputs[name])
    }
    // To enable a directory there must be none; another operator of that account has asked for a code.
    const { account, persona } = await sandbox.addAccount('international', 'read-only')
    const enabling = randomUUID()
    await query(
      `insert into code_request (id, account_id, operation, target, state, intent, operator_id, operator_name, settled_at, send_request_id)
       values ($1, $2, 'enable_directory', $2, 'sent', '{"mode": "new", "namePrefix": "somebody"}', 'else', 'somebody.else', now(), 'R')`,
      [enabling, account.id],
    )
    for (const route of routes.filter(isEnabling)) {
      const confirmation = route.name === 'enableDirectory' && { confirmation: account.id }
      const discard = route.name === 'discardEnableCode' && { requestId: enabling }
      await attempts(persona.id, route, { ...inputs[route.name], ...confirmation, ...discard })
    }
    expect(await query('select state from code_request where id = $1', [enabling])).toEqual([
      { state: 'sent' },
    ])
    for (const target of [othersMember, othersNetwork]) {
      expect(await query('select state, discarded_by from code_request where target = $1', [target])).toEqual(
        [{ state: 'sent', discarded_by: null }],
      )
    }
    const changes = Object.values(operations).filter(
      ({ kind, product }) => kind !== 'read' && product !== 'Sts',
    )
    expect([...named].sort()).toEqual([...new Set(changes.map(({ ramAction }) => ramAction))].sort())

    const calls = [
      ...(await sandbox.calls({ caller: 'amira.said' })).slice(0, -before || undefined),
      ...(await sandbox.calls({ caller: persona.userName ?? '' })),
    ]
    const changing = calls.filter(({ operation }) => changes.some((one) => one.operation === operation))
    expect(changing.map(({ outcome, effect }) => ({ outcome, effect }))).toEqual(
      changes.map(() => ({ outcome: 'NoPermission', effect: false })),
    )
    expect((await sandbox.account(account.id)).directoryId).toBeNull()
    expect(await sandbox.messages({ accountId: account.id })).toEqual([])
    for (const id of [networkId, asked]) expect((await sandbox.network(id)).cenId).toBeUndefined()
    expect(await sandbox.network(joined)).toMatchObject({ cenId: cens.own, attachStatus: 'attached' })
    expect((await muster.sandbox.member(sentTo)).securePhone).toBeUndefined()
    expect(await muster.sandbox.messages({ accountId: memberId })).toEqual([])
    const [request] = await query('select wrong_tries from code_request where id = $1', [requestId])
    expect(request).toEqual({ wrong_tries: 0 })
    const [network] = await query('select wrong_tries from code_request where id = $1', [joining.requestId])
    expect(network).toEqual({ wrong_tries: 0 })
  })
})

test.describe('a caller without a directory', () => {
  test('reaches only their own data, and nothing of any directory', async ({ server: { muster } }) => {
    const inputs = validInputs(placeholders)
    const own = /^\/api\/(sessions?|settings|sandbox|regions|networks|directory\/enable)(\/|$)/
    const routes = closed(placeholders).filter(({ path }) => !own.test(path))
    expect(routes.length).toBeGreaterThan(9)
    for (const route of routes) {
      const cookie = await signIn(muster, 'no-directory')
      const reply = await ask(muster, route, cookie, inputs[route.name])
      expect([route.name, reply.status, codeIn(reply)]).toEqual([route.name, 404, 'directory.none'])
    }
    const cookie = await signIn(muster, 'no-directory')
    for (const { path, names } of consolePages(placeholders)) {
      const page = await raw(muster.origin, { path, headers: { cookie } })
      expect([path, page.status]).toEqual([path, names.includes('officeNetwork') ? 404 : 200])
    }
    const calls = await muster.sandbox.calls({ caller: 'oliver.brandt' })
    expect([...new Set(calls.map(({ operation }) => operation))].sort()).toEqual([
      'DescribeOfficeSites',
      'DescribeRegions',
      'GetCallerIdentity',
      'GetResourceDirectory',
    ])
  })
})

test('an account with a directory cannot enable another', async ({ server: { muster } }) => {
  const cookie = await signIn(muster, 'intl-admin')
  const inputs = validInputs(placeholders)
  const before = (await muster.sandbox.calls({ caller: 'muster-operator/wei.tan' })).length
  for (const route of allRoutes(placeholders).filter(isEnabling)) {
    const reply = await ask(muster, route, cookie, inputs[route.name])
    const reads = route.name === 'getEnableFlow' || route.name === 'reconcileDirectory'
    if (reads) expect(JSON.parse(reply.body)).toMatchObject({ step: 'blocked', blockedReason: 'managing' })
    else expect([route.name, reply.status, codeIn(reply)]).toEqual([route.name, 409, 'directory.exists'])
  }
  const calls = await muster.sandbox.calls({ caller: 'muster-operator/wei.tan' })
  const asked = calls.slice(0, calls.length - before).map(({ operation }) => operation)
  expect([...new Set(asked)]).toEqual(['GetResourceDirectory'])
})

test('a session on a console for Alibaba Cloud finds no sandbox', async ({
  server: { muster, settings },
}) => {
  const cookie = await signIn(muster, 'intl-admin')
  const sandboxPort = String(await freePort())
  const real = await startConsole({ ...settings, MUSTER_CLOUD: 'alibaba', MUSTER_SANDBOX_PORT: sandboxPort })
  try {
    const same = `muster-${new URL(real.origin).port}=${cookie.split('=')[1]}`
    const me = await ask(real, { method: 'GET', path: '/api/session' }, same)
    expect(JSON.parse(me.body)).toMatchObject({ operatorName: 'wei.tan', cloud: 'alibaba' })
    const inputs = validInputs(placeholders)
    const routes = closed(placeholders).filter(({ path }) => path.startsWith('/api/sandbox'))
    expect(routes.length).toBeGreaterThan(3)
    for (const route of routes) {
      const reply = await ask(real, route, same, inputs[route.name])
      expect([route.name, reply.status, codeIn(reply)]).toEqual([route.name, 404, 'page.not_found'])
    }
    expect((await raw(real.origin, { path: '/sandbox', headers: { cookie: same } })).status).toBe(404)
  } finally {
    await real.stop()
    real.removeData()
  }
})
