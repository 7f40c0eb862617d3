import { Agent } from 'node:http'
import fc from 'fast-check'
import { errorStatus } from '../lib/contract/errors.ts'
import { type Console, expect, startOnServer, serverTest as test } from './console'
import {
  allRoutes,
  cens,
  consolePages,
  cookieIn,
  ownHeaders,
  placeholders,
  type RawReply,
  type RawRequest,
  raw,
  validInputs,
} from './wire'

const atOnce = 24
const batchSize = 100
const batches = 60

const someId = placeholders.memberId
const inputs = validInputs(placeholders)

/** The sender: one of the test's cookies, or none. */
const callers = ['admin', 'elsewhere', 'readOnly', 'forged', 'nobody', 'leaving'] as const
type Caller = (typeof callers)[number]

interface Draft {
  caller: Caller
  request: RawRequest
}

/** Odd values for names, IDs, numbers and path segments, within what HTTP can carry. */
const oddText = fc.oneof(
  fc.constantFrom(
    ...['', ' ', '0', '-1', '1e9', 'null', 'undefined', '__proto__', 'constructor', 'toString', 'NaN', '[]'],
    ...["'", '"', "' or 1=1--", '{{7*7}}', '<script>alert(1)</script>', '../../etc/passwd', '..\\..'],
    ...[
      '\u0000',
      '\ud800',
      '\udfff',
      '\u202e',
      '１２３４５６',
      '😀',
      'x'.repeat(300),
      '9'.repeat(16),
      '9'.repeat(40),
    ],
    ...['%', '%00', '%ff', '%25', '%2f', '%E0%A4%A', '\r\nSet-Cookie: a=b', 'javascript:alert(1)', someId],
  ),
  fc.string({ maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 8 }),
)

/** The same, encoded or not. */
const oddPart = fc
  .tuple(oddText, fc.constantFrom('encoded', 'as is'))
  .map(([text, how]) =>
    how === 'encoded' ? encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd')) : sendable(text),
  )

/** Without characters that Node itself refuses to send. */
function sendable(text: string): string {
  return text.replace(/[^\u0021-\u007e]/g, '')
}

const query = fc.oneof(
  { weight: 2, arbitrary: fc.constant('') },
  {
    weight: 1,
    arbitrary: fc
      .array(
        fc.tuple(
          fc.oneof(
            fc.constantFrom(
              'q',
              'page',
              'phone',
              'type',
              'status',
              'folder',
              'sort',
              'from',
              'ended',
              '_rsc',
              'memberId',
              'language',
              'region',
              'mode',
            ),
            oddPart,
          ),
          oddPart,
        ),
        { minLength: 1, maxLength: 4 },
      )
      .map((pairs) => `?${pairs.map(([name, value]) => `${name}=${value}`).join('&')}`),
  },
)

const oddHeaders = fc.dictionary(
  fc.constantFrom(
    ...['accept', 'accept-language', 'accept-encoding', 'user-agent', 'referer', 'range', 'if-none-match'],
    ...[
      'rsc',
      'next-router-state-tree',
      'next-router-prefetch',
      'next-router-segment-prefetch',
      'next-url',
      'next-action',
    ],
    ...[
      'x-forwarded-for',
      'x-forwarded-host',
      'x-forwarded-proto',
      'x-middleware-subrequest',
      'x-nextjs-data',
    ],
    ...[
      'x-muster-path',
      'x-request-id',
      'x-invoke-path',
      'x-matched-path',
      'x-http-method-override',
      'purpose',
    ],
  ),
  fc.oneof(
    fc.constantFrom(
      '1',
      '*/*',
      'zh',
      ';;q=x',
      'bytes=0-1',
      '198.51.100.7',
      'evil.example',
      '/members',
      'proxy:proxy:proxy',
    ),
    fc.string({ maxLength: 20 }).map((text) => sendable(text)),
  ),
  { maxKeys: 3 },
)

const anyJson = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  oddText,
  fc.constantFrom(0, -1, 1.5, 1e308, true, null, [], {}),
)

