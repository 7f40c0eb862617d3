import { isLoopback } from '@/lib/config'
import { routes } from '@/lib/contract/routes'

/** The requested path and query. Set for every request by proxy.ts, or for `canonicalOriginPath` by normalize-request. */
export const pathHeader = 'x-muster-path'

/** Set by proxy.ts, or by normalize-request for a change that skips it. */
export const requestIdHeader = 'x-request-id'

/**
 * Set by normalize-request for a change that goes directly to its route, after the checks that proxy.ts would make. Next
 * reads the whole body before it calls proxy.ts, and a route must be able to refuse a caller before that.
 */
export const routedHeader = 'x-muster-routed'

/** app/canonical-origin, to which requests for another spelling of the host are rewritten. */
export const canonicalOriginPath = '/canonical-origin'

/** What to do with a request, by its Host header: serve it, redirect the browser to the canonical origin, or refuse it. */
export type HostVerdict = 'serve' | 'redirect' | 'refuse'

export function judgeHost(host: string | null, baseUrl: URL): HostVerdict {
  const asked = host === null ? undefined : authority(host, baseUrl.protocol)
  if (!asked) return 'refuse'
  // A URL normalizes the host: lowercase, without the default port.
  if (asked.host === baseUrl.host) return 'serve'
  if (asked.port !== baseUrl.port) return 'refuse'
  const isOwn = asked.hostname.replace(/\.$/, '') === baseUrl.hostname
  const isAlias = isLoopback(asked.hostname) && isLoopback(baseUrl.hostname)
  // To a browser each of these is a different origin, without the cookies of the canonical one.
  return isOwn || isAlias ? 'redirect' : 'refuse'
}

function authority(host: string, protocol: string): URL | undefined {
  const text = `${protocol}//${host}`
  // Anything that the parser would drop silently or parse as a user or path is not part of a host.
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

/** The methods allowed for a path; none if there is nothing. Pages are read-only. */
export function methodsOf(pathname: string): string[] {
  // Next's own error page, which would respond as if this server had failed.
  if (pathname === '/_global-error') return []
  const methods = isRoute(pathname) ? methodsOfRoute(pathname) : ['GET']
  return methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : method))
}

/** Like Next, prefers a literal path over one with parameters. */
function methodsOfRoute(pathname: string): string[] {
  const fitting = calls.filter(({ path }) => path.test(pathname))
  const least = Math.min(...fitting.map(({ variable }) => variable))
  return fitting.filter(({ variable }) => variable === least).map(({ method }) => method)
}

/** @param development allows eval and inline styles, which Next's overlay and React's debugging require */
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
