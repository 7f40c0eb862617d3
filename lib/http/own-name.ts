import { headers } from 'next/headers'
import { runtime } from '@/lib/runtime'
import { pathHeader } from './gate'

/** Sends a browser that came by a loopback alias to the console's own name, which its cookies and links belong to. */
export async function toOwnName(): Promise<Response> {
  const path = (await headers()).get(pathHeader) ?? '/'
  const { config } = await runtime()
  return new Response(null, { status: 308, headers: { location: config.baseUrl.origin + path } })
}
