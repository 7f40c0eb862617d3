import type * as z from 'zod/mini'
import type { Endpoint } from '@/lib/contract/endpoint'
import type { ErrorBody } from '@/lib/contract/errors'

/** A failure as the console's server described it; `cloud.unreachable`-like outages of the console itself have no code. */
export class ApiError extends Error {
  readonly body: ErrorBody | null

  /** @param body null when the console did not answer, or not in its own words */
  constructor(body: ErrorBody | null) {
    super(body?.code ?? 'no answer')
    this.name = 'ApiError'
    this.body = body
  }
}

/**
 * Calls one of the console's own routes. Method and path are all it needs of an endpoint: the first page names them
 * itself, so that it loads no schemas.
 * @throws ApiError
 */
export async function call<E extends Endpoint>(
  endpoint: E | Pick<E, 'method' | 'path'>,
  input: z.input<E['input']>,
): Promise<z.output<E['output']>> {
  const fields: Record<string, unknown> = { ...(input as object) }
  const path = endpoint.path.replace(/:(\w+)/g, (_, name: string) => {
    const value = String(fields[name])
    delete fields[name]
    return encodeURIComponent(value)
  })
  const isGet = endpoint.method === 'GET'
  const reply = await request(isGet ? `${path}${queryString(fields)}` : path, {
    method: endpoint.method,
    ...(isGet ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(fields) }),
  })
  const body: unknown = await reply.json().catch(() => null)
  if (reply.ok) return body as z.output<E['output']>
  throw new ApiError(isErrorReply(body) ? body.error : null)
}

async function request(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init)
  } catch {
    throw new ApiError(null)
  }
}

function queryString(fields: Record<string, unknown>): string {
  const set = Object.entries(fields).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)]],
  )
  return set.length === 0 ? '' : `?${new URLSearchParams(set)}`
}

function isErrorReply(body: unknown): body is { error: ErrorBody } {
  return typeof body === 'object' && body !== null && 'error' in body
}
