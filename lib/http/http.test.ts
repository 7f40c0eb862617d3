import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { AppError } from '@/lib/contract/errors'
import { addressHeader, clientAddress } from './address'
import { sessionCookieName } from './cookie'
import { contentSecurityPolicy, judgeHost, methodsOf, routedHeader } from './gate'
import { log } from './log'
import { leadToCanonicalOrigin, leadToRoute, normalize } from './normalize-request'
import { ownPath } from './sign-in-page'

describe('the Host header', () => {
  const local = new URL('http://localhost:3000')
  const real = new URL('https://muster.example.com')
  test.each([
    ['localhost:3000', local, 'serve'],
    ['127.0.0.1:3000', local, 'redirect'],
    ['[::1]:3000', local, 'redirect'],
    ['127.0.0.1:3001', local, 'refuse'],
    ['evil.example:3000', local, 'refuse'],
    ['muster.example.com', real, 'serve'],
    ['muster.example.com:443', real, 'serve'],
    ['Muster.Example.COM', real, 'serve'],
    ['MUSTER.EXAMPLE.COM:443', real, 'serve'],
    ['LocalHost:3000', local, 'serve'],
    ['localhost:80', new URL('http://localhost'), 'serve'],
    ['muster.example.com.', real, 'redirect'],
    ['muster.example.com.:443', real, 'redirect'],
    ['localhost.:3000', local, 'redirect'],
    ['muster.example.com:80', real, 'refuse'],
    ['muster.example.com..', real, 'refuse'],
    ['wei@muster.example.com', real, 'refuse'],
    ['muster.example.com/members', real, 'refuse'],
    ['muster.exam\tple.com', real, 'refuse'],
    ['muster.example.com?q', real, 'refuse'],
    ['muster。example.com', real, 'refuse'],
    ['localhost', real, 'refuse'],
    ['muster.example.com.evil.example', real, 'refuse'],
    ['', local, 'refuse'],
    [null, local, 'refuse'],
  ])('%j for %s: %s', (host, baseUrl, kind) => {
    expect(judgeHost(host, baseUrl)).toBe(kind)
  })
})

describe('requests that Next cannot handle are normalized', () => {
  test.each([
    ['/members?q=a%20b', '/members?q=a%20b'],
    ['/members/%', '/members/%25'],
    ['/members/%ff%20', '/members/%25ff%2520'],
    ['/members?q=%ff&r=%', '/members?q=%ff&r=%'],
    ['/members/%00?q=%00', '/members/%2500?q=%2500'],
    ['*', '/*'],
    ['http://localhost:3000/members?q=a', '/members?q=a'],
    ['http://localhost:3000', '/'],
    ['//evil.example/x', '//evil.example/x'],
  ])('%s becomes %s', (url, normal) => {
    const request = { method: 'GET', url, headers: { host: 'localhost:3000' } }
    normalize(request)
    expect(request).toEqual({ method: 'GET', url: normal, headers: { host: 'localhost:3000' } })
  })

  test('the host of an absolute URL takes precedence', () => {
    const request = { method: 'TRACE', url: 'https://evil.example/x', headers: { host: 'localhost:3000' } }
    normalize(request)
    expect(request).toEqual({ method: 'OPTIONS', url: '/x', headers: { host: 'evil.example' } })
  })
})

describe('a request to a loopback alias', () => {
  const rewritten = (method: string, host: string, base = 'http://localhost:3000') => {
    const request = { method, url: '/members?q=a', headers: { host, 'x-muster-path': '/forged' } }
    leadToCanonicalOrigin(request, new URL(base))
    return request
  }
  test('is rewritten to the canonical-origin route, with the requested path', () => {
    expect(rewritten('GET', '127.0.0.1:3000')).toEqual({
      method: 'GET',
      url: '/canonical-origin',
      headers: { host: 'localhost:3000', 'x-muster-path': '/members?q=a' },
    })
  })
  test.each([
    ['POST', '127.0.0.1:3000', undefined],
    ['GET', 'localhost:3000', undefined],
    ['GET', 'evil.example:3000', undefined],
    ['GET', '127.0.0.1:3000', 'https://muster.example.com'],
  ])('%s %s stays unchanged', (method, host, base) => {
    expect(rewritten(method, host, base)).toMatchObject({ url: '/members?q=a', headers: { host } })
  })
})

describe('the methods of a path', () => {
  test.each([
    ['/api/session', ['POST', 'DELETE', 'GET', 'HEAD']],
    ['/api/members/1234567890123456', ['GET', 'HEAD']],
    // As in Next, a literal path takes precedence over a member's.
    ['/api/members/phones', ['POST']],
    ['/api/members/a/b/c', []],
    ['/api', []],
    ['/apis', ['GET', 'HEAD']],
    ['/members', ['GET', 'HEAD']],
    ['/_global-error', []],
  ])('%s allows %j', (path, methods) => {
    expect(methodsOf(path)).toEqual(methods)
  })
})

