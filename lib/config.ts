import path from 'node:path'
import { parsePostgresUrl } from './postgres-url.ts'
import { StartupFault } from './startup-fault.ts'

/** The environment, parsed once; the README documents every variable. */
export interface Config {
  host: string
  port: number
  /** Public origin of the console: links, Host and Origin check, cookie flags. */
  baseUrl: URL
  /** How many reverse proxies are trusted to report the client's IP address. */
  trustedProxies: number
  cloud: 'sandbox' | 'alibaba'
  /** IDs of the accounts whose RAM users may sign in; null = any. */
  accounts: readonly string[] | null
  sandbox: { port: number; url: URL | undefined; membersPerDirectory: number | undefined }
  databaseUrl: string | undefined
  dataDir: string
  secret: Buffer | undefined
  callDeadlineMs: number
  /** How long a call may wait for its turn if this process stalls. */
  stalledMaxMs: number
  inFlightTimeoutSeconds: number
  cooldownSeconds: number
  cooldownRefusedSeconds: number
  sessionIdleMinutes: number
  sessionHours: number
  /** ARNs of the RAM users who administer this console; empty = none. */
  admins: readonly string[]
}

type Environment = Record<string, string | undefined>

const loopbackNames = new Set(['localhost', '127.0.0.1', '[::1]'])

export function isLoopback(hostname: string): boolean {
  return loopbackNames.has(hostname)
}

/** @throws StartupFault with the variable, what is wrong with it, and an example */
export function readConfig(env: Environment, root: string): Config {
  refuseRequestLogging(env)
  const port = integer(env, 'PORT', 3000, 1, 65535)
  const cloud = choice(env, 'MUSTER_CLOUD', ['sandbox', 'alibaba'], 'sandbox')
  const baseUrl = origin(env, 'MUSTER_BASE_URL', `http://localhost:${port}`)
  if (cloud === 'alibaba' && baseUrl.protocol === 'http:' && !isLoopback(baseUrl.hostname)) {
    throw new StartupFault(
      'MUSTER_BASE_URL',
      'plain HTTP is allowed only on a loopback host when MUSTER_CLOUD=alibaba',
      'MUSTER_BASE_URL=https://muster.example.com',
    )
  }
  const accounts = accountIds(env)
  const host = env.MUSTER_HOST || '127.0.0.1'
  // A remote caller can send any Host header, so the listening address counts as well.
  const elsewhere = !isLoopback(baseUrl.hostname) || !(isLoopback(host) || isLoopback(`[${host}]`))
  if (cloud === 'alibaba' && !accounts && elsewhere) {
    throw new StartupFault(
      'MUSTER_ACCOUNTS',
      'it is required when MUSTER_CLOUD=alibaba unless the console is limited to this machine: without it, RAM users of any account could sign in',
      accountsExample,
    )
  }
  const databaseUrl = postgresUrl(env)
  const callDeadlineSeconds = number(env, 'MUSTER_CALL_DEADLINE_SECONDS', 15, 0.1, 120)
  const inFlightTimeoutSeconds = number(env, 'MUSTER_SETTLE_SECONDS', 60, 0.1, 600)
  // Earlier, reconciliation could find a call "not done" that is still in flight. Two more seconds for the wait for a turn.
  if (inFlightTimeoutSeconds <= callDeadlineSeconds + 2) {
    throw new StartupFault(
      'MUSTER_CALL_DEADLINE_SECONDS',
      `${callDeadlineSeconds} is too long for MUSTER_SETTLE_SECONDS=${inFlightTimeoutSeconds}, which must exceed it by more than 2`,
      'MUSTER_CALL_DEADLINE_SECONDS=15 MUSTER_SETTLE_SECONDS=60',
    )
  }
  const sandboxPort = integer(env, 'MUSTER_SANDBOX_PORT', 4010, 1, 65535)
  const sandboxUrl = loopbackUrl(env)
  if (cloud === 'sandbox' && !sandboxUrl && sandboxPort === port) {
    throw new StartupFault(
      'MUSTER_SANDBOX_PORT',
      `${port} is the console's own port (PORT)`,
      `MUSTER_SANDBOX_PORT=${port < 65535 ? port + 1 : 4010}`,
    )
  }
  return {
    host,
    port,
    baseUrl,
    trustedProxies: integer(env, 'MUSTER_TRUSTED_PROXIES', 0, 0, 10),
    cloud,
    accounts,
    sandbox: {
      port: sandboxPort,
      url: sandboxUrl,
      membersPerDirectory: optionalInteger(env, 'MUSTER_SANDBOX_MEMBERS', 1, 20_000),
    },
    databaseUrl,
    dataDir: path.resolve(root, env.MUSTER_DATA_DIR || '.data'),
    secret: secret(env, databaseUrl),
    callDeadlineMs: 1000 * callDeadlineSeconds,
    // The wait and the deadline together are always shorter than the in-flight timeout, see above.
    stalledMaxMs: Math.min(10_000, 1000 + 500 * (inFlightTimeoutSeconds - callDeadlineSeconds)),
    inFlightTimeoutSeconds,
    cooldownSeconds: number(env, 'MUSTER_COOLDOWN_SECONDS', 60, 0, 3600),
    cooldownRefusedSeconds: number(env, 'MUSTER_COOLDOWN_REFUSED_SECONDS', 5, 0, 3600),
    sessionIdleMinutes: number(env, 'MUSTER_SESSION_IDLE_MINUTES', 30, 1, 1440),
    sessionHours: number(env, 'MUSTER_SESSION_HOURS', 8, 0.1, 24),
    admins: admins(env, cloud),
  }
}

