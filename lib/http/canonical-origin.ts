import { headers } from 'next/headers'
import { runtime } from '@/lib/runtime'
import { pathHeader } from './gate'
import { ownPath } from './sign-in-page'

/** Redirects a browser that used another spelling of the host or a loopback alias to the canonical origin. */
export async function toCanonicalOrigin(): Promise<Response> {
  const path = (await headers()).get(pathHeader) ?? '/'
  const { config } = await runtime()
  // Not permanent: the canonical origin is a setting, and browsers cache permanent redirects.
  const to = { location: config.baseUrl.origin + ownPath(path), 'cache-control': 'no-store' }
  return new Response(null, { status: 307, headers: to })
}
