import { describe, expect, test } from 'vitest'
import { readConfig } from './config'
import { StartupFault } from './startup-fault'

const read = (env: Record<string, string>) => readConfig(env, '/srv/muster')

const wei = 'acs:ram::5182640937715520:user/wei.tan'
const liNa = 'acs:ram::1386710452098837:user/li.na'

test.each([
  ['15', '60', 10_000],
  ['15', '17.1', 2050],
  ['4', '12', 5000],
])(
  'a call with a deadline of %s s, even if stalled, ends within an in-flight timeout of %s s',
  (deadline, settle, ms) => {
    const config = read({ MUSTER_CALL_DEADLINE_SECONDS: deadline, MUSTER_SETTLE_SECONDS: settle })
    expect(config.stalledMaxMs).toBeCloseTo(ms)
    expect(config.stalledMaxMs + config.callDeadlineMs).toBeLessThan(1000 * config.inFlightTimeoutSeconds)
  },
)

test('by default, the console uses a sandbox and is limited to this machine', () => {
  expect(read({})).toMatchObject({
    host: '127.0.0.1',
    port: 3000,
    cloud: 'sandbox',
    trustedProxies: 0,
    dataDir: '/srv/muster/.data',
    callDeadlineMs: 15_000,
    stalledMaxMs: 10_000,
    inFlightTimeoutSeconds: 60,
    cooldownSeconds: 60,
    cooldownRefusedSeconds: 5,
    sessionIdleMinutes: 30,
    sessionHours: 8,
  })
  expect(read({ PORT: '8080' }).baseUrl.origin).toBe('http://localhost:8080')
})

test('a secret is 32 bytes in base64', () => {
  const secret = Buffer.alloc(32, 7).toString('base64')
  expect(read({ MUSTER_SECRET: secret }).secret).toEqual(Buffer.alloc(32, 7))
})

describe('each fault is one line with the variable, the fault and an example', () => {
  test.each([
    ['PORT', { PORT: 'http' }],
    ['PORT', { PORT: '70000' }],
    ['PORT', { PORT: '3000.5' }],
    ['PORT', { PORT: '0xBB8' }],
    ['MUSTER_CLOUD', { MUSTER_CLOUD: 'aws' }],
    ['MUSTER_BASE_URL', { MUSTER_BASE_URL: 'muster.example.com' }],
    ['MUSTER_BASE_URL', { MUSTER_BASE_URL: 'https://muster.example.com/console' }],
    ['MUSTER_BASE_URL', { MUSTER_BASE_URL: 'https://muster.example.com?x' }],
    ['MUSTER_BASE_URL', { MUSTER_BASE_URL: 'https://wei@muster.example.com' }],
    ['MUSTER_BASE_URL', { MUSTER_BASE_URL: 'https://muster.example.com.' }],
    ['MUSTER_BASE_URL', { MUSTER_CLOUD: 'alibaba', MUSTER_BASE_URL: 'http://muster.example.com' }],
    ['MUSTER_SANDBOX_PORT', { MUSTER_SANDBOX_PORT: '0' }],
    ['MUSTER_SANDBOX_PORT', { PORT: '4010' }],
    ['MUSTER_SANDBOX_URL', { MUSTER_SANDBOX_URL: 'http://emulator.example.com:4010' }],
    ['MUSTER_SANDBOX_URL', { MUSTER_SANDBOX_URL: 'https://127.0.0.1:4010' }],
    ['MUSTER_SANDBOX_URL', { MUSTER_SANDBOX_URL: '127.0.0.1:4010' }],
    ['MUSTER_SANDBOX_MEMBERS', { MUSTER_SANDBOX_MEMBERS: 'many' }],
    ['MUSTER_TRUSTED_PROXIES', { MUSTER_TRUSTED_PROXIES: '-1' }],
    [
      'DATABASE_URL',
      { DATABASE_URL: 'mysql://root:hunter2@db/muster', MUSTER_SECRET: Buffer.alloc(32).toString('base64') },
    ],
    ['MUSTER_SECRET', { DATABASE_URL: 'postgres://muster@db/muster' }],
    ['MUSTER_SECRET', { MUSTER_SECRET: 'short' }],
    ['MUSTER_CALL_DEADLINE_SECONDS', { MUSTER_CALL_DEADLINE_SECONDS: '60', MUSTER_SETTLE_SECONDS: '60' }],
    ['MUSTER_CALL_DEADLINE_SECONDS', { MUSTER_CALL_DEADLINE_SECONDS: '0' }],
    ['MUSTER_SETTLE_SECONDS', { MUSTER_SETTLE_SECONDS: '1 minute' }],
    ['MUSTER_COOLDOWN_SECONDS', { MUSTER_COOLDOWN_SECONDS: ' ' }],
    ['MUSTER_COOLDOWN_REFUSED_SECONDS', { MUSTER_COOLDOWN_REFUSED_SECONDS: '-5' }],
    ['MUSTER_SESSION_IDLE_MINUTES', { MUSTER_SESSION_IDLE_MINUTES: '0' }],
    ['MUSTER_ADMINS', { MUSTER_ADMINS: 'wei.tan' }],
    ['MUSTER_ADMINS', { MUSTER_ADMINS: `${wei},acs:ram::5182640937715520:role/muster-operator` }],
    ['MUSTER_ADMINS', { MUSTER_ADMINS: 'acs:ram::5182640937715520:root' }],
    ['MUSTER_ADMINS', { MUSTER_ADMINS: `${wei},` }],
    ['MUSTER_SESSION_HOURS', { MUSTER_SESSION_HOURS: 'day' }],
    ['MUSTER_SESSION_HOURS', { MUSTER_SESSION_HOURS: 'Infinity' }],
    ['MUSTER_ACCOUNTS', { MUSTER_ACCOUNTS: '518264093771552' }],
    ['MUSTER_ACCOUNTS', { MUSTER_ACCOUNTS: '5182640937715520 1386710452098837' }],
    ['MUSTER_ACCOUNTS', { MUSTER_ACCOUNTS: '5182640937715520,' }],
    ['MUSTER_ACCOUNTS', { MUSTER_ACCOUNTS: ' ' }],
    ['MUSTER_ACCOUNTS', { MUSTER_CLOUD: 'alibaba', MUSTER_BASE_URL: 'https://muster.example.com' }],
    ['MUSTER_ACCOUNTS', { MUSTER_CLOUD: 'alibaba', MUSTER_HOST: '0.0.0.0' }],
  ])('%s: %j', (variable, env) => {
    let fault: unknown
    try {
      read(env as Record<string, string>)
    } catch (error) {
      fault = error
    }
    expect(fault).toBeInstanceOf(StartupFault)
    expect((fault as StartupFault).message).toMatch(new RegExp(`^${variable}: .+\\. Example: .+$`))
    expect((fault as StartupFault).message).not.toContain('hunter2')
  })
})