describe('the client’s address', () => {
  const request = (remoteAddress: string, forwarded?: string) =>
    ({ headers: forwarded ? { 'x-forwarded-for': forwarded } : {}, socket: { remoteAddress } }) as never
  test('is the socket’s, whatever is claimed, unless proxies are trusted', () => {
    expect(clientAddress(request('::ffff:203.0.113.9', '1.2.3.4'), 0)).toBe('203.0.113.9')
  })
  test('is carried in a header whose name no client can know', () => {
    expect(addressHeader).toMatch(/^x-muster-client-address-[0-9a-f]{32}$/)
  })
  test('is the one seen by the outermost trusted proxy; anything before it may be forged', () => {
    expect(clientAddress(request('10.0.0.2', '6.6.6.6, 203.0.113.9'), 1)).toBe('203.0.113.9')
    expect(clientAddress(request('10.0.0.2', '6.6.6.6, 203.0.113.9, 10.0.0.3'), 2)).toBe('203.0.113.9')
    expect(clientAddress(request('10.0.0.2'), 1)).toBe('10.0.0.2')
  })
  test.each([
    ['203.0.113.9:51234', '203.0.113.9'],
    ['[2001:DB8::1]:51234', '2001:db8::1'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['2001:0db8:0:0:0:0:0:0001', '2001:db8::1'],
    ['::ffff:203.0.113.9', '203.0.113.9'],
    ['[::FFFF:cb00:7109]:443', '203.0.113.9'],
    ['fe80::1%eth0', 'fe80::1'],
  ])('%s from a proxy is read as %s', (hop, address) => {
    expect(clientAddress(request('10.0.0.2', `6.6.6.6, ${hop}`), 1)).toBe(address)
  })
  test.each(['unknown', '_hidden', '203.0.113', '999.1.1.1', '203.0.113.9:x', '[::1', 'a'.repeat(4000), '"'])(
    'an invalid address is replaced by that of the proxy that forwarded it: %.20s',
    (hop) => {
      expect(clientAddress(request('::ffff:10.0.0.2', `203.0.113.9, ${hop}`), 1)).toBe('10.0.0.2')
      expect(clientAddress(request('10.0.0.2', `${hop}, 10.0.0.3`), 2)).toBe('10.0.0.3')
    },
  )
})

describe('a change with a route', () => {
  const baseUrl = new URL('http://localhost:3000')
  const routed = (method: string, url: string, host = 'localhost:3000') => {
    const headers: Record<string, string> = { host, [routedHeader]: 'forged', 'x-request-id': 'forged' }
    leadToRoute({ method, url, headers }, baseUrl)
    return headers[routedHeader] === '1' && /^[0-9a-f-]{36}$/.test(headers['x-request-id'] ?? '')
  }
  test('skips proxy.ts', () => {
    expect(routed('POST', '/api/session')).toBe(true)
    expect(routed('DELETE', '/api/session?a=b')).toBe(true)
    expect(routed('POST', '/api/members/1234567890123456/phone')).toBe(true)
  })
  test.each([
    ['GET', '/api/session', 'localhost:3000'],
    ['PUT', '/api/session', 'localhost:3000'],
    ['POST', '/api/nowhere', 'localhost:3000'],
    ['POST', '/members', 'localhost:3000'],
    ['POST', '/api/members/../read', 'localhost:3000'],
    ['POST', '/api/members/%2e%2e/read', 'localhost:3000'],
    ['POST', '/api/session', 'evil.example:3000'],
    ['POST', '/api/session', '127.0.0.1:3000'],
  ])('other requests do not, whatever headers they send: %s %s %s', (method, url, host) => {
    expect(routed(method, url, host)).toBe(false)
  })
  test('the header is the one named in proxy.ts', () => {
    const source = readFileSync(path.join(import.meta.dirname, '..', '..', 'proxy.ts'), 'utf8')
    expect(source).toContain(`missing: [{ type: 'header', key: '${routedHeader}' }]`)
  })
})

test('sign-in redirects only to paths of this console', () => {
  expect(ownPath('/members?q=a')).toBe('/members?q=a')
  for (const bad of [
    '//evil.example',
    'https://evil.example',
    '/\\evil.example',
    'javascript:alert(1)',
    '/.//evil.example/x',
    '/..//evil.example',
    '/a/..//evil.example',
    '/%2e//evil.example',
    undefined,
    ['/a', '/b'],
  ]) {
    expect(ownPath(bad)).toBe('/')
  }
})

test('the session cookie is host-bound on https and named by its port on http', () => {
  expect(sessionCookieName(new URL('https://muster.example.com'))).toBe('__Host-muster')
  expect(sessionCookieName(new URL('http://localhost:3000'))).toBe('muster-3000')
})

test('the policy allows no inline script or style; development adds what its tools require', () => {
  expect(contentSecurityPolicy('abc', false)).not.toMatch(/unsafe/)
  expect(contentSecurityPolicy('abc', true)).toMatch(/unsafe-eval/)
})

describe('a log line', () => {
  function lineOf(error: unknown): string {
    const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    log.failure('req-1', error)
    const line = String(write.mock.calls[0]?.[0])
    write.mockRestore()
    return line
  }

  test('holds the error’s type, code and frames, never its message', () => {
    const cause = Object.assign(new Error('number 65-91234567'), { code: '23505' })
    const line = lineOf(new TypeError('phone 65-91234567 failed', { cause }))
    expect(JSON.parse(line)).toMatchObject({
      level: 'error',
      requestId: 'req-1',
      error: 'TypeError',
      cause: { error: 'Error', code: '23505' },
    })
    expect(line).not.toContain('91234567')
    expect(lineOf(Object.assign(new Error(), { code: 'a message: 65-91234567' }))).not.toContain('91234567')
  })

  test('for a failed call contains the operation and the SDK’s error fields, not the vendor’s message', () => {
    const upstream = {
      product: 'Ram',
      operation: 'GetUser',
      code: 'Odd',
      requestId: 'R-1',
      message: 'to 65-9',
    }
    const wire = { name: 'RequestTimeoutError', code: 'Odd', status: 500, message: 'to 65-9' }
    const line = lineOf(Object.assign(new AppError('cloud.silent', { upstream }), { wire }))
    expect(JSON.parse(line)).toMatchObject({
      code: 'cloud.silent',
      upstream: { product: 'Ram', operation: 'GetUser', code: 'Odd', requestId: 'R-1' },
      wire: { name: 'RequestTimeoutError', code: 'Odd', status: 500 },
    })
    expect(line).not.toContain('65-9')
  })
})