/** A body similar to one that a route accepts: a field changed, missing or added, or something else entirely. */
function bodyNear(valid: object): fc.Arbitrary<string> {
  const names = [...Object.keys(valid), 'memberId', '__proto__', 'extra']
  const changed = fc.dictionary(fc.constantFrom(...names), anyJson, { minKeys: 1, maxKeys: 3 })
  return fc.oneof(
    { weight: 15, arbitrary: fc.constant(JSON.stringify(valid)) },
    { weight: 30, arbitrary: changed.map((change) => JSON.stringify({ ...valid, ...change })) },
    { weight: 10, arbitrary: anyJson.map((value) => JSON.stringify(value)) },
    { weight: 5, arbitrary: fc.string({ maxLength: 30 }) },
    { weight: 1, arbitrary: fc.constantFrom('{"a":'.repeat(9000), `"${'x'.repeat(70_000)}"`) },
  )
}

/**
 * Callers used instead on some paths. Where a session ends: one that nothing else needs. Where members would be removed or
 * all read again: one that is refused, since other requests would test little meanwhile.
 */
const standIns: Record<string, Caller> = {
  '/api/session': 'leaving',
  '/api/session/persona': 'leaving',
  '/api/sessions': 'leaving',
  '/api/members/refresh': 'forged',
  '/api/sandbox/reset': 'forged',
}

/** Path parameters, written as `{name}` until a draft fills them. */
const places = ['memberId', 'region', 'networkId', 'officeNetwork'] as const
const placeOf = (name: string) => `{${name}}`
const unfilled = Object.fromEntries(places.map((name) => [name, placeOf(name)]))

function drafts(
  { origin }: Console,
  known: { memberIds: string[]; networkIds: string[] },
): fc.Arbitrary<Draft> {
  const host = new URL(origin).host
  const oneOf = (ids: string[]) =>
    fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...ids) }, { weight: 2, arbitrary: oddPart })
  const network = oneOf([...known.networkIds, ...known.networkIds.map(encodeURIComponent)])
  const parts = fc
    .record({
      memberId: oneOf(known.memberIds),
      region: mostly(
        fc.constant('ap-southeast-1'),
        fc.oneof(oddPart, fc.constantFrom('cn-hangzhou', 'xx-nowhere-9', 'evil.example%23', '..', 'a.b')),
      ),
      networkId: network,
      officeNetwork: network,
      other: oddPart,
    })
    .map((part) => (path: string) => {
      const filled = places.reduce((text, name) => text.replace(placeOf(name), () => part[name]), path)
      return filled.replaceAll('placeholder', () => part.other)
    })
  const common = fc.record({
    caller: fc.oneof(
      { weight: 1, arbitrary: fc.constantFrom(...callers) },
      { weight: 1, arbitrary: fc.constantFrom('nobody', 'forged') },
    ),
    odd: fc.oneof({ weight: 2, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: oddHeaders }),
    origin: mostly(fc.constant(origin), fc.constantFrom('null', 'https://evil.example', `${origin}/`, '')),
    type: mostly(
      fc.constant('application/json'),
      fc.constantFrom('', 'text/plain', 'application/json; charset=x', 'x'),
    ),
    host: mostly(
      fc.constant(host),
      fc.constantFrom('evil.example', host.replace('localhost', '127.0.0.1'), '[::1]'),
    ),
    query,
  })

  const toRoute = fc.constantFrom(...allRoutes(unfilled)).chain((route) => {
    const methods = fc.constantFrom(
      'GET',
      'POST',
      'DELETE',
      'PUT',
      'PATCH',
      'HEAD',
      'OPTIONS',
      'TRACE',
      'PROPFIND',
    )
    const shape = {
      common,
      method: mostly(fc.constant(route.method), methods),
      fill: parts,
      suffix: mostly(fc.constant(''), fc.constantFrom('/', '/x', '%', '.json', ';a=b', '//')),
      body: bodyNear(inputs[route.name]),
      chunked: fc.integer({ min: 0, max: 30 }).map((n) => n === 0),
    }
    return fc.record(shape).map(({ common, method, fill, suffix, body, chunked }) => {
      const path = `${fill(route.path)}${suffix}${common.query}`
      const read = method === 'GET' || method === 'HEAD' || method === 'TRACE'
      const standIn = read || common.caller === 'nobody' ? undefined : standIns[route.path]
      const caller = standIn ?? common.caller
      return draft(
        { ...common, caller },
        { method, path, body: read ? undefined : body, chunked: chunked && !read },
      )
    })
  })

  const toPage = fc
    .record({
      common,
      page: fc.constantFrom(
        '/',
        '/sign-in',
        '/canonical-origin',
        ...consolePages(unfilled).map(({ path }) => path),
      ),
      fill: parts,
      method: mostly(fc.constant('GET'), fc.constantFrom('POST', 'HEAD', 'OPTIONS', 'PUT')),
    })
    .map(({ common, page, fill, method }) => draft(common, { method, path: `${fill(page)}${common.query}` }))

  const toNowhere = fc
    .record({
      common,
      parts: fc.array(fc.oneof(oddPart, fc.constantFrom('api', '_next', 'static', 'members', '..', '.')), {
        maxLength: 4,
      }),
    })
    .map(({ common, parts }) => draft(common, { path: `/${parts.join('/')}${common.query}` }))

  return fc.oneof(
    { weight: 95, arbitrary: toRoute },
    { weight: 2, arbitrary: toPage },
    { weight: 3, arbitrary: toNowhere },
  )
}

