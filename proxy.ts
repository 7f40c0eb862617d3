import { randomBytes, randomUUID } from 'node:crypto'
import { type NextRequest, NextResponse } from 'next/server'
import { readConfig } from '@/lib/config'
import { contentSecurityPolicy, judgeHost, pathHeader } from '@/lib/http/gate'

const { baseUrl } = readConfig(process.env, process.cwd())
/** app/own-name */
const ownNamePath = '/own-name'
const development = process.env.NODE_ENV === 'development'

/** Host check, request id and CSP for every request. Who is calling is checked by each page, route and use case. */
export function proxy(request: NextRequest): NextResponse {
  const verdict = judgeHost(request.headers.get('host'), baseUrl)
  if (verdict === 'refuse') return new NextResponse('Misdirected request\n', { status: 421 })

  const policy = contentSecurityPolicy(randomBytes(16).toString('base64'), development)
  const headers = new Headers(request.headers)
  headers.set('x-request-id', randomUUID())
  // Layouts do not learn the address they are part of; sign-in leads back to it.
  // A request rewritten to `ownNamePath` passes here again and keeps the one it came with.
  if (request.nextUrl.pathname !== ownNamePath) {
    headers.set(pathHeader, request.nextUrl.pathname + request.nextUrl.search)
  }
  // Next takes the nonce for its own scripts from here.
  headers.set('content-security-policy', policy)
  // Next takes every loopback name for the same host and would make a redirect between two of them relative: an
  // endless loop. A route's own answer is left as it is.
  const response =
    verdict === 'redirect'
      ? NextResponse.rewrite(ownName(request), { request: { headers } })
      : NextResponse.next({ request: { headers } })
  response.headers.set('content-security-policy', policy)
  if (baseUrl.protocol === 'https:') {
    response.headers.set('strict-transport-security', 'max-age=31536000')
  }
  return response
}

function ownName(request: NextRequest) {
  const url = request.nextUrl.clone()
  url.pathname = ownNamePath
  return url
}

export const config = { matcher: ['/((?!_next/static/|icon.svg$).*)'] }
