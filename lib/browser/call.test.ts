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
  test('nothing is sent, and that is certain', async () => {
    onMachine('muster.example.com', false)
    await expect(sent()).rejects.toMatchObject({ body: { code: 'console.offline' } })
    expect(fetched).not.toHaveBeenCalled()
  })

  test.each(['localhost', '127.0.0.1', '[::1]'])('a console at %s needs none', async (hostname) => {
    onMachine(hostname, false)
    fetched.mockResolvedValue(ours({}))
    await sent()
    expect(fetched).toHaveBeenCalledOnce()
  })
})

describe('code that an act needs and that cannot be loaded', () => {
  const act = () => beforeAct(() => Promise.reject(new Error('ChunkLoadError')))

  test('without a network', async () => {
    onMachine('localhost', false)
    await expect(act()).rejects.toMatchObject({ body: { code: 'console.offline' } })
  })

  test.each([
    ['is gone, where the console answers', () => Promise.resolve(ours({})), 'console.part_missing'],
    ['is out of reach with the console', () => Promise.reject(new TypeError()), 'console.unreachable'],
    [
      'is out of reach behind a proxy',
      () => Promise.resolve(new Response('', { status: 502 })),
      'console.unreachable',
    ],
  ])('%s', async (_, health, code) => {
    onMachine('muster.example.com', true)
    fetched.mockImplementation(health)
    await expect(act()).rejects.toMatchObject({ body: { code } })
  })
})

describe('an answer', () => {
  beforeEach(() => onMachine('muster.example.com', true))

  const foreign: [string, Response][] = [
    ['a page with 200', new Response('<html><body>Sign in</body></html>')],
    ['a page with 502', new Response('<html>Bad gateway</html>', { status: 502 })],
    ['nothing', new Response('')],
    ['a JSON object of somebody else', Response.json({ login: '/sso' })],
    ['a JSON failure of somebody else', Response.json({ error: 'expired' })],
    ['a JSON failure with a code', Response.json({ error: { code: 'expired' } }, { status: 401 })],
    ['no object', ours([])],
  ]
  test.each(foreign)('that is %s is not the console’s', async (_, reply) => {
    fetched.mockResolvedValue(reply)
    await expect(sent()).rejects.toMatchObject({ body: { code: 'console.unrecognized_answer' } })
  })

  test('of the console is taken, its failures too', async () => {
    fetched.mockResolvedValueOnce(ours({ done: true }))
    await expect(sent()).resolves.toEqual({ done: true })
    fetched.mockResolvedValueOnce(ours({ error: { code: 'signin.ended' } }, 401))
    await expect(sent()).rejects.toMatchObject({ body: { code: 'signin.ended' } })
  })
})

function ours(body: unknown, status = 200): Response {
  return Response.json(body, { status, headers: { 'x-request-id': 'R-1' } })
}
