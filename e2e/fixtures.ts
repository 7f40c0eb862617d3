import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import { test as base, expect, type Page } from '@playwright/test'
import { connectSandbox, type MemberOrder, type Persona, type SandboxControl } from '../lib/sandbox/index.ts'

type Site = Persona['site']

interface Console {
  /** `http://localhost:<port>` */
  origin: string
  sandbox: SandboxControl
}

interface WorkerFixtures {
  /** One console with its own sandbox and data folder, the build that `npm start` serves. */
  muster: Console
}

interface Fixtures {
  /** The emulated cloud behind this console: read its messages, arm faults, move its clock. */
  cloud: SandboxControl
  /** Signs the page's browser in through the API, as a person does on the sign-in page. */
  signedInAs(persona: Persona['id']): Promise<void>
  /** A member that no other test uses. */
  newMember(order?: MemberOrder, site?: Site): Promise<string>
  inLanguage(locale: 'en' | 'zh-CN'): Promise<void>
  /** No accessibility violation on the page as it is now. */
  accessible(): Promise<void>
  /** Fails a test whose page reported a CSP violation, a script error or a hydration fault. */
  cleanConsole: undefined
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  muster: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures a fixture uses from this pattern
    async ({}, use) => {
      const dataDir = mkdtempSync(path.join(tmpdir(), 'muster-e2e-'))
      const [port, sandboxPort] = [await freePort(), await freePort()]
      const origin = `http://localhost:${port}`
      const server = startServer({ port, sandboxPort, dataDir })
      try {
        await answers(server, `${origin}/api/health`)
        await use({ origin, sandbox: connectSandbox(`http://127.0.0.1:${sandboxPort}`) })
      } finally {
        server.process.kill('SIGKILL')
        rmSync(dataDir, { recursive: true, force: true })
      }
    },
    { scope: 'worker', timeout: 60_000 },
  ],

  baseURL: async ({ muster }, use) => use(muster.origin),

  cloud: async ({ muster }, use) => {
    await use(muster.sandbox)
    await muster.sandbox.disarmAll()
  },

  signedInAs: async ({ page, muster }, use) => {
    await use(async (persona) => {
      const reply = await page.request.post('/api/session/persona', {
        headers: { origin: muster.origin },
        data: { persona },
      })
      expect(reply.status()).toBe(200)
    })
  },

  newMember: async ({ muster }, use) => {
    await use(async (order = {}, site = 'international') => {
      const [id] = await muster.sandbox.addMembers(site, [order])
      if (!id) throw new Error('the sandbox added no member')
      return id
    })
  },

  inLanguage: async ({ context, muster }, use) => {
    await use(async (locale) => {
      await context.addCookies([{ name: 'muster-locale', value: locale, url: muster.origin }])
    })
  },

  accessible: async ({ page }, use) => {
    await use(async () => {
      const { violations } = await new AxeBuilder({ page }).analyze()
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual(
        [],
      )
    })
  },

  cleanConsole: [
    async ({ page }, use) => {
      const complaints: string[] = []
      page.on('pageerror', (error) => complaints.push(error.message))
      page.on('console', (message) => {
        // A refused request is part of many tests; the browser's own note of it is no fault.
        const refusedRequest = message.text().startsWith('Failed to load resource')
        if (message.type() === 'error' && !refusedRequest) complaints.push(message.text())
      })
      await use(undefined)
      expect(complaints).toEqual([])
    },
    { auto: true },
  ],
})

export { expect }

/** The failure a page shows; the router's own announcer is an alert, too. */
export function failureOn(page: Page) {
  return page.locator('[role=alert]:not(#__next-route-announcer__)')
}

/** The newest code sent for a member. */
export async function codeOf(cloud: SandboxControl, memberId: string): Promise<string> {
  const [newest] = await cloud.messages({ accountId: memberId })
  if (!newest) throw new Error('no message was sent for this member')
  return newest.code
}

/** The whole page fits its width: nothing scrolls sideways. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const { scroll, client } = await page.evaluate(() => ({
    scroll: document.documentElement.scrollWidth,
    client: document.documentElement.clientWidth,
  }))
  expect(scroll).toBeLessThanOrEqual(client)
}

interface Server {
  process: ChildProcess
  output: string[]
}

function startServer({
  port,
  sandboxPort,
  dataDir,
}: {
  port: number
  sandboxPort: number
  dataDir: string
}): Server {
  const folder = path.join(import.meta.dirname, '..', '.next', 'standalone')
  const child = spawn(process.execPath, ['server.js'], {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      PORT: String(port),
      HOSTNAME: '127.0.0.1',
      MUSTER_SANDBOX_PORT: String(sandboxPort),
      MUSTER_DATA_DIR: dataDir,
      // Short, so that unknown outcomes settle within a test's patience.
      MUSTER_CALL_DEADLINE_SECONDS: '2',
      MUSTER_SETTLE_SECONDS: '6',
    },
  })
  const output: string[] = []
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => output.push(chunk.toString()))
  return { process: child, output }
}

async function answers(server: Server, url: string): Promise<void> {
  while (server.process.exitCode === null) {
    const reply = await fetch(url).catch(() => null)
    if (reply?.ok) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`the console did not start: ${server.output.join('')}`)
}

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const address = probe.address()
  await new Promise((resolve) => probe.close(resolve))
  if (typeof address !== 'object' || address === null) throw new Error('no port')
  return address.port
}
