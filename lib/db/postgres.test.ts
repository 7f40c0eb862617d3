import { afterEach, expect, test } from 'vitest'
import { StartupFault } from '../startup-fault.ts'
import { openDatabase } from './index.ts'
import { MIGRATIONS_DIR } from './testing.ts'
import { reply, serverPassword, serverThatSays } from './testing-server.ts'

let server: Awaited<ReturnType<typeof serverThatSays>> | undefined
afterEach(() => {
  server?.close()
  server = undefined
})

async function says(...replies: Buffer[]): Promise<string> {
  server = await serverThatSays(...replies)
  return server.url
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

test('a server that cannot be reached', async () => {
  const url = await says()
  server?.close()
  const place = `127.0.0.1:${new URL(url).port}/console as muster`
  expect(await faultOf(url)).toContain(
    `DATABASE_URL: PostgreSQL at ${place} cannot be reached (ECONNREFUSED)`,
  )
})

test('a server that closes the connection', async () => {
  expect(await faultOf(await says())).toMatch(/DATABASE_URL: PostgreSQL at .* cannot be reached \(/)
})

test('a server lost during the start is reported as unreachable, not as a database fault', async () => {
  const granted = reply.row('granted', 't')
  const url = await says(reply.welcome(), reply.row('version', '15.4'), granted, granted, granted)
  expect(await faultOf(url)).toMatch(/DATABASE_URL: PostgreSQL at .* cannot be reached \(/)
})

test('a wrong password', async () => {
  const message = `password authentication failed for user "muster" with ${serverPassword}`
  const url = await says(reply.askForPassword(), reply.refusal('28P01', message))
  expect(await faultOf(url)).toMatch(/DATABASE_URL: PostgreSQL at .* as muster refused the user or password/)
})

test('a database that does not exist', async () => {
  const url = await says(reply.refusal('3D000', 'database "console" does not exist'))
  expect(await faultOf(url)).toMatch(/DATABASE_URL: the database does not exist: .*\/console/)
})

test('a server that is too old', async () => {
  const url = await says(reply.welcome(), reply.row('version', '14.13 (Debian)'))
  expect(await faultOf(url)).toMatch(/PostgreSQL 14\.13 \(Debian\) at .* is too old; 15 or newer is required/)
})

test('an invalid PostgreSQL URL is refused without showing it', async () => {
  for (const url of [
    'hunter2',
    'mysql://muster:hunter2@db/console',
    'postgres://muster:hunter2@db:port/console',
  ]) {
    expect(await faultOf(url)).toContain('DATABASE_URL: it is not a PostgreSQL connection URL')
  }
})

test.each(['12/hunter2', '12?hunter2', '12#hunter2', 'hunter2/12', 'hunter2?12', 'hunter2#12', 'hunter2/@'])(
  'a password that must be percent-encoded is not shown: %s',
  async (password) => {
    const fault = await faultOf(`postgres://muster:${password}@db.example.com/console`)
    expect(fault).toContain('must be percent-encoded: / as %2F, ? as %3F, # as %23, @ as %40')
    expect(fault).not.toContain('muster:12')
  },
)

test('a pooler that refuses statement_timeout is reported before anything is migrated', async () => {
  const url = await says(reply.refusal('08P01', 'unsupported startup parameter: statement_timeout'))
  const fault = await faultOf(url)
  expect(fault).toMatch(/the pooler at .+ as muster refuses the startup parameter statement_timeout/)
  expect(fault).toContain('ignore_startup_parameters = statement_timeout')
})
