import { readdirSync } from 'node:fs'
import { type Agent, request as http, type IncomingHttpHeaders } from 'node:http'
import path from 'node:path'
import { type RouteName, routes } from '../lib/contract/routes.ts'

export interface RawRequest {
  method?: string
  /** The request target exactly as sent, neither encoded nor normalized. */
  path: string
  headers?: Record<string, string>
  body?: string
  /** Sent in chunks, without a Content-Length. */
  chunked?: boolean
  /** For many requests; without an agent, each uses a new connection. */
  agent?: Agent | false
}

export interface RawReply {
  status: number
  headers: IncomingHttpHeaders
  body: string
}

/** A raw request: browsers and fetch do not let Host, Origin and targets be forged. */
export function raw(origin: string, request: RawRequest): Promise<RawReply> {
  const { method = 'GET', path, headers, body, chunked, agent = false } = request
  const { port } = new URL(origin)
  return new Promise((resolve, reject) => {
    const call = http(
      {
        host: '127.0.0.1',
        port,
        method,
        path,
        agent,
        headers: {
          host: `localhost:${port}`,
          ...(chunked
            ? { 'transfer-encoding': 'chunked' }
            : { 'content-length': String(Buffer.byteLength(body ?? '')) }),
          ...headers,
        },
      },
      (reply) => {
        const chunks: Buffer[] = []
        reply.on('data', (chunk: Buffer) => chunks.push(chunk))
        reply.once('error', reject)
        reply.once('end', () =>
          resolve({
            status: reply.statusCode ?? 0,
            headers: reply.headers,
            body: Buffer.concat(chunks).toString(),
          }),
        )
      },
    )
    // A connection that the server closed just as it was reused.
    const closedEarly = (error: NodeJS.ErrnoException) => call.reusedSocket && error.code === 'ECONNRESET'
    call.once('error', (error) => (closedEarly(error) ? resolve(raw(origin, request)) : reject(error)))
    call.end(body)
  })
}

/** The error code in a route's response. */
export function codeIn({ body }: RawReply): string {
  return JSON.parse(body).error.code
}

/** The session cookie that a response sets, ready to be sent back. */
export function cookieIn({ headers }: RawReply): string {
  const [cookie = ''] = headers['set-cookie'] ?? []
  return cookie.split(';')[0] ?? ''
}

/** The headers that a page of this console sends with a change. */
export function ownHeaders(origin: string): Record<string, string> {
  return { 'content-type': 'application/json', origin }
}

/** The path of every page behind sign-in, derived from its folder; `fill` has the value for each `[name]`. */
export function consolePages(fill: Record<string, string>): { path: string; names: string[] }[] {
  const folder = path.join(import.meta.dirname, '..', 'app', '(console)')
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => path.basename(file) === 'page.tsx')
    .map((file) => filled(`/${path.dirname(file).replaceAll(path.sep, '/')}`, /\[(\w+)\]/g, fill))
}

export interface OpenRoute {
  name: RouteName
  method: string
  path: string
  /** The names of the path parameters. */
  names: string[]
}

/** Every route of the contract. */
export function allRoutes(fill: Record<string, string>): OpenRoute[] {
  return routeNames.map((name) => {
    const { method, path } = routes[name]
    return { name, method, ...filled(path, /:(\w+)/g, fill) }
  })
}

const routeNames = Object.keys(routes) as RouteName[]

/** A name that `fill` lacks gets a placeholder, so that new pages and routes are tested automatically. */
export function filled(pattern: string, place: RegExp, fill: Record<string, string>) {
  return {
    path: pattern.replace(place, (_, name: string) => fill[name] ?? 'placeholder'),
    names: [...pattern.matchAll(place)].flatMap(([, name]) => name ?? []),
  }
}

/** Well-formed values for paths and inputs, for tests that need no real ones. */
export const placeholders = {
  memberId: '1234567890123456',
  requestId: '00000000-0000-4000-8000-000000000000',
  code: '123456',
  ...networkAt('ap-southeast-1', 'ap-southeast-1+dir-0000000001'),
}

/** An office network in the paths of routes and of pages. */
export function networkAt(region: string, networkId: string) {
  return { region, networkId, officeNetwork: networkId }
}

/** A CEN of the international administrator's account, one of another account, and that account's ID. */
export const cens = {
  own: 'cen-5d0k7r2vq9xw3mzt81',
  crossAccount: 'cen-7ku2w9xq4mz81hvt3e',
  ownerId: '9134520068812347',
}

export interface InputFacts {
  /** A member for whom no code was sent. */
  memberId: string
  requestId: string
  code: string
  /** The caller's account; typed to confirm that it enables a directory. */
  accountId?: string
}

type WithBody = { [N in RouteName]: (typeof routes)[N]['method'] extends 'GET' ? never : N }[RouteName]

/** A valid input for each route in addition to its path parameters, so that no request is refused for its form. */
export function validInputs(facts: InputFacts): Record<RouteName, object> {
  const phone = '65-91234567'
  const { memberId, requestId, code, accountId = '5182640937715520' } = facts
  const nothing = {}
  const withBody: Record<WithBody, object> = {
    signIn: {
      site: 'international',
      accessKeyId: 'SANDBOX-INTL-ADMIN',
      accessKeySecret: 'sandbox-secret-intl-admin',
    },
    signInAsPersona: { persona: 'intl-admin' },
    signOut: nothing,
    signOutEverywhere: nothing,
    staySignedIn: nothing,
    changeSite: { site: 'international' },
    readPhones: { memberIds: [memberId] },
    refreshMembers: nothing,
    rereadMember: nothing,
    checkNumber: { phone },
    sendCode: { phone },
    discardCode: { requestId },
    bindPhone: { requestId, code },
    reconcilePhone: nothing,
    sendEnableCode: { namePrefix: 'somebody', phone },
    discardEnableCode: { requestId },
    tryEnable: nothing,
    enableDirectory: { confirmation: accountId },
    reconcileDirectory: nothing,
    sendCenCode: { cenId: cens.crossAccount, ownerId: cens.ownerId },
    discardCenRequest: { requestId },
    checkCen: { cenId: cens.own },
    attachNetwork: { requestId, code },
    detachNetwork: { cenId: cens.own },
    reconcileNetwork: nothing,
    armFault: { operation: 'GetAccount', fault: 'throttle', times: 1 },
    disarmFault: nothing,
    advanceClock: { seconds: 1 },
    resetSandbox: nothing,
  }
  const reads = Object.fromEntries(routeNames.map((name) => [name, nothing])) as Record<RouteName, object>
  return { ...reads, ...withBody, listRegions: { language: 'en' } }
}
