import { isLoopback } from '@/lib/config'
import { routes } from '@/lib/contract/routes'

/** Set for every request, by proxy.ts or for `canonicalOriginPath` at its arrival: path and query as asked for. */
export const pathHeader = 'x-muster-path'

/** Set by proxy.ts, or at its arrival for a change that skips it. */
export const requestIdHeader = 'x-request-id'

/**
 * Set at its arrival for a change that a route takes: what proxy.ts would check is checked then. Next reads the whole body
 * before it asks proxy.ts, and a route must be able to refuse a caller before that.
 */
export const routedHeader = 'x-muster-routed'

/** app/canonical-origin, where requests are led that came by a loopback alias. */
export const canonicalOriginPath = '/canonical-origin'

/** What to do with a request by its Host header: serve it, send the browser to the console's own name, or refuse. */
export type HostVerdict = 'serve' | 'redirect' | 'refuse'

export function judgeHost(host: string | null, baseUrl: URL): HostVerdict {
  const asked = host === null ? undefined : authority(host, baseUrl.protocol)
  if (!asked) return 'refuse'
  // A URL spells a host in one way: without capitals, and without the port that is its scheme's own.
  if (asked.host === baseUrl.host) return 'serve'
  if (asked.port !== baseUrl.port) return 'refuse'
  const isOwn = asked.hostname.replace(/\.$/, '') === baseUrl.hostname
  const isAlias = isLoopback(asked.hostname) && isLoopback(baseUrl.hostname)
  // To a browser each of them is another origin, without the cookies and links of the console's own name.
  return isOwn || isAlias ? 'redirect' : 'refuse'
}

function authority(host: string, protocol: string): URL | undefined {
  const text = `${protocol}//${host}`
  // What the parser drops without a word, or takes for a user or a path, is no part of a host.
  return /^[\w.:[\]-]+$/.test(host) && URL.canParse(text) ? new URL(text) : undefined
}

const calls = Object.values(routes).map(({ method, path }) => ({
  method,
  path: new RegExp(`^${path.replace(/:\w+/g, '[^/]+')}$`),
  variable: path.split(':').length - 1,
}))

export function isRoute(pathname: string): boolean {
  return /^\/api(\/|$)/.test(pathname)
}

/** The methods a path takes; none where nothing is. Pages are only ever read, and change nothing. */
export function methodsOf(pathname: string): string[] {
  // The error page of Next itself, which would answer as if this server had failed.
  if (pathname === '/_global-error') return []
  const methods = isRoute(pathname) ? methodsOfRoute(pathname) : ['GET']
  return methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : method))
}

/** As Next does, takes a path for the one that spells it out before one with something variable in it. */
function methodsOfRoute(pathname: string): string[] {
  const fitting = calls.filter(({ path }) => path.test(pathname))
  const least = Math.min(...fitting.map(({ variable }) => variable))
  return fitting.filter(({ variable }) => variable === least).map(({ method }) => method)
}

/** @param development Next's overlay and React's debugging need eval and inline styles; production has neither */
export function contentSecurityPolicy(nonce: string, development: boolean): string {
  const directives = {
    'default-src': "'self'",
    'script-src': `'self' 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ''}`,
    'style-src': `'self'${development ? " 'unsafe-inline'" : ''}`,
    'img-src': "'self' data: blob:",
    'font-src': "'self'",
    'connect-src': "'self'",
    'object-src': "'none'",
    'base-uri': "'none'",
    'form-action': "'self'",
    'frame-ancestors': "'none'",
  }
  return Object.entries(directives)
    .map(([name, value]) => `${name} ${value}`)
    .join('; ')
}
