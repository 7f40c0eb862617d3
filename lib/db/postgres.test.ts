import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { StartupFault } from '../startup-fault.ts'
import { openDatabase } from './index.ts'
import { MIGRATIONS_DIR } from './testing.ts'

// These faults need servers that no test machine has: one of another version, one that refuses. So a server
// of a few lines speaks as much of PostgreSQL's wire protocol as a start gets to hear.
// https://www.postgresql.org/docs/15/protocol-message-formats.html

let server: Server | undefined
afterEach(async () => {
  server?.close()
  server = undefined
})

function message(type: string, ...parts: (string | Buffer)[]): Buffer {
  const body = Buffer.concat(
    parts.map((part) => (typeof part === 'string' ? Buffer.from(`${part}\0`) : part)),
  )
  const length = Buffer.alloc(4)
  length.writeInt32BE(body.length + 4)
  return Buffer.concat([Buffer.from(type), length, body])
}

const int16 = (value: number) => Buffer.from([value >> 8, value & 255])
const int32 = (value: number) => Buffer.concat([int16(value >> 16), int16(value & 65535)])
const ready = message('Z', Buffer.from('I'))
const refuse = (code: string, text: string) =>
  message('E', 'SFATAL', `C${code}`, `M${text}`, Buffer.from([0]))
const row = (column: string, value: string) =>
  Buffer.concat([
    message('T', int16(1), column, int32(0), int16(0), int32(25), int16(-1 & 65535), int32(-1), int16(0)),
    message('D', int16(1), int32(value.length), Buffer.from(value)),
    message('C', 'SELECT 1'),
    ready,
  ])

/** A server that answers each message with the next reply; its URL holds a password. */
async function serverThatSays(...replies: Buffer[]): Promise<string> {
  server = createServer((socket: Socket) => {
    let next = 0
    socket.on('error', () => {})
    socket.on('data', () => {
      const reply = replies[next]
      next += 1
      if (reply) socket.write(reply)
      else socket.end()
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  return `postgres://muster:hunter2-secret@127.0.0.1:${port}/console`
}

async function faultOf(url: string): Promise<string> {
  const fault = await openDatabase({ url, migrationsDir: MIGRATIONS_DIR }).catch((error: unknown) => error)
  expect(fault).toBeInstanceOf(StartupFault)
  const text = String(fault)
  expect(text).not.toContain('hunter2')
  expect(text).toContain('Example: ')
  expect(text).not.toContain('\n')
  return text
}

test('a server that is not there', async () => {
  const url = await serverThatSays()
  server?.close()
  const place = `127.0.0.1:${new URL(url).port}/console as muster`
  expect(await faultOf(url)).toContain(
    `DATABASE_URL: PostgreSQL at ${place} cannot be reached (ECONNREFUSED)`,
  )
})

test('a server that hangs up', async () => {
  expect(await faultOf(await serverThatSays())).toMatch(/DATABASE_URL: PostgreSQL at .* cannot be reached \(/)
})

test('a wrong password', async () => {
  const askForPassword = message('R', int32(3))
  const url = await serverThatSays(
    askForPassword,
    refuse('28P01', 'password authentication failed for user "muster" with hunter2-secret'),
  )
  expect(await faultOf(url)).toMatch(/DATABASE_URL: PostgreSQL at .* as muster refused the user or password/)
})

test('a database that does not exist', async () => {
  const url = await serverThatSays(refuse('3D000', 'database "console" does not exist'))
  expect(await faultOf(url)).toMatch(/DATABASE_URL: there is no such database at .*\/console/)
})

test('a server that is too old', async () => {
  const url = await serverThatSays(
    Buffer.concat([message('R', int32(0)), ready]),
    row('version', '14.13 (Debian)'),
  )
  expect(await faultOf(url)).toMatch(/PostgreSQL 14\.13 \(Debian\) at .* is too old, 15 or newer is needed/)
})

test('a URL that is none of PostgreSQL is named without being shown', async () => {
  for (const url of [
    'hunter2',
    'mysql://muster:hunter2@db/console',
    'postgres://muster:hunter2@db:port/console',
  ]) {
    expect(await faultOf(url)).toContain('DATABASE_URL: is not a PostgreSQL connection URL')
  }
})
