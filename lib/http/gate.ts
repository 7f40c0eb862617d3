import { isLoopback } from '@/lib/config'

/** Set by proxy.ts for every request: path and query as asked for. */
export const pathHeader = 'x-muster-path'

/** What to do with a request by its Host header: serve it, send the browser to the console's own name, or refuse. */
export type HostVerdict = 'serve' | 'redirect' | 'refuse'

export function judgeHost(host: string | null, baseUrl: URL): HostVerdict {
  if (host === baseUrl.host) return 'serve'
  const asked = host && URL.canParse(`http://${host}`) ? new URL(`http://${host}`) : undefined
  const samePort = asked && (asked.port || '80') === (baseUrl.port || '80')
  if (asked && samePort && isLoopback(asked.hostname) && isLoopback(baseUrl.hostname)) {
    return 'redirect'
  }
  return 'refuse'
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
