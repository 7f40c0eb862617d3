import 'server-only'
import { QueryClient } from '@tanstack/react-query'
import { headers } from 'next/headers'
import { notFound, redirect, unstable_rethrow } from 'next/navigation'
import type * as z from 'zod/mini'
import { queryKey } from '@/lib/browser/query-key'
import type { Endpoint } from '@/lib/contract/endpoint'
import { AppError, type ErrorBody, type ErrorCode, errorStatus } from '@/lib/contract/errors'
import type { RouteName } from '@/lib/contract/routes'
import type { Operator } from '@/lib/usecases/actor'
import { type Access, needsLog, type UseCase } from '@/lib/usecases/define'
import { appErrorOf } from '@/lib/usecases/failure'
import { asAppError } from '@/lib/usecases/storage'
import { operator } from './actor'
import { insteadOf500 } from './answer'
import { pathHeader, requestIdHeader } from './gate'
import { log } from './log'

/** The caller of a page; without a session, redirects to sign-in, which leads back to the page. */
export async function pageActor(): Promise<Operator> {
  try {
    return await operator()
  } catch (error) {
    unstable_rethrow(error)
    if (!(error instanceof AppError)) {
      log.failure((await headers()).get(requestIdHeader) ?? '', error)
      throw thrownFor(appErrorOf(error))
    }
    if (error.code === 'signin.required') redirect(await signInPath())
    if (error.code === 'signin.ended') redirect(await signInPath('ended=1&'))
    throw error
  }
}

/**
 * The error a page throws instead of an internal one: Next prints thrown errors with their messages, which can contain
 * values. The browser gets only the digest, which shows it whether to wait and retry.
 */
function thrownFor({ code }: AppError): AppError {
  if (code !== 'storage.unavailable') return new AppError(code)
  insteadOf500(errorStatus[code])
  return Object.assign(new AppError(code), { digest: code })
}

async function signInPath(query = ''): Promise<string> {
  const from = (await headers()).get(pathHeader) ?? '/'
  return `/sign-in?${query}from=${encodeURIComponent(from)}`
}

export type Loaded<T> = { data: T; failure: null } | { data: null; failure: ErrorBody }

const missing = new Set<ErrorCode>(['page.not_found', 'member.not_found', 'network.not_found'])

/**
 * Runs a query for a page. A failure is returned, so that the page can show it in place, with three exceptions: a missing
 * resource leads to the not-found page, an ended session to sign-in, and an internal error is thrown.
 */
export async function load<E extends Endpoint, A extends Exclude<Access, 'public'>>(
  actor: Operator,
  useCase: UseCase<E, A>,
  input: z.output<E['input']>,
): Promise<Loaded<z.output<E['output']>>> {
  try {
    const data = (await (useCase as UseCase).run(actor as never, input)) as z.output<E['output']>
    return { data, failure: null }
  } catch (error) {
    if (needsLog(error)) log.failure(actor.requestId, error)
    const known = asAppError(actor.services, error)
    const { code, params, fields, upstream } = known
    if (code === 'internal') throw thrownFor(known)
    if (missing.has(code)) notFound()
    if (code === 'signin.ended') redirect(await signInPath('ended=1&'))
    return { data: null, failure: { code, params, fields, upstream, requestId: actor.requestId } }
  }
}

/** For the page title: null on failure, which the page itself shows. */
export async function named<T>(loading: Promise<Loaded<T>>): Promise<T | null> {
  try {
    return (await loading).data
  } catch (error) {
    unstable_rethrow(error)
    return null
  }
}

/** Like `load`, for data that the page cannot do without: a failure replaces the page. */
export async function required<E extends Endpoint, A extends Exclude<Access, 'public'>>(
  actor: Operator,
  useCase: UseCase<E, A>,
  input: z.output<E['input']>,
): Promise<z.output<E['output']>> {
  const { data, failure } = await load(actor, useCase, input)
  if (failure) throw thrownFor(new AppError(failure.code))
  return data as z.output<E['output']>
}

/** A query client that already contains what the page's first queries would fetch. */
export function prefilled(...entries: { name: RouteName; input: unknown; data: unknown }[]): QueryClient {
  const client = new QueryClient()
  for (const { name, input, data } of entries) client.setQueryData(queryKey(name, input), data)
  return client
}
