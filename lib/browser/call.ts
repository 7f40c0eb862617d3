import type { InputOf, OutputOf } from '@/lib/contract/endpoints'
import type { ErrorBody } from '@/lib/contract/errors'
import { type RouteName, routes } from '@/lib/contract/routes'

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

/** Calls one of the console's own routes. @throws ApiError */
export async function call<N extends RouteName>(name: N, input: InputOf<N>): Promise<OutputOf<N>> {
  const route = routes[name]
  const fields: Record<string, unknown> = { ...(input as object) }
  const path = route.path.replace(/:(\w+)/g, (_, field: string) => {
    const value = String(fields[field])
    delete fields[field]
    return encodeURIComponent(value)
  })
  const isGet = route.method === 'GET'
  const reply = await request(isGet ? `${path}${queryString(fields)}` : path, {
    method: route.method,
    ...(isGet ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(fields) }),
  })
  const body: unknown = await reply.json().catch(() => null)
  if (reply.ok) return body as OutputOf<N>
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
