import { headers } from 'next/headers'
import { runtime } from '@/lib/runtime'
import { pathHeader } from './gate'
import { ownPath } from './sign-in-page'

/** Redirects a browser that came by another spelling or a loopback alias to the console's own name. */
export async function toCanonicalOrigin(): Promise<Response> {
  const path = (await headers()).get(pathHeader) ?? '/'
  const { config } = await runtime()
  // Not for good: the console's own name is a setting, and a browser would keep on following an old one.
  const to = { location: config.baseUrl.origin + ownPath(path), 'cache-control': 'no-store' }
  return new Response(null, { status: 307, headers: to })
}
