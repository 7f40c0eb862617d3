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
  madeUp,
  networkAt,
  type OpenRoute,
  ownHeaders,
  raw,
  validInputs,
} from './wire'

/** A console whose database the tests can look into, and what is needed to start another on it. */
interface Keep {
  muster: Console
  settings: Settings
  query(text: string, values?: unknown[]): Promise<Record<string, unknown>[]>
}

const test = serverTest.extend<object, { keep: Keep }>({
  keep: [
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
/** Answered to anybody. */
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

/** Asks for a code and reads it where it arrives. */
async function sendCode(
  muster: Console,
  cookie: string,
  { path, body, accountId }: { path: string; body: object; accountId: string },
): Promise<{ requestId: string; code: string }> {
  // One code a minute goes to the owner of a CEN.
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

/** No route answers and no page shows anything; browsers are led to sign-in. */
async function expectShut(muster: Console, cookie: string, code: string): Promise<void> {
  const inputs = validInputs(madeUp)
  const routes = closed(madeUp)
  expect(routes.length).toBeGreaterThan(35)
  for (const route of routes) {
    const reply = await ask(muster, route, cookie, inputs[route.name])
    expect([route.name, reply.status, codeIn(reply)]).toEqual([route.name, 401, code])
    expect(Object.keys(JSON.parse(reply.body))).toEqual(['error'])
  }
  const pages = consolePages(madeUp)
  expect(pages.length).toBeGreaterThan(7)
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
    const { requestId, code } = await sendCode(muster, intl, forMember(memberId))
    const traces = () => query('select * from code_request where target = $1', [memberId])
    const before = await traces()
    expect(before).toHaveLength(1)

    const inputs = validInputs({ memberId, requestId, code })
    const phone = { phone: '86-13812345678' }
    const about = closed({ ...madeUp, memberId }).filter(({ names }) => names.includes('memberId'))
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
      // What li.na tried stands in her own company's audit, as refused; nothing was added to the other's.
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

test.describe('the operator of another account', () => {
  test('finds none of this one’s office networks, nor the codes and CENs they are joined with', async ({
    keep: { muster, query },
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

    const inputs = validInputs({ ...madeUp, requestId, code })
    const about = closed({ ...madeUp, ...networkAt(region, networkId) }).filter(({ names }) =>
      names.includes('networkId'),
    )
    expect(about.length).toBeGreaterThan(6)
    for (const route of about) {
      const reply = await ask(muster, route, china, inputs[route.name])
      expect(reply.body).not.toContain('not-yours')
      expect([route.name, reply.status, codeIn(reply)]).toEqual([route.name, 404, 'network.not_found'])
    }
    for (const { path } of consolePages({ ...madeUp, ...networkAt(region, networkId) })) {
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

  test('enables no directory with this one’s request and code', async ({ keep: { muster } }) => {
    const [yours, mine] = [
      await muster.sandbox.addAccount('international'),
      await muster.sandbox.addAccount('international'),
    ]
    const cookies = [await signIn(muster, yours.persona.id), await signIn(muster, mine.persona.id)] as const
    const { requestId, code } = await sendCode(muster, cookies[0], forEnabling(yours.account.id))
    const inputs = validInputs({ ...madeUp, requestId, code })
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
    // It is still good where it belongs.
    const enabled = await ask(muster, { method: 'POST', path: '/api/directory/enable' }, cookies[0], {
      requestId,
      code,
      confirmation: yours.account.id,
    })
    expect([enabled.status, JSON.parse(enabled.body).step]).toEqual([200, 'done'])
  })
})

test.describe('an operator who may only look', () => {
  /** What only reads, or concerns the caller's own session alone: every GET route, and these. */
  const harmless = new Set<RouteName>([
    'signOut',
    'signOutEverywhere',
    'staySignedIn',
    'changeSite',
    // These ask Alibaba Cloud with the caller's own credentials, and keep what it answers.
    'readPhones',
    'refreshMembers',
    'rereadMember',
    'checkNumber',
    'reconcilePhone',
    'reconcileDirectory',
    'reconcileNetwork',
  ])
  /** What needs no call of the cloud, and so is decided here: see `lib/usecases/authority.ts`. */
  const withoutCall = new Set<RouteName>(['discardCode', 'discardEnableCode', 'discardCenRequest'])

  test('sees every page; each change names the missing action, and nothing happens', async ({ keep }) => {
    const { muster, query } = keep
    const { sandbox } = muster
    const admin = await signIn(muster, 'intl-admin')
    const [memberId = '', sentTo = '', coveted = ''] = await sandbox.addMembers('international', [{}, {}, {}])
    const [networkId = '', asked = '', wanted = '', joined = ''] = await sandbox.addNetworks(
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
      // Open codes of somebody else, which nothing but this console's own rule protects.
      discardCode: { requestId: (await sendCode(muster, admin, forMember(coveted))).requestId },
      discardCenRequest: { requestId: (await sendCode(muster, admin, forNetwork(wanted, other))).requestId },
      attachNetwork: joining,
    }
    const fillOf: Partial<Record<RouteName, Record<string, string>>> = {
      bindPhone: { memberId: sentTo },
      discardCode: { memberId: coveted },
      discardCenRequest: networkAt(region, wanted),
      attachNetwork: networkAt(region, asked),
      detachNetwork: networkAt(region, joined),
    }
    const fill = { memberId, ...networkAt(region, networkId) }
    const before = (await sandbox.calls({ caller: 'amira.said' })).length

    const looking = await signIn(muster, 'read-only')
    for (const { path } of consolePages(fill)) {
      const page = await raw(muster.origin, { path, headers: { cookie: looking } })
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
    // The sandbox's own switches are no part of the cloud; its reset would take away what is looked at here.
    const routes = closed(fill).filter(({ path }) => !path.startsWith('/api/sandbox'))
    for (const { name } of routes.filter((route) => !isEnabling(route))) {
      const route = closed({ ...fill, ...fillOf[name] }).find((one) => one.name === name)
      if (route) await attempts('read-only', route, inputs[name])
    }
    // A directory is enabled where there is none, and somebody else of that account has asked for a code.
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
    for (const target of [coveted, wanted]) {
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
  test('reaches what is their own and nothing of any directory', async ({ keep: { muster } }) => {
    const inputs = validInputs(madeUp)
    const own = /^\/api\/(session|sessions|settings|sandbox|regions|networks|directory)(\/|$)/
    const routes = closed(madeUp).filter(({ path }) => !own.test(path))
    expect(routes.length).toBeGreaterThan(9)
    for (const route of routes) {
      const cookie = await signIn(muster, 'no-directory')
      const reply = await ask(muster, route, cookie, inputs[route.name])
      expect([route.name, reply.status, codeIn(reply)]).toEqual([route.name, 404, 'directory.none'])
    }
    const cookie = await signIn(muster, 'no-directory')
    for (const { path, names } of consolePages(madeUp)) {
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

test('an account that has a directory enables no other', async ({ keep: { muster } }) => {
  const cookie = await signIn(muster, 'intl-admin')
  const inputs = validInputs(madeUp)
  const before = (await muster.sandbox.calls({ caller: 'muster-operator/wei.tan' })).length
  for (const route of allRoutes(madeUp).filter(isEnabling)) {
    const reply = await ask(muster, route, cookie, inputs[route.name])
    const looks = route.name === 'getEnableFlow' || route.name === 'reconcileDirectory'
    if (looks) expect(JSON.parse(reply.body)).toMatchObject({ step: 'blocked', blockedReason: 'managing' })
    else expect([route.name, reply.status, codeIn(reply)]).toEqual([route.name, 409, 'directory.exists'])
  }
  const calls = await muster.sandbox.calls({ caller: 'muster-operator/wei.tan' })
  const asked = calls.slice(0, calls.length - before).map(({ operation }) => operation)
  expect([...new Set(asked)]).toEqual(['GetResourceDirectory'])
})

test('a session of a console for Alibaba Cloud finds no sandbox', async ({ keep: { muster, settings } }) => {
  const cookie = await signIn(muster, 'intl-admin')
  const sandboxPort = String(await freePort())
  const real = await startConsole({ ...settings, MUSTER_CLOUD: 'alibaba', MUSTER_SANDBOX_PORT: sandboxPort })
  try {
    const same = `muster-${new URL(real.origin).port}=${cookie.split('=')[1]}`
    const me = await ask(real, { method: 'GET', path: '/api/session' }, same)
    expect(JSON.parse(me.body)).toMatchObject({ operatorName: 'wei.tan', cloud: 'alibaba' })
    const inputs = validInputs(madeUp)
    const routes = closed(madeUp).filter(({ path }) => path.startsWith('/api/sandbox'))
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
