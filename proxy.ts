import { randomBytes, randomUUID } from 'node:crypto'
import { type NextRequest, NextResponse } from 'next/server'
import { readConfig } from '@/lib/config'
import { contentSecurityPolicy, judgeHost } from '@/lib/http/gate'

const { baseUrl } = readConfig(process.env, process.cwd())
const development = process.env.NODE_ENV === 'development'

/** Host check, request id and CSP for every request. Who is calling is checked by each page, route and use case. */
export function proxy(request: NextRequest): NextResponse {
  const verdict = judgeHost(request.headers.get('host'), baseUrl)
  if (verdict.kind === 'redirect') {
    return NextResponse.redirect(verdict.origin + request.nextUrl.pathname + request.nextUrl.search, 308)
  }
  if (verdict.kind === 'refuse') return new NextResponse('Misdirected request\n', { status: 421 })

  const policy = contentSecurityPolicy(randomBytes(16).toString('base64'), development)
  const headers = new Headers(request.headers)
  headers.set('x-request-id', randomUUID())
  // Next takes the nonce for its own scripts from here.
  headers.set('content-security-policy', policy)
  const response = NextResponse.next({ request: { headers } })
  response.headers.set('content-security-policy', policy)
  if (baseUrl.protocol === 'https:') {
    response.headers.set('strict-transport-security', 'max-age=31536000')
  }
  return response
}

export const config = { matcher: ['/((?!_next/static/|icon.svg$).*)'] }
