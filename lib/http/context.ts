import { randomUUID } from 'node:crypto'
import { cookies, headers } from 'next/headers'
import { findSession, sessionLimits } from '@/lib/auth'
import { AppError } from '@/lib/contract/errors'
import { chooseLocale, localeCookie } from '@/lib/i18n/locale'
import { runtime } from '@/lib/runtime'
import { type Context, operatorContext, type PublicContext } from '@/lib/usecases/context'
import { addressHeader } from './address'
import { sessionCookie } from './cookie'
import { requestIdHeader } from './gate'
import { log } from './log'

export async function publicContext(): Promise<PublicContext> {
  // First, so that a build, which has no request, stops here and opens no database.
  const head = await headers()
  const [services, jar] = await Promise.all([runtime(), cookies()])
  const requestId = head.get(requestIdHeader) ?? randomUUID()
  return {
    services,
    requestId,
    address: head.get(addressHeader) ?? 'unknown',
    language: chooseLocale(jar.get(localeCookie)?.value, head.get('accept-language') ?? ''),
    userAgent: (head.get('user-agent') ?? '').slice(0, 300),
    cookie: await sessionCookie(services.config),
    report: (error) => log.failure(requestId, error),
  }
}

/**
 * The one check of who is calling. Every page, route and use case behind sign-in starts here.
 * @param extend false for polling, which must not keep a session alive
 * @throws AppError `signin.required` without a session, `signin.ended` with a cookie whose session is over
 */
export async function sessionContext(extend = true): Promise<Context> {
  const base = await publicContext()
  const { config, db, vault } = base.services
  const token = base.cookie.held
  if (!token) throw new AppError('signin.required')
  const session = await findSession(db, vault, token, sessionLimits(config), extend)
  if (!session) throw new AppError('signin.ended')
  return operatorContext(base, session)
}
