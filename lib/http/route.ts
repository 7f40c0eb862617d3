import { type NextRequest, NextResponse } from 'next/server'
import type * as z from 'zod/mini'
import type { Endpoint } from '@/lib/contract/endpoint'
import { AppError, type ErrorBody, errorStatus } from '@/lib/contract/errors'
import { runtime } from '@/lib/runtime'
import { underWay } from '@/lib/shutdown'
import { type Access, needsLog, type UseCase } from '@/lib/usecases/define'
import type { Effect } from '@/lib/usecases/effect'
import { asAppError, unsent } from '@/lib/usecases/storage'
import { nobody, operator } from './actor'
import { sessionCookie } from './cookie'
import { requestIdHeader } from './gate'
import { log } from './log'

const bodyLimitBytes = 64 * 1024

type Handler = (request: NextRequest, at: { params: Promise<Record<string, string>> }) => Promise<Response>

/**
 * Exposes a use case over HTTP: checks the request, authenticates the caller, parses the input, and writes the response or
 * the error. No other code of the console reads a request's body or writes an error, except proxy.ts for requests that reach
 * no route.
 * @param statusOf the HTTP status of a success
 */
export function route<E extends Endpoint, A extends Access>(
  useCase: UseCase<E, A>,
  statusOf: (output: z.output<E['output']>) => number = () => 200,
): Handler {
  return async (request, at) => {
    const requestId = request.headers.get(requestIdHeader) ?? ''
    try {
      const { endpoint } = useCase
      const changes = endpoint.method !== 'GET'
      if (changes) await requireSameOrigin(request)
      // Before the body is read: the body of an unauthorized request is not buffered.
      const actor =
        useCase.access === 'public'
          ? await nobody()
          : await operator(!endpoint.polling).catch((error: unknown) => {
              throw useCase.action === null ? error : unsent(error)
            })
      const raw = changes ? await bodyOf(request) : queryOf(request)
      const input = parseInput(endpoint, { ...raw, ...(await at.params) })
      // `access` decided which actor was created; the types of a generic use case cannot express that.
      const { output, effect } = await underWay((useCase as UseCase<E>).perform(actor as never, input))
      if (effect) await keep(effect)
      return reply(statusOf(output), output, requestId)
    } catch (error) {
      if (needsLog(error)) log.failure(requestId, error)
      if (useCase.access !== 'public' && endedUpstream(error)) await keep({ kind: 'endSession' })
      return failure(asAppError(await runtime(), error), requestId)
    }
  }
}

async function keep(effect: Effect): Promise<void> {
  const { config } = await runtime()
  const cookie = await sessionCookie(config)
  cookie.keep(effect)
}

/**
 * Whether the session ended with this request. If it had ended before, the cookie is kept: by now the browser may have the
 * cookie of a newer session, which would be lost.
 */
function endedUpstream(error: unknown): boolean {
  return error instanceof AppError && error.code === 'signin.ended' && error.upstream !== undefined
}

function queryOf(request: NextRequest): Record<string, unknown> {
  return Object.fromEntries(request.nextUrl.searchParams)
}

async function requireSameOrigin({ headers }: NextRequest): Promise<void> {
  const { config } = await runtime()
  const origin = headers.get('origin')
  // Browsers send it with every change; scripts do not, and some proxies remove it.
  if (origin === null) throw new AppError('origin.missing')
  if (origin !== config.baseUrl.origin) throw new AppError('origin.foreign')
  if (!/^application\/json\s*(;|$)/i.test(headers.get('content-type') ?? ''))
    throw new AppError('input.not_json')
}

async function bodyOf(request: NextRequest): Promise<Record<string, unknown>> {
  const text = await readLimited(request)
  try {
    const body: unknown = text === '' ? {} : JSON.parse(text, storable)
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) return { ...body }
  } catch {
    // Falls through: invalid JSON gets the same error as JSON that is not an object.
  }
  throw new AppError('input.invalid')
}

/** Refuses text that the database cannot store: with a NUL or an unpaired surrogate. */
function storable(key: string, value: unknown): unknown {
  for (const text of [key, value]) {
    if (typeof text === 'string' && (text.includes('\0') || /\p{Surrogate}/u.test(text)))
      throw new Error('text cannot be stored')
  }
  return value
}

/** Reads no more than the limit, whatever Content-Length claims. */
async function readLimited(request: NextRequest): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    for await (const chunk of request.body ?? []) {
      size += chunk.byteLength
      if (size > bodyLimitBytes)
        throw new AppError('input.too_large', { params: { limit: bodyLimitBytes / 1024 } })
      chunks.push(chunk)
    }
  } catch (error) {
    // A client that disconnected while sending is not a fault of the console.
    throw error instanceof AppError ? error : new AppError('input.invalid', {}, { cause: error })
  }
  return Buffer.concat(chunks).toString('utf8')
}

function parseInput<E extends Endpoint>(endpoint: E, raw: unknown): z.output<E['input']> {
  const parsed = endpoint.input.safeParse(raw)
  if (parsed.success) return parsed.data as z.output<E['input']>
  const fields: Record<string, string> = {}
  for (const issue of parsed.error.issues) fields[issue.path.join('.')] ??= issue.message
  throw new AppError('input.invalid', { fields })
}

function failure({ code, params, fields, upstream, closes }: AppError, requestId: string): Response {
  const error: ErrorBody = { code, params, fields, upstream, requestId, ...(closes && { closes }) }
  return reply(errorStatus[code], { error }, requestId)
}

function reply(status: number, body: unknown, requestId: string): Response {
  const response = NextResponse.json(body, { status })
  response.headers.set('cache-control', 'no-store')
  response.headers.set(requestIdHeader, requestId)
  return response
}
