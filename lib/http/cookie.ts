import { cookies } from 'next/headers'
import type { Config } from '@/lib/config'
import type { SessionCookie } from '@/lib/usecases/context'

/** On plain http the port is part of the name: cookies do not tell ports apart, consoles on one machine must. */
export function sessionCookieName(baseUrl: URL): string {
  if (baseUrl.protocol === 'https:') return '__Host-muster'
  return `muster-${baseUrl.port || '80'}`
}

export async function sessionCookie(config: Config): Promise<SessionCookie> {
  const jar = await cookies()
  const name = sessionCookieName(config.baseUrl)
  const options = {
    httpOnly: true,
    sameSite: 'lax',
    path: '/',
    secure: config.baseUrl.protocol === 'https:',
  } as const
  return {
    held: jar.get(name)?.value,
    set: (token, maxAgeSeconds) => jar.set(name, token, { ...options, maxAge: maxAgeSeconds }),
    clear: () => jar.set(name, '', { ...options, maxAge: 0 }),
  }
}
