import type { InputOf, OutputOf } from '@/lib/contract/endpoints'
import type { ErrorBody, ErrorParams, PageErrorCode, ShownError } from '@/lib/contract/errors'
import { type RouteName, routes } from '@/lib/contract/routes'

/** An error from the console, or one for a call without a usable reply. */
export class ApiError extends Error {
  readonly body: ShownError

  constructor(body: ShownError) {
    super(body.code)
    this.name = 'ApiError'
    this.body = body
  }
}

/** The error of a query or mutation, for banners. An exception in the page itself becomes `internal`. */
export function failureOf(error: Error): ShownError
export function failureOf(error: Error | null | undefined): ShownError | undefined
export function failureOf(error: Error | null | undefined): ShownError | undefined {
  if (!error) return undefined
  return error instanceof ApiError ? error.body : { code: 'internal' }
}

/** Calls one of the console's routes. @throws ApiError */
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
  const body = await jsonOf(reply)
  if (reply.ok && !isErrorReply(body)) return body as OutputOf<N>
  throw isErrorReply(body) ? new ApiError(body.error) : failed('console.unrecognized_answer')
}

async function request(url: string, init: RequestInit): Promise<Response> {
  // Checked before sending: only then is it certain that nothing was sent. A console on this machine requires no network.
  if (!navigator.onLine && !isThisMachine(window.location.hostname)) throw failed('console.offline')
  try {
    return await fetch(url, init)
  } catch {
    throw failed('console.no_answer')
  }
}

function isThisMachine(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.')
}

/** The console's replies are JSON objects with a request ID. Those of a proxy or sign-in portal are not. */
async function jsonOf(reply: Response): Promise<object> {
  const body: unknown = reply.headers.has('x-request-id') ? await reply.json().catch(() => null) : null
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw failed('console.unrecognized_answer')
  return body
}

/** An error detected by the page itself. */
export function failed(code: PageErrorCode, params?: ErrorParams): ApiError {
  return new ApiError({ code, ...(params && { params }) })
}

/** Loads code that an operation requires before anything is sent. @throws ApiError */
export async function beforeAct<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load()
  } catch {
    if (!navigator.onLine) throw failed('console.offline')
    throw (await consoleAnswers())
      ? failed('console.part_missing', { sent: 'no' })
      : failed('console.unreachable')
  }
}

/** Whether the console responds, e.g. to tell missing files from a lost connection. */
export async function consoleAnswers(): Promise<boolean> {
  const reply = await fetch('/api/health').catch(() => null)
  return reply?.ok ?? false
}

function queryString(fields: Record<string, unknown>): string {
  const set = Object.entries(fields).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)]],
  )
  return set.length === 0 ? '' : `?${new URLSearchParams(set)}`
}

function isErrorReply(body: object): body is { error: ErrorBody } {
  if (!('error' in body)) return false
  const { error } = body
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
}