function mostly<T>(usual: fc.Arbitrary<T>, odd: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return fc.oneof({ weight: 9, arbitrary: usual }, { weight: 1, arbitrary: odd })
}

interface Common {
  caller: Caller
  odd: Record<string, string>
  origin: string
  type: string
  host: string
}

function draft({ caller, odd, origin, type, host }: Common, request: RawRequest): Draft {
  const headers = { ...odd, host, ...(origin && { origin }), ...(type && { 'content-type': type }) }
  return { caller, request: { ...request, headers } }
}

/** Text that reveals server internals. */
const internal =
  /\n\s+at |node_modules|\/\.next\/|\.tsx?:\d|webpack|turbopack:\/\/|(select|insert into|update|delete from) \\*"|ZodError|invalid_type|drizzle|pglite|ECONN|[A-Z]\w*Error: /i

/** So many simultaneous calls may exceed the rate of the cloud account; no other server error is allowed. */
const busy = errorStatus['cloud.busy']

/** What is wrong with a response, if anything. */
function faultOf(
  { request }: Draft,
  { status, headers, body }: RawReply,
  tokens: string[],
): string | undefined {
  if (!headers['content-security-policy']?.includes("frame-ancestors 'none'")) return 'no policy'
  if (headers['x-content-type-options'] !== 'nosniff') return 'no nosniff'
  if (headers['referrer-policy'] !== 'same-origin') return 'no referrer policy'
  if (headers['access-control-allow-origin'] !== undefined) return 'opened to other origins'
  // Names of script files contain "turbopack", which is not secret.
  if (internal.test(body.replaceAll('/_next/static/chunks/turbopack-', '')))
    return `internal: ${internal.exec(body)}`
  if (tokens.some((token) => body.includes(token))) return 'the session’s token'
  const location = headers.location
  if (location !== undefined && !staysHere(location)) return `redirects to ${location}`
  // With `..` resolved: the target may be elsewhere.
  const { pathname } = new URL(`http://localhost${request.path}`)
  const ofRoute = /^\/api\/[\w-]/.test(pathname) && ![307, 308, 421].includes(status)
  if (!ofRoute) return status >= 500 ? 'a failure of the server' : undefined
  if (request.method === 'HEAD')
    return status >= 500 && status !== busy ? 'a failure of the server' : undefined
  if (!headers['content-type']?.startsWith('application/json')) return `not JSON: ${headers['content-type']}`
  if (status === 200) return undefined
  const { error, ...more } = JSON.parse(body)
  if (Object.keys(more).length > 0 || !(error.code in errorStatus) || !error.requestId)
    return 'not our error format'
  return status >= 500 && error.code !== 'cloud.busy' ? 'a failure of the server' : undefined
}

function staysHere(location: string): boolean {
  const { hostname } = new URL(location, 'http://localhost')
  return hostname === 'localhost'
}

