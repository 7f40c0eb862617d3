import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { beforeAct, call } from './call'

const fetched = vi.fn<(url: string, init: RequestInit) => Promise<Response>>()

beforeEach(() => {
  fetched.mockReset()
  vi.stubGlobal('fetch', fetched)
})
afterEach(() => vi.unstubAllGlobals())

function onMachine(hostname: string, onLine: boolean) {
  vi.stubGlobal('navigator', { onLine })
  vi.stubGlobal('window', { location: { hostname } })
}

const sent = () => call('signOut', {})

describe('without a network', () => {
  test('nothing is sent, and the error says so', async () => {
    onMachine('muster.example.com', false)
    await expect(sent()).rejects.toMatchObject({ body: { code: 'console.offline' } })
    expect(fetched).not.toHaveBeenCalled()
  })

  test.each(['localhost', '127.0.0.1', '[::1]'])('a console at %s requires none', async (hostname) => {
    onMachine(hostname, false)
    fetched.mockResolvedValue(ours({}))
    await sent()
    expect(fetched).toHaveBeenCalledOnce()
  })
})

describe('when code for an operation cannot be loaded', () => {
  const load = () => beforeAct(() => Promise.reject(new Error('ChunkLoadError')))

  test('without a network', async () => {
    onMachine('localhost', false)
    await expect(load()).rejects.toMatchObject({ body: { code: 'console.offline' } })
  })

  test.each([
    [
      'because the file is gone but the console responds',
      () => Promise.resolve(ours({})),
      'console.part_missing',
    ],
    ['because the console is unreachable', () => Promise.reject(new TypeError()), 'console.unreachable'],
    [
      'because the console is unreachable behind a proxy',
      () => Promise.resolve(new Response('', { status: 502 })),
      'console.unreachable',
    ],
  ])('%s', async (_, health, code) => {
    onMachine('muster.example.com', true)
    fetched.mockImplementation(health)
    await expect(load()).rejects.toMatchObject({ body: { code } })
  })
})

describe('a reply', () => {
  beforeEach(() => onMachine('muster.example.com', true))

  const unrecognized: [string, Response][] = [
    ['a page with 200', new Response('<html><body>Sign in</body></html>')],
    ['a page with 502', new Response('<html>Bad gateway</html>', { status: 502 })],
    ['empty', new Response('')],
    ['a JSON object from another server', Response.json({ login: '/sso' })],
    ['a JSON error from another server', Response.json({ error: 'expired' })],
    [
      'a JSON error with a code from another server',
      Response.json({ error: { code: 'expired' } }, { status: 401 }),
    ],
    ['not an object', ours([])],
  ]
  test.each(unrecognized)('that is %s is not accepted as the console’s', async (_, reply) => {
    fetched.mockResolvedValue(reply)
    await expect(sent()).rejects.toMatchObject({ body: { code: 'console.unrecognized_answer' } })
  })

  test('from the console is accepted, errors included', async () => {
    fetched.mockResolvedValueOnce(ours({ done: true }))
    await expect(sent()).resolves.toEqual({ done: true })
    fetched.mockResolvedValueOnce(ours({ error: { code: 'signin.ended' } }, 401))
    await expect(sent()).rejects.toMatchObject({ body: { code: 'signin.ended' } })
  })
})

function ours(body: unknown, status = 200): Response {
  return Response.json(body, { status, headers: { 'x-request-id': 'R-1' } })
}
