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

/** For every response, including Next's own redirects and errors before proxy.ts or a page is called. */
const answerHeaders = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
}

/** For responses without a page; proxy.ts replaces it for pages. */
const policyOfNoPage = { 'content-security-policy': "default-src 'none'; frame-ancestors 'none'" }

/**
 * Longer than reverse proxies keep idle connections. With Node's default of five seconds, a request sent while Node closes
 * the connection would end in a 502 of the proxy.
 */
const keepAliveMs = 75_000

/**
 * Handles each request to the console before Next does: rewrites it into one that Next can handle, and sets the headers
 * that every response has.
 * @param port the console's own port, because the embedded sandbox's server runs in the same process
 * @param development whether Next shows errors as its own pages, which bypass proxy.ts
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
    // Next handles the request in the same synchronous run.
    currentAnswer.enterWith(response)
    for (const [name, value] of headers) response.setHeader(name, value)
    normalize(request)
    leadToCanonicalOrigin(request, baseUrl)
    leadToRoute(request, baseUrl)
  })
}

/** Sends a change directly to its route: before it calls proxy.ts, Next reads the whole body, whoever sends it. */
export function leadToRoute(
  request: Pick<IncomingMessage, 'method' | 'url' | 'headers'>,
  baseUrl: URL,
): void {
  const { method = '', url = '', headers } = request
  delete headers[routedHeader]
  const [path = ''] = url.split('?')
  const isChange = !['GET', 'HEAD'].includes(method) && isRoute(path) && methodsOf(path).includes(method)
  // Next resolves dots in a path, which may lead to another route.
  const isNormal = URL.canParse(url, baseUrl) && new URL(url, baseUrl).pathname === path
  if (!isChange || !isNormal || judgeHost(headers.host ?? null, baseUrl) !== 'serve') return
  headers[routedHeader] = '1'
  headers[requestIdHeader] = randomUUID()
}

/**
 * Next responds with 500, or redirects to any host, for requests that HTTP allows but browsers never send: TRACE, `*`, an
 * absolute URL as target, and invalid escapes. Normalized, they are refused like any other unknown path.
 */
export function normalize(request: Pick<IncomingMessage, 'method' | 'url' | 'headers'>): void {
  if (request.method === 'TRACE') request.method = 'OPTIONS'
  const target = request.url ?? '/'
  const whole = /^[a-z][a-z\d+.-]*:/i.test(target) && URL.canParse(target) ? new URL(target) : undefined
  // The target's host takes precedence over the header: https://www.rfc-editor.org/rfc/rfc9112#section-3.2.2
  if (whole) request.headers.host = whole.host
  const path = whole ? whole.pathname + whole.search : target
  request.url = decodable(path.startsWith('/') ? path : `/${path}`)
}

/**
 * Rewrites a page request that uses a loopback alias, or a trailing dot after the host name, so that it is redirected to the
 * canonical origin, to which cookies and links belong. Not in proxy.ts: Next treats all loopback names as the same, makes
 * a redirect between two of them relative, and sends a rewritten request to itself over the network. Changes are not
 * redirected but refused.
 */
export function leadToCanonicalOrigin(
  request: Pick<IncomingMessage, 'method' | 'url' | 'headers'>,
  baseUrl: URL,
): void {
  const { method = '', headers } = request
  const verdict = judgeHost(headers.host ?? null, baseUrl)
  // Normalize its spelling.
  if (verdict === 'serve') headers.host = baseUrl.host
  if (!['GET', 'HEAD'].includes(method) || verdict !== 'redirect') return
  headers[pathHeader] = request.url
  headers.host = baseUrl.host
  request.url = canonicalOriginPath
}

/** The same target, with invalid escapes and NUL (which no database can store) escaped again, to be taken literally. */
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