/** The npm scripts unset these before they start Node: in a running process it is too late. */
function refuseRequestLogging(env: Environment): void {
  for (const name of ['NODE_DEBUG', 'DEBUG']) {
    if (!env[name]) continue
    const fault = 'while it is set, requests are printed together with their signing keys'
    throw new StartupFault(name, fault, `env -u ${name} node server.js, or npm start, which unsets it`)
  }
}

function number(env: Environment, name: string, fallback: number, least: number, most: number): number {
  const text = env[name]
  if (text === undefined || text === '') return fallback
  // Number() also accepts spaces, 0x10 and 1e3.
  const value = /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN
  if (Number.isNaN(value) || value < least || value > most) {
    throw new StartupFault(name, `"${text}" is not a number from ${least} to ${most}`, `${name}=${fallback}`)
  }
  return value
}

function integer(env: Environment, name: string, fallback: number, least: number, most: number): number {
  const value = number(env, name, fallback, least, most)
  if (!Number.isInteger(value)) {
    throw new StartupFault(name, `"${env[name]}" is not a whole number`, `${name}=${fallback}`)
  }
  return value
}

function optionalInteger(env: Environment, name: string, least: number, most: number): number | undefined {
  return env[name] ? integer(env, name, 10_000, least, most) : undefined
}

function choice<T extends string>(env: Environment, name: string, values: readonly T[], fallback: T): T {
  const text = env[name] || fallback
  const value = values.find((one) => one === text)
  if (!value)
    throw new StartupFault(name, `"${text}" is not one of ${values.join(', ')}`, `${name}=${fallback}`)
  return value
}

function origin(env: Environment, name: string, fallback: string): URL {
  const text = env[name] || fallback
  const url = URL.canParse(text) ? new URL(text) : undefined
  // Capitals and the default port do not change an origin. A trailing dot does, but no one means that.
  const isOrigin = url && /^https?:$/.test(url.protocol) && url.href === `${url.origin}/`
  if (!isOrigin || url.hostname.endsWith('.')) {
    throw new StartupFault(
      name,
      `"${text}" is not an origin (scheme, host and port only)`,
      `${name}=${fallback}`,
    )
  }
  return url
}

/** The administrators of the two directories that exist in a new sandbox. */
const sandboxAdmins = ['acs:ram::5182640937715520:user/wei.tan', 'acs:ram::1386710452098837:user/li.na']

function admins(env: Environment, cloud: Config['cloud']): string[] {
  const text = env.MUSTER_ADMINS
  if (!text) return cloud === 'sandbox' ? sandboxAdmins : []
  const named = text.split(',').map((one) => one.trim())
  const wrong = named.find((one) => !/^acs:ram::\d{16}:user\/[A-Za-z0-9._-]{1,64}$/.test(one))
  if (wrong !== undefined) {
    throw new StartupFault(
      'MUSTER_ADMINS',
      `"${wrong}" is not the ARN of a RAM user; roles and root users cannot be named`,
      'MUSTER_ADMINS=acs:ram::1234567890123456:user/wei.tan,acs:ram::1234567890123456:user/li.na',
    )
  }
  return [...new Set(named)]
}

const accountsExample = 'MUSTER_ACCOUNTS=1234567890123456,6543210987654321'

function accountIds(env: Environment): string[] | null {
  if (!env.MUSTER_ACCOUNTS) return null
  const ids = env.MUSTER_ACCOUNTS.split(',').map((id) => id.trim())
  const wrong = ids.find((id) => !/^\d{16}$/.test(id))
  if (wrong !== undefined) {
    const fault = `"${wrong}" is not an account ID of 16 digits; IDs are separated by commas`
    throw new StartupFault('MUSTER_ACCOUNTS', fault, accountsExample)
  }
  return ids
}

function loopbackUrl(env: Environment): URL | undefined {
  const text = env.MUSTER_SANDBOX_URL
  if (!text) return undefined
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol !== 'http:' || !isLoopback(url.hostname)) {
    const example = 'MUSTER_SANDBOX_URL=http://127.0.0.1:4010'
    throw new StartupFault('MUSTER_SANDBOX_URL', `"${text}" is not an http:// URL on this machine`, example)
  }
  return url
}

function postgresUrl(env: Environment): string | undefined {
  const text = env.DATABASE_URL
  if (!text) return undefined
  parsePostgresUrl(text)
  return text
}

function secret(env: Environment, databaseUrl: string | undefined): Buffer | undefined {
  const example = 'MUSTER_SECRET="$(openssl rand -base64 32)"'
  const text = env.MUSTER_SECRET
  if (!text) {
    if (!databaseUrl) return undefined
    throw new StartupFault(
      'MUSTER_SECRET',
      'it is required with DATABASE_URL and must be the same for every replica',
      example,
    )
  }
  const bytes = Buffer.from(text, 'base64')
  if (bytes.length !== 32 || bytes.toString('base64') !== text.trim()) {
    throw new StartupFault('MUSTER_SECRET', 'it is not 32 bytes in base64', example)
  }
  return bytes
}