test('thousands of random requests break nothing and reveal no internals', async () => {
  test.setTimeout(600_000)
  const { muster, end } = await startOnServer({
    MUSTER_TRUSTED_PROXIES: '1',
    // Even on a slow machine: a slow emulator is no fault here.
    MUSTER_CALL_DEADLINE_SECONDS: '60',
    MUSTER_SETTLE_SECONDS: '120',
  })
  // Closes idle connections well before the server does: that would break a request that has just taken one.
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce, timeout: 2_000 })
  try {
    const cookies = await cookiesOf(muster)
    const tokens = Object.values(cookies).flatMap((cookie) => cookie.split('=')[1] ?? [])
    const memberIds = [
      ...(await muster.sandbox.addMembers('international', [
        {},
        { type: 'CloudAccount' },
        { phone: '65-90000009' },
      ])),
      ...(await muster.sandbox.addMembers('china', [{}])),
    ]
    const networkIds = [
      ...(await muster.sandbox.addNetworks('international', [{}, { cenId: cens.own }])),
      ...(await muster.sandbox.addNetworks('china', [{}], 'ap-southeast-1')),
    ]
    const seen = new Map<number, number>()
    let sent = 0

    async function answered(one: Draft): Promise<void> {
      const cookie = cookies[one.caller]
      const headers = { ...one.request.headers, ...(cookie && { cookie }) }
      const reply = await raw(muster.origin, { ...one.request, headers, agent })
      sent += 1
      seen.set(reply.status, (seen.get(reply.status) ?? 0) + 1)
      const fault = faultOf(one, reply, tokens)
      if (fault)
        throw new Error(`${fault}\n${JSON.stringify(one)}\n${reply.status} ${reply.body.slice(0, 2000)}`)
    }

    const batch = fc.array(drafts(muster, { memberIds, networkIds }), {
      minLength: batchSize,
      maxLength: batchSize,
    })
    const property = fc.asyncProperty(batch, async (drafted) => {
      const waiting = [...drafted]
      async function inTurn() {
        for (let next = waiting.shift(); next; next = waiting.shift()) await answered(next)
      }
      await Promise.all(Array.from({ length: atOnce }, inTurn))
    })
    // Shrinking a batch of a hundred would not help: the error names the faulty request.
    await fc.assert(property, { numRuns: batches, seed: 20_260_301, endOnFailure: true })

    expect(sent).toBeGreaterThanOrEqual(batches * batchSize)
    // Each of these statuses occurred, or the test proves little.
    const statuses = [200, 307, 308, 400, 401, 403, 404, 405, 409, 413, 415, 421]
    expect(statuses.filter((status) => !seen.has(status))).toEqual([])
    expect(muster.output()).not.toMatch(/"level":"error"|Error\b.*\n\s+at /)
    for (const token of tokens) expect(muster.output()).not.toContain(token)
    const still = await raw(muster.origin, { path: '/api/members', headers: { cookie: cookies.admin } })
    expect(still.status).toBe(200)
  } finally {
    agent.destroy()
    await end()
  }
})

/** Sessions of plain keys, which stay valid whatever happens to the emulator. */
async function cookiesOf({ origin }: Console): Promise<Record<Caller, string>> {
  async function signIn(site: string, name: string): Promise<string> {
    const reply = await raw(origin, {
      method: 'POST',
      path: '/api/session',
      headers: ownHeaders(origin),
      body: JSON.stringify({
        site,
        accessKeyId: `SANDBOX-${name}`,
        accessKeySecret: `sandbox-secret-${name.toLowerCase()}`,
      }),
    })
    expect(reply.status).toBe(200)
    return cookieIn(reply)
  }
  return {
    admin: await signIn('international', 'INTL-ADMIN'),
    elsewhere: await signIn('china', 'CHINA-ADMIN'),
    readOnly: await signIn('international', 'READ-ONLY'),
    leaving: await signIn('international', 'NO-DIRECTORY'),
    forged: `muster-${new URL(origin).port}=${'A'.repeat(43)}`,
    nobody: '',
  }
}
