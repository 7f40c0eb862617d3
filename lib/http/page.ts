import 'server-only'
import { QueryClient } from '@tanstack/react-query'
import { headers } from 'next/headers'
import { notFound, redirect, unstable_rethrow } from 'next/navigation'
import type * as z from 'zod/mini'
import { queryKey } from '@/lib/browser/query-key'
import type { Endpoint } from '@/lib/contract/endpoint'
import { AppError, type ErrorBody, type ErrorCode } from '@/lib/contract/errors'
import type { RouteName } from '@/lib/contract/routes'
import type { Context } from '@/lib/usecases/context'
import { type Access, needsLog, type UseCase } from '@/lib/usecases/define'
import { sessionContext } from './context'
import { pathHeader, requestIdHeader } from './gate'
import { log } from './log'

/** The caller of a page; without a session the browser goes to sign-in, and comes back afterwards. */
export async function pageContext(): Promise<Context> {
  try {
    return await sessionContext()
  } catch (error) {
    unstable_rethrow(error)
    if (!(error instanceof AppError)) throw logged((await headers()).get(requestIdHeader) ?? '', error)
    if (error.code === 'signin.required') redirect(await signInPath())
    if (error.code === 'signin.ended') redirect(await signInPath('ended=1&'))
    throw error
  }
}

/** What a page throws instead of a fault of ours: Next prints thrown errors with their messages, which can hold values. */
function logged(requestId: string, error: unknown): AppError {
  log.failure(requestId, error)
  return new AppError('internal')
}

async function signInPath(query = ''): Promise<string> {
  const from = (await headers()).get(pathHeader) ?? '/'
  return `/sign-in?${query}from=${encodeURIComponent(from)}`
}

export type Loaded<T> = { data: T; failure: null } | { data: null; failure: ErrorBody }

const missing = new Set<ErrorCode>(['page.not_found', 'member.not_found', 'network.not_found'])

/**
 * Runs a query for a page. A failure that words explain is handed to the screen, so that it can show them in place;
 * what does not exist is the not-found page.
 */
export async function load<E extends Endpoint, A extends Exclude<Access, 'public'>>(
  ctx: Context,
  useCase: UseCase<E, A>,
  input: z.output<E['input']>,
): Promise<Loaded<z.output<E['output']>>> {
  try {
    const data = (await (useCase as UseCase).run(ctx as never, input)) as z.output<E['output']>
    return { data, failure: null }
  } catch (error) {
    if (!(error instanceof AppError)) throw logged(ctx.requestId, error)
    if (needsLog(error)) log.failure(ctx.requestId, error)
    if (missing.has(error.code)) notFound()
    if (error.code === 'signin.ended') redirect(await signInPath('ended=1&'))
    const { code, params, fields, upstream } = error
    return { data: null, failure: { code, params, fields, upstream, requestId: ctx.requestId } }
  }
}

/** A query client that already holds what the page's first queries would fetch. */
export function prefilled(...entries: { name: RouteName; input: unknown; data: unknown }[]): QueryClient {
  const client = new QueryClient()
  for (const { name, input, data } of entries) client.setQueryData(queryKey(name, input), data)
  return client
}
