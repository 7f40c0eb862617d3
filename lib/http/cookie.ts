import { cookies } from 'next/headers'
import type { Config } from '@/lib/config'
import type { Effect } from '@/lib/usecases/effect'

/** On plain HTTP the name contains the port: cookies ignore ports, but consoles on one machine must not share a session. */
export function sessionCookieName(baseUrl: URL): string {
  if (baseUrl.protocol === 'https:') return '__Host-muster'
  return `muster-${baseUrl.port || '80'}`
}

interface SessionCookie {
  /** The token sent by the browser, valid or not. */
  held: string | undefined
  keep(effect: Effect): void
}

export async function sessionCookie({ baseUrl }: Config): Promise<SessionCookie> {
  const jar = await cookies()
  const name = sessionCookieName(baseUrl)
  const options = {
    httpOnly: true,
    sameSite: 'lax',
    path: '/',
    secure: baseUrl.protocol === 'https:',
  } as const
  return {
    held: jar.get(name)?.value,
    keep(effect) {
      const { token, maxAgeSeconds } =
        effect.kind === 'startSession' ? effect : { token: '', maxAgeSeconds: 0 }
      jar.set(name, token, { ...options, maxAge: maxAgeSeconds })
    },
  }
}
