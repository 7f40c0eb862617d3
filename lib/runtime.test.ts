import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { readConfig } from './config'
import { openSandbox } from './runtime'

const cleanUp: (() => void)[] = []
afterEach(() => {
  for (const undo of cleanUp.splice(0)) undo()
})

function folder(): string {
  const dir = mkdtempSync(path.join(tmpdir(), 'muster-runtime-'))
  cleanUp.push(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

/** A port that is in use, or one that was free a moment ago. */
async function port(taken: RequestListener | false): Promise<string> {
  const server = createServer(taken || undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('no port')
  if (taken) cleanUp.push(() => server.close())
  else await new Promise((resolve) => server.close(resolve))
  return String(address.port)
}

function faultOf(env: Record<string, string>): Promise<string> {
  return openSandbox(readConfig(env, '/')).then(
    () => 'none',
    (error: Error) => `${error.name} ${error.message}`,
  )
}

describe('a sandbox that is not available ends startup with one line', () => {
  test('its port is in use', async () => {
    const taken = await port((_, reply) => reply.end())
    expect(await faultOf({ MUSTER_SANDBOX_PORT: taken, MUSTER_DATA_DIR: folder() })).toBe(
      `StartupFault MUSTER_SANDBOX_PORT: cannot listen on port ${taken} (EADDRINUSE). Example: MUSTER_SANDBOX_PORT=${Number(taken) + 1}`,
    )
  })

  test('its state file cannot be read', async () => {
    const dataDir = folder()
    writeFileSync(path.join(dataDir, 'sandbox.json'), '{')
    expect(await faultOf({ MUSTER_SANDBOX_PORT: await port(false), MUSTER_DATA_DIR: dataDir })).toMatch(
      /^StartupFault MUSTER_DATA_DIR\/sandbox\.json: .+ is not one this version can read.+ Example: rm .+sandbox\.json$/,
    )
  })

  test('nothing, or something else, answers at MUSTER_SANDBOX_URL', async () => {
    for (const taken of [
      false,
      (_: unknown, reply: { end(text: string): void }) => reply.end('{}'),
    ] as const) {
      const url = `http://127.0.0.1:${await port(taken)}`
      expect(await faultOf({ MUSTER_SANDBOX_URL: url })).toMatch(
        new RegExp(`^StartupFault MUSTER_SANDBOX_URL: no sandbox answers at ${url}. Example: `),
      )
    }
  })
})
