import { connect } from 'node:net'
import {
  type Console,
  expect,
  freePort,
  type Settings,
  signedInCaller,
  startConsole,
  startOnServer,
  serverTest as test,
} from './console'
import { en } from './messages'
import {
  allRoutes,
  codeIn,
  consolePages,
  cookieIn,
  ownHeaders,
  placeholders,
  type RawReply,
  type RawRequest,
  raw,
  validInputs,
} from './wire'

const inputs = validInputs(placeholders)

/** Signs in as a test user of the sandbox, as a page does. */
function signInAs(origin: string, headers: Record<string, string> = {}, persona = 'intl-admin') {
  const body = JSON.stringify({ persona })
  const own = { ...ownHeaders(origin), ...headers }
  return raw(origin, { method: 'POST', path: '/api/session/persona', headers: own, body })
}

/** Runs a console for one test only; a database on the server is ready sooner than an embedded one. */
async function whileRunning(settings: Settings, use: (muster: Console) => Promise<void>) {
  const { muster, end } = await startOnServer(settings)
  try {
    await use(muster)
  } finally {
    await end()
  }
}

test.describe('the target of a request', () => {
  test('another Host is refused; a loopback alias redirects to the canonical origin', async ({ muster }) => {
    const to = (host: string, path: string) => raw(muster.origin, { path, headers: { host } })
    const { port, host } = new URL(muster.origin)
    for (const foreign of ['evil.example', `evil.example:${port}`, `${host}.evil.example`, 'localhost'])
      expect([foreign, (await to(foreign, '/sign-in')).status]).toEqual([foreign, 421])
    for (const alias of [`127.0.0.1:${port}`, `[::1]:${port}`]) {
      const reply = await to(alias, '/members?q=a')
      expect([reply.status, reply.headers.location]).toEqual([307, `${muster.origin}/members?q=a`])
      const change = {
        method: 'POST',
        path: '/api/session',
        headers: { ...ownHeaders(muster.origin), host: alias },
      }
      expect((await raw(muster.origin, change)).status).toBe(421)
    }
  })

  test('an absolute target URL is judged by its own host, whatever Host says', async ({ muster }) => {
    const { host } = new URL(muster.origin)
    const get = (path: string, as = host) => raw(muster.origin, { path, headers: { host: as } })
    for (const as of [host, 'evil.example']) {
      expect((await get('http://evil.example/sign-in', as)).status).toBe(421)
      expect((await get(`${muster.origin}/sign-in`, as)).status).toBe(200)
      expect((await get(`${muster.origin}/api/session`, as)).status).toBe(401)
    }
  })

  test('no response redirects to another origin', async ({ muster }) => {
    const forged = { 'x-muster-path': '@evil.example/', 'x-forwarded-host': 'evil.example' }
    for (const path of [
      '//evil.example/x',
      '/\\evil.example/x',
      '/canonical-origin',
      '/members//evil.example',
      '/%5cevil.example/%2f..',
      '/sign-in/?from=//evil.example',
    ]) {
      for (const host of [new URL(muster.origin).host, `127.0.0.1:${new URL(muster.origin).port}`]) {
        const { headers } = await raw(muster.origin, { path, headers: { ...forged, host } })
        if (headers.location !== undefined)
          expect(new URL(headers.location, muster.origin).origin).toBe(muster.origin)
      }
    }
  })

  test('every response carries the security headers, whichever layer sends it', async ({ muster }) => {
    const { port } = new URL(muster.origin)
    const asked: RawRequest[] = [
      ...['/sign-in', '/nowhere', '/api/health', '/api/nowhere', '/members', '/members/', '/members/%'],
      ...['/_next/static/nothing.js', '/icon.svg', '/_global-error', '//double', '*'],
    ].map((path) => ({ path }))
    asked.push({ path: '/sign-in', headers: { host: 'evil.example' } })
    asked.push({ path: '/sign-in', headers: { host: `127.0.0.1:${port}` } })
    asked.push({ path: '/sign-in', method: 'POST' }, { path: '/api/session', method: 'TRACE' })
    for (const request of asked) {
      const { status, headers } = await raw(muster.origin, request)
      expect({ request, status }).toEqual({ request, status: expect.any(Number) })
      expect(status).toBeLessThan(500)
      expect(headers['content-security-policy']).toMatch(/frame-ancestors 'none'$/)
      expect(headers['content-security-policy']).not.toContain('unsafe')
      expect(headers['x-content-type-options']).toBe('nosniff')
      expect(headers['referrer-policy']).toBe('same-origin')
      expect(headers['cross-origin-opener-policy']).toBe('same-origin')
      expect(headers['x-powered-by']).toBeUndefined()
      expect(headers['strict-transport-security']).toBeUndefined()
    }
    const { headers } = await raw(muster.origin, { path: '/sign-in' })
    expect(headers['content-security-policy']).toMatch(
      /^default-src 'self'; script-src 'self' 'nonce-[^']+' 'strict-dynamic'; style-src 'self';/,
    )
  })

  test('a connection is kept alive longer than a proxy keeps it', async ({ muster }) => {
    const { headers } = await raw(muster.origin, {
      path: '/api/health',
      headers: { connection: 'keep-alive' },
    })
    expect(headers['keep-alive']).toBe('timeout=75')
  })

  test('odd percent-escapes are taken as written', async ({ muster }) => {
    const cookie = cookieIn(await signInAs(muster.origin))
    for (const bad of ['%', '%zz', '%ff', '%E0%A4%A', '%00', '%25', '%2e%2e%2f', '%2F..%2F']) {
      const route = await raw(muster.origin, { path: `/api/members/${bad}`, headers: { cookie } })
      expect([bad, route.status, codeIn(route)]).toEqual([bad, 400, 'input.invalid'])
      const page = await raw(muster.origin, { path: `/members/${bad}`, headers: { cookie } })
      expect([bad, page.status]).toEqual([bad, 404])
      for (const path of [`/api/members?q=${bad}&page=${bad}`, `/sign-in?from=${bad}&${bad}=1`])
        expect([path, (await raw(muster.origin, { path, headers: { cookie } })).status]).toEqual([path, 200])
    }
  })

  test('a malformed region or network causes no call', async ({ muster }) => {
    const caller = await signedInCaller(muster.origin, 'intl-admin')
    const { cookies } = await caller.request.storageState()
    const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
    const headers = { ...ownHeaders(muster.origin), cookie }
    const [networkId = ''] = await muster.sandbox.addNetworks('international', [{ name: 'plus' }])
    const callsNow = () => muster.sandbox.calls({ caller: 'muster-operator/wei.tan' })
    const open = allRoutes({ region: '{region}', networkId: '{network}' })
    const about = open.filter(({ names }) => names.includes('region'))
    expect(about.length).toBeGreaterThan(8)
    const before = (await callsNow()).length

    const [tail = ''] = networkId.split('+').slice(1)
    const regions = [
      'evil.example%23',
      'evil.example%2523',
      '..',
      '%2e%2e',
      '%2E%2E%2F',
      '.',
      'a.b',
      '-',
      '_',
    ]
    regions.push(
      'cn-hangzhou.evil',
      'cn-hangzhou.evil.example',
      'cn-hangzhou%2Fx',
      'cn-hangzhou@evil',
      'evil%40cn-hangzhou',
    )
    regions.push(
      'cn-hangzhou%3A80',
      'cn-hangzhou%00',
      'CN-HANGZHOU',
      'cn-hangzhou%20',
      'cn_hangzhou',
      '%EF%BD%83n-hangzhou',
    )
    regions.push(
      'ap-southeast-1.ecd',
      '127.0.0.1',
      'localhost',
      `cn-${'a'.repeat(40)}`,
      'ap%252Dsoutheast%252D1',
    )
    const networks = [
      `ap-southeast-1%252B${tail}`,
      `ap-southeast-1%20${tail}`,
      'ap-southeast-1',
      '+',
      `evil.example%23+${tail}`,
    ]
    networks.push(
      `ap-southeast-1++${tail}`,
      `ap-southeast-1%2B${tail}%26RegionId%3Dcn-hangzhou`,
      `${networkId}%2C${networkId}`,
    )
    const good = encodeURIComponent(networkId)
    const pairs = [
      ...regions.map((region) => [region, good]),
      ...networks.map((network) => ['ap-southeast-1', network]),
    ] as [string, string][]
    for (const { name, method, path } of about) {
      const body = method === 'GET' ? undefined : JSON.stringify(inputs[name])
      const targets = pairs
        .filter(([region]) => region !== 'ap-southeast-1' || path.includes('{network}'))
        .map(([region, network]) => path.replace('{region}', region).replace('{network}', network))
      await Promise.all(
        targets.map(async (target) => {
          const reply = await raw(muster.origin, { method, path: target, headers, body })
          // A path whose dots resolve to another one is not a route, or redirects to one.
          const refused = [308, 404, 405].includes(reply.status) || codeIn(reply) === 'input.invalid'
          expect([target, reply.status, refused]).toEqual([target, expect.any(Number), true])
        }),
      )
    }
    await Promise.all(
      pairs.map(async ([region, network]) => {
        const path = `/networks/${region}/${network}/attach`
        const { status } = await raw(muster.origin, { path, headers: { cookie } })
        expect([path, status, [307, 308, 404].includes(status)]).toEqual([path, status, true])
      }),
    )
    expect((await callsNow()).slice(0, -before).map(({ operation }) => operation)).toEqual([])

    // With its plus sign plain or encoded once, the network is found.
    for (const spelled of [networkId, good]) {
      const reply = await raw(muster.origin, { path: `/api/networks/ap-southeast-1/${spelled}`, headers })
      expect([spelled, reply.status, JSON.parse(reply.body).network?.id]).toEqual([spelled, 200, networkId])
      const page = await raw(muster.origin, {
        path: `/networks/ap-southeast-1/${spelled}/attach`,
        headers: { cookie },
      })
      expect([spelled, page.status, page.body.includes('plus')]).toEqual([spelled, 200, true])
    }
    // An unknown region is requested from the sandbox, like every call here, and does not exist.
    const nowhere = await raw(muster.origin, { path: '/api/networks/xx-nowhere-9', headers })
    expect([nowhere.status, codeIn(nowhere)]).toEqual([404, 'region.unknown'])
  })

  test('a route accepts only its own methods, a page is read-only, and an unknown route is reported as such', async ({
    muster,
  }) => {
    const open = allRoutes(placeholders)
    const own = ownHeaders(muster.origin)
    for (const path of new Set(open.map((route) => route.path))) {
      const taken = open.filter((route) => route.path === path).map(({ method }) => method)
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE']) {
        if (taken.includes(method)) continue
        const reply = await raw(muster.origin, { method, path, headers: own })
        expect([method, path, reply.status, codeIn(reply)]).toEqual([method, path, 405, 'page.not_found'])
        expect(reply.headers.allow?.split(', ')).toEqual(expect.arrayContaining(taken))
        expect(reply.headers['access-control-allow-origin']).toBeUndefined()
      }
    }
    for (const method of ['GET', 'POST', 'DELETE']) {
      const reply = await raw(muster.origin, { method, path: '/api/nowhere', headers: own })
      expect([method, reply.status, codeIn(reply)]).toEqual([method, 404, 'page.not_found'])
    }
    const pages = ['/', '/sign-in', ...consolePages(placeholders).map(({ path }) => path)]
    for (const path of pages) {
      for (const headers of [own, { ...own, 'next-action': 'a'.repeat(42) }]) {
        const reply = await raw(muster.origin, { method: 'POST', path, headers, body: '[]' })
        expect([path, reply.status, reply.headers.allow]).toEqual([path, 405, 'GET, HEAD'])
      }
    }
    expect(muster.output()).not.toContain('Server Action')
  })
})