test('MUSTER_ADMINS names the administrators; without it, the sandbox has two and Alibaba Cloud none', () => {
  expect(read({}).admins).toEqual([wei, liNa])
  expect(read({ MUSTER_CLOUD: 'alibaba' }).admins).toEqual([])
  const named = ' acs:ram::1234567890123456:user/ops_1 , acs:ram::1234567890123456:user/ops-2'
  expect(read({ MUSTER_CLOUD: 'alibaba', MUSTER_ADMINS: named }).admins).toEqual([
    'acs:ram::1234567890123456:user/ops_1',
    'acs:ram::1234567890123456:user/ops-2',
  ])
})

test('the sandbox port does not matter if no sandbox is started', () => {
  expect(read({ PORT: '4010', MUSTER_CLOUD: 'alibaba' }).port).toBe(4010)
  expect(read({ PORT: '4010', MUSTER_SANDBOX_URL: 'http://127.0.0.1:4020' }).port).toBe(4010)
})

test('a loopback console for Alibaba Cloud may use plain HTTP', () => {
  expect(read({ MUSTER_CLOUD: 'alibaba' }).cloud).toBe('alibaba')
})

test.each([
  ['https://muster.example.com:443', 'https://muster.example.com'],
  ['HTTPS://Muster.Example.COM/', 'https://muster.example.com'],
  ['http://localhost:80', 'http://localhost'],
])('the base URL %s is normalized to %s', (MUSTER_BASE_URL, origin) => {
  expect(read({ MUSTER_BASE_URL }).baseUrl.origin).toBe(origin)
})

test('MUSTER_ACCOUNTS is a list; it is optional on this machine and with the sandbox', () => {
  const MUSTER_ACCOUNTS = '5182640937715520, 1386710452098837'
  const real = { MUSTER_CLOUD: 'alibaba', MUSTER_BASE_URL: 'https://muster.example.com' }
  expect(read({ ...real, MUSTER_ACCOUNTS }).accounts).toEqual(['5182640937715520', '1386710452098837'])
  expect(read({ MUSTER_CLOUD: 'alibaba' }).accounts).toBeNull()
  expect(read({ MUSTER_CLOUD: 'alibaba', MUSTER_HOST: '::1' }).accounts).toBeNull()
  expect(read({ MUSTER_BASE_URL: 'https://muster.example.com' }).accounts).toBeNull()
})
