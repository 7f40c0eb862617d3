import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, serverTest as test } from './console'

test('a page of another site can neither read nor change anything at the sandbox’s port', async ({
  browser,
  muster,
}) => {
  const { sandbox } = muster
  await sandbox.arm({ operation: 'GetAccount', fault: 'throttle', match: { accountId: 'nobody' } })
  const before = { clock: await offset(), faults: (await sandbox.faults()).length }
  const site = createServer((_, reply) =>
    reply.setHeader('content-type', 'text/html').end('<title>elsewhere</title>'),
  )
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve))
  const context = await browser.newContext()
  try {
    const page = await context.newPage()
    await page.goto(`http://127.0.0.1:${(site.address() as AddressInfo).port}/`)
    const read = await page.evaluate(async (url) => {
      const attempt = (path: string, init?: RequestInit) =>
        fetch(`${url}/_sandbox/${path}`, init).then(
          async (reply) => `${reply.type} ${reply.status} ${await reply.text()}`,
          () => 'refused',
        )
      const blind = { method: 'POST', mode: 'no-cors' } as const
      return [
        await attempt('messages'),
        await attempt('personas', { credentials: 'include' }),
        await attempt('faults', { method: 'DELETE' }),
        await attempt('clock', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: '{"advanceSeconds":60}',
        }),
        await attempt('messages', { mode: 'no-cors' }),
        await attempt('clock', { ...blind, body: '{"advanceSeconds":60}' }),
        await attempt('reset', { ...blind, body: '{}' }),
      ]
    }, sandbox.url)
    // An opaque response, or none if the browser itself blocks access to local ports: nothing can be read.
    for (const answer of read) expect(answer).toMatch(/^(refused|opaque 0 )$/)
    expect(read.slice(0, 4)).toEqual(['refused', 'refused', 'refused', 'refused'])
    // A form that a page submits needs no CORS permission, either.
    await page.setContent(
      `<form method="post" enctype="text/plain" action="${sandbox.url}/_sandbox/clock"><input name='{"advanceSeconds":60,"x":"' value='"}'></form>`,
    )
    const sent = page.waitForResponse(`${sandbox.url}/_sandbox/clock`).then(
      (reply) => reply.status(),
      () => 403,
    )
    await page.evaluate(() => document.forms[0]?.submit())
    expect(await sent).toBe(403)
  } finally {
    await context.close()
    await new Promise((resolve) => site.close(resolve))
  }
  expect({ clock: await offset(), faults: (await sandbox.faults()).length }).toEqual(before)
  await sandbox.disarmAll()

  async function offset() {
    return (await sandbox.clock()).offsetSeconds
  }
})
