import { randomUUID } from 'node:crypto'
import { subscribe } from 'node:diagnostics_channel'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { currentAnswer } from './answer'
import {
  canonicalOriginPath,
  isRoute,
  judgeHost,
  methodsOf,
  pathHeader,
  requestIdHeader,
  routedHeader,
} from './gate'

/** For every answer, whoever writes it: Next itself redirects and fails before proxy.ts and pages are asked. */
const answerHeaders = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
}

/** Of answers that show nothing; proxy.ts puts the pages' own in its place. */
const policyOfNoPage = { 'content-security-policy': "default-src 'none'; frame-ancestors 'none'" }

/**
 * Longer than proxies keep a connection for their next request: one that is sent while Node closes it after its usual five
 * seconds ends in their 502.
 */
const keepAliveMs = 75_000

/**
 * Sees each request of the console where Node hands it out, before Next does: makes of it one that Next can take, and
 * gives its answer the headers that every answer has.
 * @param port the console's own, since the embedded sandbox's server is in the same process
 * @param development whether Next shows faults as pages of its own, which proxy.ts never sees
 */
export function receiveRequests(port: number, baseUrl: URL, development: boolean): void {
  const headers = Object.entries({
    ...answerHeaders,
    ...(!development && policyOfNoPage),
    ...(baseUrl.protocol === 'https:' && { 'strict-transport-security': 'max-age=31536000' }),
  })
  subscribe('http.server.request.start', (message) => {
    const { request, response, server } = message as {
      request: IncomingMessage
      response: ServerResponse
      server: Server
    }
    if (request.socket.localPort !== port) return
    server.keepAliveTimeout = keepAliveMs
    // Next handles it next, in this same turn.
    currentAnswer.enterWith(response)
    for (const [name, value] of headers) response.setHeader(name, value)
    makePlain(request)
    leadToCanonicalOrigin(request, baseUrl)
    leadToRoute(request, baseUrl)
  })
}

/** Lets a change go to its route without proxy.ts, which would have its body read whoever sends it. */
export function leadToRoute(
  request: Pick<IncomingMessage, 'method' | 'url' | 'headers'>,
  baseUrl: URL,
): void {
  const { method = '', url = '', headers } = request
  delete headers[routedHeader]
  const [path = ''] = url.split('?')
  const isChange = !['GET', 'HEAD'].includes(method) && isRoute(path) && methodsOf(path).includes(method)
  // With dots in it, it is another one's path to Next.
  const isPlain = URL.canParse(url, baseUrl) && new URL(url, baseUrl).pathname === path
  if (!isChange || !isPlain || judgeHost(headers.host ?? null, baseUrl) !== 'serve') return
  headers[routedHeader] = '1'
  headers[requestIdHeader] = randomUUID()
}

/**
 * Next answers 500, or redirects anywhere, for what HTTP allows and browsers never send: TRACE, `*`, a whole URL as
 * target, and escapes that decode to nothing. Made plain, they are refused as anything else that is not there.
 */
export function makePlain(request: Pick<IncomingMessage, 'method' | 'url' | 'headers'>): void {
  if (request.method === 'TRACE') request.method = 'OPTIONS'
  const target = request.url ?? '/'
  const whole = /^[a-z][a-z\d+.-]*:/i.test(target) && URL.canParse(target) ? new URL(target) : undefined
  // As HTTP says: the target's own host counts, not the header's. https://www.rfc-editor.org/rfc/rfc9112#section-3.2.2
  if (whole) request.headers.host = whole.host
  const path = whole ? whole.pathname + whole.search : target
  request.url = decodable(path.startsWith('/') ? path : `/${path}`)
}

/**
 * Leads a page that was opened by a loopback alias, or with a dot after the name, to the console's own name, which its
 * cookies and links belong to. Not in proxy.ts: Next takes all loopback names for one, makes a redirect between two of them
 * relative, and carries a rewritten request to itself over the network. A change is not led on: it belongs to its page.
 */
export function leadToCanonicalOrigin(
  request: Pick<IncomingMessage, 'method' | 'url' | 'headers'>,
  baseUrl: URL,
): void {
  const { method = '', headers } = request
  const verdict = judgeHost(headers.host ?? null, baseUrl)
  // However it was spelled.
  if (verdict === 'serve') headers.host = baseUrl.host
  if (!['GET', 'HEAD'].includes(method) || verdict !== 'redirect') return
  headers[pathHeader] = request.url
  headers.host = baseUrl.host
  request.url = canonicalOriginPath
}

/** The same target; escapes are taken as they are written when they mean nothing, or a NUL, which no database can hold. */
function decodable(target: string): string {
  const [path = '', ...query] = target.replaceAll('%00', '%2500').split('?')
  return [canDecode(path) ? path : path.replaceAll('%', '%25'), ...query].join('?')
}

function canDecode(path: string): boolean {
  try {
    decodeURIComponent(path)
    return true
  } catch {
    return false
  }
}
