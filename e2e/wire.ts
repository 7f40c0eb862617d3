import { readdirSync } from 'node:fs'
import { type Agent, request as http, type IncomingHttpHeaders } from 'node:http'
import path from 'node:path'
import { type RouteName, routes } from '../lib/contract/routes.ts'

export interface RawRequest {
  method?: string
  /** The request target as it goes over the wire, nothing encoded or tidied up. */
  path: string
  headers?: Record<string, string>
  body?: string
  /** Sent in chunks, without a Content-Length. */
  chunked?: boolean
  /** For many requests; without one, each has a connection of its own. */
  agent?: Agent | false
}

export interface RawReply {
  status: number
  headers: IncomingHttpHeaders
  body: string
}

/** A request as nobody's browser sends it: browsers and fetch do not let Host, Origin and targets be forged. */
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
    // A connection that the server closed just when it was used again.
    const stale = (error: NodeJS.ErrnoException) => call.reusedSocket && error.code === 'ECONNRESET'
    call.once('error', (error) => (stale(error) ? resolve(raw(origin, request)) : reject(error)))
    call.end(body)
  })
}

/** The failure's code, as every route answers it. */
export function codeIn({ body }: RawReply): string {
  return JSON.parse(body).error.code
}

/** The session cookie that an answer sets, ready to be sent back. */
export function cookieIn({ headers }: RawReply): string {
  const [cookie = ''] = headers['set-cookie'] ?? []
  return cookie.split(';')[0] ?? ''
}

/** What a page of this console sends along with a change. */
export function ownHeaders(origin: string): Record<string, string> {
  return { 'content-type': 'application/json', origin }
}

/** The address of every page behind sign-in, as its folder says; `fill` names what stands for `[name]`. */
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
  /** What is variable in the path. */
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

/** A name that `fill` does not know gets a made-up value: a new page or route falls under the tests by itself. */
export function filled(pattern: string, place: RegExp, fill: Record<string, string>) {
  return {
    path: pattern.replace(place, (_, name: string) => fill[name] ?? 'made-up'),
    names: [...pattern.matchAll(place)].flatMap(([, name]) => name ?? []),
  }
}

/** For tests that need no real ones: what may stand in a path, of the form that is taken. */
export const madeUp = {
  memberId: '1234567890123456',
  requestId: '00000000-0000-4000-8000-000000000000',
  code: '123456',
  ...networkAt('ap-southeast-1', 'ap-southeast-1+dir-0000000001'),
}

/** An office network in the paths of routes and of pages. */
export function networkAt(region: string, networkId: string) {
  return { region, networkId, officeNetwork: networkId }
}

/** A CEN of the international administrator's own, one of another account, and that account's id. */
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
  /** The account of whoever asks; typed out to confirm that it enables a directory. */
  accountId?: string
}

type WithBody = { [N in RouteName]: (typeof routes)[N]['method'] extends 'GET' ? never : N }[RouteName]

/** For each route a valid input beside what its path names, so that no request is refused for its form. */
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
