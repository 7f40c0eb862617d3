import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { readConfig } from '../lib/config'
import { takeLock } from '../lib/db/lock'
import { preflight } from './preflight.mjs'

const cleanUp: (() => void)[] = []
afterEach(() => {
  for (const undo of cleanUp.splice(0)) undo()
})

function folder(): string {
  const dir = mkdtempSync(path.join(tmpdir(), 'muster-preflight-'))
  cleanUp.push(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

/** A port that was free a moment ago, or one that is in use. */
async function port(inUse: boolean): Promise<string> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('no port')
  if (inUse) cleanUp.push(() => server.close())
  else await new Promise((resolve) => server.close(resolve))
  return String(address.port)
}

async function faultOf(env: Record<string, string>): Promise<string> {
  return preflight(readConfig(env, '/')).then(
    () => 'none',
    (error: Error) => error.message,
  )
}

test('free ports and a free data folder pass', async () => {
  expect(
    await faultOf({
      PORT: await port(false),
      MUSTER_SANDBOX_PORT: await port(false),
      MUSTER_DATA_DIR: folder(),
    }),
  ).toBe('none')
})

test('a port in use is reported with its variable, and another one as an example', async () => {
  const used = await port(true)
  const free = await port(false)
  const dir = folder()
  const next = Number(used) + 1
  expect(await faultOf({ PORT: used, MUSTER_SANDBOX_PORT: free, MUSTER_DATA_DIR: dir })).toBe(
    `PORT: port ${used} is already in use. Example: PORT=${next} npm start`,
  )
  expect(await faultOf({ PORT: free, MUSTER_SANDBOX_PORT: used, MUSTER_DATA_DIR: dir })).toMatch(
    /^MUSTER_SANDBOX_PORT: port \d+ is already in use\./,
  )
})

test('a host that is not an address of this machine is reported as such, not as a port', async () => {
  const env = { PORT: await port(false), MUSTER_SANDBOX_PORT: await port(false), MUSTER_DATA_DIR: folder() }
  for (const MUSTER_HOST of ['192.0.2.1', 'muster.invalid']) {
    expect(await faultOf({ ...env, MUSTER_HOST })).toMatch(
      /^MUSTER_HOST: cannot listen on \S+ \(E\w+\)\. Example: MUSTER_HOST=127\.0\.0\.1 npm start$/,
    )
  }
})

test('without the sandbox its port does not matter', async () => {
  const env = { PORT: await port(false), MUSTER_SANDBOX_PORT: await port(true), MUSTER_DATA_DIR: folder() }
  expect(await faultOf({ ...env, MUSTER_CLOUD: 'alibaba' })).toBe('none')
})

test('a data folder that is in use or cannot be created is reported before anything starts', async () => {
  const env = { PORT: await port(false), MUSTER_SANDBOX_PORT: await port(false) }
  const used = folder()
  const lock = takeLock(used)
  cleanUp.push(() => lock.release())
  expect(await faultOf({ ...env, MUSTER_DATA_DIR: used })).toMatch(
    /^MUSTER_DATA_DIR: .+ in use by another Muster process\. Example: /,
  )
  const file = path.join(folder(), 'file')
  writeFileSync(file, '')
  expect(await faultOf({ ...env, MUSTER_DATA_DIR: path.join(file, 'data') })).toMatch(
    /^MUSTER_DATA_DIR: .+ cannot be written/,
  )
})