test.describe('the form of a change', () => {
  const changes = allRoutes(placeholders).filter(({ method }) => method !== 'GET')

  for (const [what, origin, code] of [
    ['of another site', 'https://evil.example', 'origin.foreign'],
    ['null', 'null', 'origin.foreign'],
    ['missing', undefined, 'origin.missing'],
    ['almost ours', 'almost', 'origin.foreign'],
  ] as const) {
    test(`every change is refused when its Origin is ${what}`, async ({ muster }) => {
      const almost = `${muster.origin}.evil.example`
      const headers = {
        'content-type': 'application/json',
        ...(origin && { origin: origin === 'almost' ? almost : origin }),
      }
      for (const { name, method, path } of changes) {
        const body = JSON.stringify(inputs[name])
        const reply = await raw(muster.origin, { method, path, headers, body })
        expect([path, reply.status, codeIn(reply)]).toEqual([path, 403, code])
        expect(reply.headers['set-cookie']).toBeUndefined()
      }
    })
  }

  test('every change is refused before its body is read when nobody is signed in', async ({ muster }) => {
    const port = Number(new URL(muster.origin).port)
    const open = ['signIn', 'signInAsPersona']
    for (const { name, method, path } of changes) {
      if (open.includes(name)) continue
      const headers = {
        host: `localhost:${port}`,
        ...ownHeaders(muster.origin),
        cookie: `muster-${port}=${'A'.repeat(43)}`,
        'content-length': '60000',
      }
      // The body is never sent.
      const head = Object.entries(headers).map(([header, value]) => `${header}: ${value}\r\n`)
      const reply = await firstAnswer(port, `${method} ${path} HTTP/1.1\r\n${head.join('')}\r\n`)
      expect([path, /^HTTP\/1.1 (\d+)/.exec(reply)?.[1]]).toEqual([path, '401'])
    }
  })

  test('every change needs JSON, an object, and less than 64 KiB', async ({ muster }) => {
    const own = { ...ownHeaders(muster.origin), cookie: cookieIn(await signInAs(muster.origin)) }
    const types = [
      undefined,
      'text/plain',
      'application/x-www-form-urlencoded',
      'application/jsonp',
      'multipart/form-data; boundary=x',
    ]
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`
    const large = JSON.stringify({ text: 'x'.repeat(70_000) })
    for (const { name, method, path } of changes) {
      const send = (request: Omit<RawRequest, 'path' | 'method'>) =>
        raw(muster.origin, { method, path, headers: own, ...request })
      const verdict = async (reply: Promise<RawReply>) => {
        const answer = await reply
        return [path, answer.status, codeIn(answer)]
      }
      for (const type of types) {
        const headers = { origin: muster.origin, ...(type && { 'content-type': type }) }
        const body = JSON.stringify(inputs[name])
        expect(await verdict(send({ headers, body }))).toEqual([path, 415, 'input.not_json'])
      }
      for (const body of ['{', '[]', '"x"', 'null', '1', 'true', '{}{}', '{"a":}', '\u0000', deep])
        expect(await verdict(send({ body }))).toEqual([path, 400, 'input.invalid'])
      expect(await verdict(send({ body: large }))).toEqual([path, 413, 'input.too_large'])
      expect(await verdict(send({ body: large, chunked: true }))).toEqual([path, 413, 'input.too_large'])
    }
  })

  test('unknown fields, prototypes and deep nesting change nothing', async ({ muster }) => {
    const post = (body: string) =>
      raw(muster.origin, {
        method: 'POST',
        path: '/api/session/persona',
        headers: ownHeaders(muster.origin),
        body,
      })
    for (const body of [
      '{"__proto__":{"persona":"intl-admin"}}',
      '{"constructor":{"prototype":{"persona":"intl-admin"}}}',
      '{"persona":{"toString":"intl-admin"}}',
      '{"persona":["intl-admin"]}',
      `{"persona":${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}}`,
    ]) {
      const reply = await post(body)
      expect([reply.status, codeIn(reply)]).toEqual([400, 'input.invalid'])
    }
    expect((await post('{"persona":"intl-admin","__proto__":{"admin":true},"admin":true}')).status).toBe(200)
    const cookie = cookieIn(await signInAs(muster.origin))
    const me = await raw(muster.origin, {
      path: '/api/session?__proto__=x&constructor=y',
      headers: { cookie },
    })
    expect(JSON.parse(me.body)).not.toHaveProperty('admin')
  })
})

/** The first data that comes back, before the request is complete. */
function firstAnswer(port: number, request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(request))
    socket.once('error', reject)
    socket.once('data', (data) => {
      resolve(data.toString())
      socket.destroy()
    })
  })
}

const claimed = '203.0.113.66'
const forged = {
  'x-forwarded-for': claimed,
  'x-real-ip': claimed,
  forwarded: `for=${claimed}`,
  'x-muster-client-address': claimed,
  'x-muster-client-address-00000000000000000000000000000000': claimed,
  'x-muster-path': '/forged-path',
  'x-muster-routed': '1',
  'x-request-id': 'forged-id',
  'content-security-policy': "script-src 'nonce-forged'",
  'x-middleware-subrequest': 'proxy:proxy:proxy:proxy:proxy',
  'x-nonce': 'forged',
}

async function addressOf(origin: string, headers: Record<string, string>) {
  const signedIn = await signInAs(origin, headers)
  const reply = await raw(origin, {
    path: '/api/sessions',
    headers: { ...headers, cookie: cookieIn(signedIn) },
  })
  const { sessions } = JSON.parse(reply.body) as { sessions: { address: string; current: boolean }[] }
  return sessions.find(({ current }) => current)?.address
}

test.describe('what a client claims about itself', () => {
  test('a session shows the address it came from, whatever address is claimed', async ({ muster }) => {
    expect(await addressOf(muster.origin, forged)).toMatch(/^(127\.0\.0\.1|::1)$/)
  })

  test('headers that the console sets internally are ignored', async ({ muster }) => {
    const page = await raw(muster.origin, { path: '/members?q=a', headers: forged })
    expect(page.headers.location).toBe('/sign-in?from=%2Fmembers%3Fq%3Da')
    const route = await raw(muster.origin, { path: '/api/session', headers: forged })
    expect(route.status).toBe(401)
    expect(route.headers['x-request-id']).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27}$/)
    const signIn = await raw(muster.origin, { path: '/sign-in', headers: forged })
    for (const reply of [page, route, signIn])
      expect(JSON.stringify(reply)).not.toMatch(/forged|203\.0\.113|client-address/)
  })
})

test.describe('failed sign-ins', () => {
  test('are counted by the socket’s address when no proxy is trusted', async () => {
    await whileRunning({}, async ({ origin }) => {
      const signIn = (secret: string, guess: number) =>
        raw(origin, {
          method: 'POST',
          path: '/api/session',
          headers: { ...ownHeaders(origin), 'x-forwarded-for': `192.0.2.${guess}` },
          body: JSON.stringify({ ...inputs.signIn, accessKeySecret: secret }),
        })
      for (let guess = 0; guess < 10; guess++) expect((await signIn('guess', guess)).status).toBe(401)
      expect((await signIn('sandbox-secret-intl-admin', 10)).status).toBe(429)
    })
  })
})

test('with one trusted proxy the address that it saw counts: in sessions, and for failed sign-ins', async () => {
  await whileRunning({ MUSTER_TRUSTED_PROXIES: '1' }, async ({ origin }) => {
    const seen = (list: string) => addressOf(origin, { ...forged, 'x-forwarded-for': list })
    expect(await seen('198.51.100.7')).toBe('198.51.100.7')
    expect(await seen(`${claimed}, 10.0.0.1,198.51.100.8`)).toBe('198.51.100.8')
    expect(await addressOf(origin, {})).toMatch(/^(127\.0\.0\.1|::1)$/)

    const signIn = async (secret: string, seen: string, claimedBefore = '') => {
      const headers = { ...ownHeaders(origin), 'x-forwarded-for': `${claimedBefore}${seen}` }
      const body = JSON.stringify({ ...inputs.signIn, accessKeySecret: secret })
      return raw(origin, { method: 'POST', path: '/api/session', headers, body })
    }
    const right = 'sandbox-secret-intl-admin'
    // A different address in front of each: entries before the proxy's own are the client's claims.
    for (let guess = 0; guess < 10; guess++) {
      const reply = await signIn('guess', '198.51.100.9', `192.0.2.${guess}, `)
      expect([reply.status, codeIn(reply)]).toEqual([401, 'signin.secret_wrong'])
    }
    const stopped = await signIn(right, '198.51.100.9', '192.0.2.99, ')
    expect([stopped.status, codeIn(stopped)]).toEqual([429, 'signin.too_many_failures'])
    expect(stopped.headers['set-cookie']).toBeUndefined()
    // Others can still sign in with the same key.
    expect((await signIn(right, '198.51.100.10')).status).toBe(200)
  })
})

test.describe('the session’s cookie', () => {
  test('is HttpOnly, SameSite=Lax and named by the port', async ({ muster }) => {
    const [cookie = '', ...more] = (await signInAs(muster.origin)).headers['set-cookie'] ?? []
    expect(more).toEqual([])
    const [named = '', ...flags] = cookie.split('; ')
    expect(named).toMatch(new RegExp(`^muster-${new URL(muster.origin).port}=[\\w-]{43}$`))
    const kinds = flags.map((flag) => flag.replace(/=.*\d.*/, '=…').toLowerCase())
    expect(kinds.sort()).toEqual(['expires=…', 'httponly', 'max-age=…', 'path=/', 'samesite=lax'])
  })

  test('of an https console is host-bound and Secure, and every response sets HSTS', async () => {
    const own = 'https://muster.example.com'
    await whileRunning({ MUSTER_BASE_URL: own }, async ({ origin }) => {
      const host = 'muster.example.com'
      const reply = await signInAs(origin, { host, origin: own })
      expect(reply.status).toBe(200)
      const [cookie = ''] = reply.headers['set-cookie'] ?? []
      expect(cookie).toMatch(/^__Host-muster=[\w-]{43}; Path=\/; /)
      expect(cookie).toMatch(/; Secure/)
      expect(cookie).toMatch(/; HttpOnly/)
      expect(cookie).toMatch(/; SameSite=lax/i)
      expect(cookie).not.toMatch(/Domain/i)
      expect((await signInAs(origin, { host, origin: 'http://muster.example.com' })).status).toBe(403)
      expect((await signInAs(origin, { host, origin })).status).toBe(403)
      for (const path of ['/sign-in', '/members', '/api/health', '/api/nowhere', '/icon.svg', '/x/']) {
        const { headers } = await raw(origin, { path, headers: { host } })
        expect([path, headers['strict-transport-security']]).toEqual([path, 'max-age=31536000'])
      }
      // No alias redirects to a public name.
      expect((await raw(origin, { path: '/sign-in' })).status).toBe(421)
      const plain = `muster-${new URL(origin).port}=${cookieIn(reply).split('=')[1]}`
      const me = (cookie: string) => raw(origin, { path: '/api/session', headers: { host, cookie } })
      expect((await me(plain)).status).toBe(401)
      expect((await me(cookieIn(reply))).status).toBe(200)
    })
  })

  test('is new at each sign-in: the browser’s earlier cookie is neither adopted nor still valid', async ({
    muster,
  }) => {
    const me = (cookie: string) => raw(muster.origin, { path: '/api/session', headers: { cookie } })
    const planted = `muster-${new URL(muster.origin).port}=${'A'.repeat(43)}`
    const first = cookieIn(await signInAs(muster.origin, { cookie: planted }))
    expect(first).not.toBe(planted)
    expect((await me(planted)).status).toBe(401)
    expect((await me(first)).status).toBe(200)
    const second = cookieIn(await signInAs(muster.origin, { cookie: first }, 'china-admin'))
    expect(codeIn(await me(first))).toBe('signin.ended')
    expect(JSON.parse((await me(second)).body)).toMatchObject({ operatorName: 'li.na' })
    // A refused sign-in leaves the existing session alone.
    expect((await signInAs(muster.origin, { cookie: second }, 'root')).status).toBe(403)
    expect((await me(second)).status).toBe(200)
  })

  test('ends with sign-out; “everywhere” ends those of the same person only', async ({ muster }) => {
    const me = async (cookie: string) =>
      (await raw(muster.origin, { path: '/api/session', headers: { cookie } })).status
    const leave = (path: string, cookie: string) =>
      raw(muster.origin, { method: 'DELETE', path, headers: { ...ownHeaders(muster.origin), cookie } })
    const cookies: string[] = []
    for (const persona of ['no-directory', 'no-directory', 'no-directory', 'read-only'])
      cookies.push(cookieIn(await signInAs(muster.origin, {}, persona)))
    const [one = '', two = '', three = '', other = ''] = cookies
    const left = await leave('/api/session', one)
    expect(left.headers['set-cookie']?.[0]).toMatch(/=;.*Max-Age=0/)
    expect([await me(one), await me(two)]).toEqual([401, 200])
    expect((await leave('/api/sessions', two)).status).toBe(200)
    expect([await me(two), await me(three), await me(other)]).toEqual([401, 401, 200])
  })
})

test.describe('a console for Alibaba Cloud', () => {
  test('has no sandbox: no page, no routes, no test users, no emulator', async () => {
    const port = String(await freePort())
    await whileRunning({ MUSTER_CLOUD: 'alibaba', MUSTER_SANDBOX_PORT: port }, async ({ origin }) => {
      expect(await refusesConnections(Number(port))).toBe(true)
      const page = await raw(origin, { path: '/sign-in' })
      expect(page.status).toBe(200)
      // The page's messages include the names of all test users; the ones that can be chosen are buttons.
      const { body } = page
      for (const { title } of Object.values(en.signIn.persona)) expect(body).not.toContain(`>${title}<`)
      for (const persona of ['intl-admin', 'nobody']) {
        const reply = await signInAs(origin, {}, persona)
        expect([reply.status, codeIn(reply)]).toEqual([404, 'page.not_found'])
      }
    })
  })
})

function refusesConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(false)).once('error', () => resolve(true))
    socket.once('connect', () => socket.destroy())
  })
}

test('a console started with another secret reports that and changes nothing', async () => {
  const muster = await startConsole()
  try {
    const caller = await signedInCaller(muster.origin, 'intl-admin')
    const [id] = await muster.sandbox.addMembers('international', [{}])
    const flow = `/api/members/${id}/phone`
    expect((await caller.post(`${flow}/code`, { phone: '65-91234567' })).status()).toBe(200)
    await muster.stop('SIGTERM')
    const settings = {
      MUSTER_DATA_DIR: muster.dataDir,
      MUSTER_SECRET: Buffer.alloc(32, 9).toString('base64'),
    }
    const refused = await startConsole(settings).then(
      () => 'it started',
      (error: Error) => error.message,
    )
    expect(refused).toContain('(exit code 1)')
    expect(refused.match(/^MUSTER_SECRET: .*$/gm)).toHaveLength(1)
    expect(refused).not.toMatch(/^\s+at /m)
    const again = await muster.restart()
    try {
      const reply = await caller.get(flow)
      expect(reply.status()).toBe(200)
      expect(await reply.json()).toMatchObject({ step: 'code', request: { numberMasked: '+65-****4567' } })
      // Sealed with the right secret: the number can still be used for a send.
      await again.sandbox.advance(60)
      expect((await caller.post(`${flow}/code`)).status()).toBe(200)
      expect((await again.sandbox.messages({ accountId: id ?? '' })).map(({ to }) => to)).toEqual(
        Array(2).fill('65-91234567'),
      )
    } finally {
      await again.stop()
    }
  } finally {
    await muster.stop()
    muster.removeData()
  }
})
