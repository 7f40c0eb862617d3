import type { Endpoint } from '@/lib/contract/endpoint'

/** `['/api/members', input]`: the same on the server, which fills the first page, and in the browser. */
export function queryKey(endpoint: Endpoint, input: unknown): readonly unknown[] {
  return [endpoint.path, input]
}
