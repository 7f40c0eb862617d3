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
/** Names no address: whoever asks by another name may be another site. */
const misdirected =
  'Misdirected request: this console answers at the address in its MUSTER_BASE_URL only. Open that address; a proxy in front must pass the Host header on unchanged.\n'
const development = process.env.NODE_ENV === 'development'

/**
 * Host check, request id and CSP for every request but changes that a route takes (lib/http/normalize-request.ts), and the refusal
 * of what no page and no route answers. Who is calling is checked by each page, route and use case.
 */
export function proxy(request: NextRequest): NextResponse {
  const verdict = judgeHost(request.headers.get('host'), baseUrl)
  // What came by an alias and could be led on was so at its arrival.
  if (verdict !== 'serve') return new NextResponse(misdirected, { status: 421 })

  const requestId = randomUUID()
  const { pathname } = request.nextUrl
  const methods = methodsOf(pathname)
  if (!methods.includes(request.method)) return nothingHere(pathname, methods, requestId)

  const policy = contentSecurityPolicy(randomBytes(16).toString('base64'), development)
  const headers = new Headers(request.headers)
  headers.set(requestIdHeader, requestId)
  // Layouts do not learn the address they are part of; sign-in leads back to it.
  if (pathname !== canonicalOriginPath) headers.set(pathHeader, pathname + request.nextUrl.search)
  // Next takes the nonce for its own scripts from here.
  headers.set('content-security-policy', policy)
  const response = NextResponse.next({ request: { headers } })
  response.headers.set('content-security-policy', policy)
  return response
}

/** Next would take any method for a page, and a POST to one for a Server Action, which this console has none of. */
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

// Next reads this line when it builds: the header's name stands here as in lib/http/gate.ts.
export const config = {
  matcher: [
    { source: '/((?!_next/static/|icon.svg$).*)', missing: [{ type: 'header', key: 'x-muster-routed' }] },
  ],
}
