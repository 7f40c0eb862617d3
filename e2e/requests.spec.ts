import { readdirSync } from 'node:fs'
import { request as http } from 'node:http'
import path from 'node:path'
import { routes } from '../lib/contract/routes.ts'
import { expect, test } from './fixtures'

/** A raw request: browsers and fetch do not let Host, Origin and Content-Type be forged. */
function raw(
  origin: string,
  options: { method?: string; path: string; headers?: Record<string, string>; body?: string },
) {
  const { port } = new URL(origin)
  return new Promise<{ status: number; headers: Record<string, unknown>; body: string }>(
    (resolve, reject) => {
      const call = http(
        {
          host: '127.0.0.1',
          port,
          method: options.method ?? 'GET',
          path: options.path,
          headers: {
            host: `localhost:${port}`,
            'content-length': String(Buffer.byteLength(options.body ?? '')),
            ...options.headers,
          },
        },
        (reply) => {
          const chunks: Buffer[] = []
          reply.on('data', (chunk: Buffer) => chunks.push(chunk))
          reply.on('end', () =>
            resolve({
              status: reply.statusCode ?? 0,
              headers: reply.headers,
              body: Buffer.concat(chunks).toString(),
            }),
          )
        },
      )
      call.once('error', reject)
      call.end(options.body)
    },
  )
}

/** The address of every page behind sign-in, as its folder says. */
function consolePages(): string[] {
  const folder = path.join(import.meta.dirname, '..', 'app', '(console)')
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => path.basename(file) === 'page.tsx')
    .map((file) => `/${path.dirname(file).replaceAll(path.sep, '/')}`)
}

const json = { 'content-type': 'application/json' }

test('another Host is refused; a loopback alias leads to the console’s own name', async ({ muster }) => {
  expect(await raw(muster.origin, { path: '/sign-in', headers: { host: 'evil.example' } })).toMatchObject({
    status: 421,
  })
  const alias = await raw(muster.origin, {
    path: '/members?q=a',
    headers: { host: `127.0.0.1:${new URL(muster.origin).port}` },
  })
  expect(alias.status).toBe(308)
  expect(alias.headers.location).toBe(`${muster.origin}/members?q=a`)
})

test('every answer carries a strict policy and the other headers', async ({ muster }) => {
  for (const path of ['/sign-in', '/nowhere', '/api/health']) {
    const { headers } = await raw(muster.origin, { path })
    expect(headers['content-security-policy']).toMatch(
      /^default-src 'self'; script-src 'self' 'nonce-[^']+' 'strict-dynamic'; style-src 'self';/,
    )
    expect(headers['x-content-type-options']).toBe('nosniff')
    expect(headers['referrer-policy']).toBe('same-origin')
    expect(headers['x-powered-by']).toBeUndefined()
  }
})

test('a change needs our own Origin, JSON, and less than 64 KiB', async ({ muster }) => {
  const post = (headers: Record<string, string>, body: string) =>
    raw(muster.origin, { method: 'POST', path: '/api/session/persona', headers, body })
  const own = { ...json, origin: muster.origin }
  const codeOf = (reply: { body: string }) => JSON.parse(reply.body).error.code
  const body = JSON.stringify({ persona: 'intl-admin' })
  for (const headers of [json, { ...json, origin: 'https://evil.example' }, { ...json, origin: 'null' }]) {
    const reply = await post(headers, body)
    expect([reply.status, codeOf(reply)]).toEqual([403, 'origin.foreign'])
  }
  const text = await post({ 'content-type': 'text/plain', origin: muster.origin }, body)
  expect([text.status, codeOf(text)]).toEqual([415, 'input.not_json'])
  const large = await post(own, JSON.stringify({ persona: 'x'.repeat(70_000) }))
  expect([large.status, codeOf(large)]).toEqual([413, 'input.too_large'])
  for (const bad of ['{', '[]', '"x"', 'null']) expect((await post(own, bad)).status).toBe(400)
  expect((await post(own, body)).status).toBe(200)
})

test('without a session no route answers and no page shows anything', async ({ muster }) => {
  const id = '1234567890123456'
  const own = { ...json, origin: muster.origin }
  const open: string[] = ['getHealth', 'signIn', 'signInAsPersona']
  const closed = Object.entries(routes).filter(([name]) => !open.includes(name))
  expect(closed.length).toBeGreaterThan(15)
  for (const [, { method, path: pattern }] of closed) {
    const path = pattern.replace(':memberId', id).replace(':id', 'x')
    expect(path).not.toContain(':')
    for (const headers of [
      own,
      { ...own, cookie: `muster-${new URL(muster.origin).port}=${'A'.repeat(43)}` },
    ]) {
      const reply = await raw(muster.origin, {
        method,
        path,
        headers,
        body: method === 'GET' ? undefined : '{}',
      })
      expect([method, path, reply.status]).toEqual([method, path, 401])
    }
  }
  const pages = consolePages().map((path) => path.replace('[memberId]', id))
  expect(pages.length).toBeGreaterThan(4)
  for (const path of pages) {
    expect(path).not.toContain('[')
    const reply = await raw(muster.origin, { path })
    expect([path, reply.status, String(reply.headers.location)]).toEqual([
      path,
      307,
      expect.stringContaining('/sign-in'),
    ])
  }
})

test('the session cookie is HttpOnly, SameSite=Lax and named by the port', async ({ muster }) => {
  const reply = await raw(muster.origin, {
    method: 'POST',
    path: '/api/session/persona',
    headers: { ...json, origin: muster.origin },
    body: JSON.stringify({ persona: 'intl-admin' }),
  })
  const [cookie] = reply.headers['set-cookie'] as string[]
  expect(cookie).toMatch(new RegExp(`^muster-${new URL(muster.origin).port}=[\\w-]{43};`))
  expect(cookie).toMatch(/HttpOnly/i)
  expect(cookie).toMatch(/SameSite=lax/i)
})

test('a session shows the address it came from, whatever address a client claims', async ({ muster }) => {
  const forged = {
    'x-forwarded-for': '203.0.113.66',
    'x-real-ip': '203.0.113.66',
    'x-muster-client-address': '203.0.113.66',
  }
  const signedIn = await raw(muster.origin, {
    method: 'POST',
    path: '/api/session/persona',
    headers: { ...json, ...forged, origin: muster.origin },
    body: JSON.stringify({ persona: 'china-admin' }),
  })
  const [cookie = ''] = signedIn.headers['set-cookie'] as string[]
  const reply = await raw(muster.origin, {
    path: '/api/sessions',
    headers: { ...forged, cookie: cookie.split(';')[0] ?? '' },
  })
  const { sessions } = JSON.parse(reply.body) as { sessions: { address: string; current: boolean }[] }
  expect(sessions.find(({ current }) => current)?.address).toMatch(/^(127\.0\.0\.1|::1)$/)
  expect(JSON.stringify([signedIn.headers, reply.headers, reply.body])).not.toMatch(
    /203\.0\.113|client-address/,
  )
})
