import { randomBytes, randomUUID } from 'node:crypto'
import { type NextRequest, NextResponse } from 'next/server'
import { readConfig } from '@/lib/config'
import type { ErrorBody } from '@/lib/contract/errors'
import {
  canonicalOriginPath,
  contentSecurityPolicy,
  isRoute,
  judgeHost,
  methodsOf,
  pathHeader,
  requestIdHeader,
} from '@/lib/http/gate'

const { baseUrl } = readConfig(process.env, process.cwd())
/** Does not contain the URL: a request with another host name may come from another site. */
const misdirected =
  'Misdirected request: this console answers only at the URL set in MUSTER_BASE_URL. Open that URL; a reverse proxy must forward the Host header unchanged.\n'
const development = process.env.NODE_ENV === 'development'

/**
 * Host check, request id and CSP for every request except changes with a route (lib/http/normalize-request.ts); refuses
 * requests for which there is no page or route. Authentication is up to each page, route and use case.
 */
export function proxy(request: NextRequest): NextResponse {
  const verdict = judgeHost(request.headers.get('host'), baseUrl)
  // Requests that can be redirected to the canonical origin were rewritten by normalize-request.
  if (verdict !== 'serve') return new NextResponse(misdirected, { status: 421 })

  const requestId = randomUUID()
  const { pathname } = request.nextUrl
  const methods = methodsOf(pathname)
  if (!methods.includes(request.method)) return nothingHere(pathname, methods, requestId)

  const policy = contentSecurityPolicy(randomBytes(16).toString('base64'), development)
  const headers = new Headers(request.headers)
  headers.set(requestIdHeader, requestId)
  // Layouts do not know the URL of their page; sign-in uses it to lead back.
  if (pathname !== canonicalOriginPath) headers.set(pathHeader, pathname + request.nextUrl.search)
  // Next reads the nonce for its own scripts from this header.
  headers.set('content-security-policy', policy)
  const response = NextResponse.next({ request: { headers } })
  response.headers.set('content-security-policy', policy)
  return response
}

/** Next would accept any method for a page, and treat a POST as a Server Action, which this console does not use. */
function nothingHere(pathname: string, methods: string[], requestId: string): NextResponse {
  const status = methods.length > 0 ? 405 : 404
  const headers = {
    'cache-control': 'no-store',
    [requestIdHeader]: requestId,
    ...(status === 405 && { allow: methods.join(', ') }),
  }
  if (!isRoute(pathname)) return new NextResponse('Nothing here\n', { status, headers })
  const error: ErrorBody = { code: 'page.not_found', requestId }
  return NextResponse.json({ error }, { status, headers })
}

// Next evaluates this at build time, so the header name is repeated from lib/http/gate.ts as a literal.
export const config = {
  matcher: [
    { source: '/((?!_next/static/|icon.svg$).*)', missing: [{ type: 'header', key: 'x-muster-routed' }] },
  ],
}
