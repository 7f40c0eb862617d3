import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

test('calls to this machine bypass the proxy, calls to others use it', async () => {
  const asked: unknown[] = []
  const proxy = createServer((request, response) => {
    asked.push(request.url ?? '')
    response.end()
  })
  proxy.on('connect', (request, socket) => {
    asked.push(request.url)
    socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n')
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  const { port } = proxy.address() as AddressInfo
  // Nothing listens on port 2: what matters is whether the proxy is used.
  const urls = ['localhost', '127.0.0.1', '[::1]', '127.0.0.2', 'outside.invalid'].map(
    (host) => `http://${host}:2/`,
  )
  const script = `
    const { exemptThisMachine } = await import(${JSON.stringify(new URL('no-proxy.ts', import.meta.url).href)})
    exemptThisMachine(process.env)
    for (const url of ${JSON.stringify(urls)}) await fetch(url).catch(() => {})`
  const env = {
    ...process.env,
    NODE_USE_ENV_PROXY: '1',
    HTTP_PROXY: `http://127.0.0.1:${port}`,
    no_proxy: '127.0.0.2',
  }
  await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], { env })
  proxy.close()
  expect(asked.map((url) => String(url).replace(/^http:\/\/|\/$/g, ''))).toEqual(['outside.invalid:2'])
})
