import { randomUUID } from 'node:crypto'
import { cookies, headers } from 'next/headers'
import { findSession, sessionLimits } from '@/lib/auth'
import { AppError } from '@/lib/contract/errors'
import { chooseLocale, localeCookie } from '@/lib/i18n/locale'
import { runtime } from '@/lib/runtime'
import { type Nobody, type Operator, operatorOf, type Reader } from '@/lib/usecases/actor'
import { addressHeader } from './address'
import { sessionCookie } from './cookie'
import { requestIdHeader } from './gate'
import { log } from './log'

/** The actor of a request that does not require a session. */
export async function nobody(): Promise<Nobody> {
  const reader = await readerOf()
  const head = await headers()
  const { held } = await sessionCookie(reader.services.config)
  const userAgent = (head.get('user-agent') ?? '').slice(0, 300)
  return { ...reader, kind: 'nobody', client: { address: reader.origin, userAgent, token: held } }
}

/**
 * The only authentication check. Every page, route and use case behind sign-in starts here.
 * @param extend false for polling, which must not keep a session alive
 * @throws AppError `signin.required` without a session cookie, `signin.ended` if its session has ended
 */
export async function operator(extend = true): Promise<Operator> {
  const reader = await readerOf()
  const { config, db, vault } = reader.services
  const { held } = await sessionCookie(config)
  if (!held) throw new AppError('signin.required')
  const session = await findSession(db, vault, held, sessionLimits(config), extend)
  if (!session) throw new AppError('signin.ended')
  return operatorOf(reader, session)
}

async function readerOf(): Promise<Reader> {
  // First, so that a build, which has no request, stops here without opening a database.
  const head = await headers()
  const [services, jar] = await Promise.all([runtime(), cookies()])
  const requestId = head.get(requestIdHeader) ?? randomUUID()
  return {
    services,
    requestId,
    origin: head.get(addressHeader) ?? 'unknown',
    language: chooseLocale(jar.get(localeCookie)?.value, head.get('accept-language') ?? ''),
    report: (error) => log.failure(requestId, error),
  }
}
