import 'server-only'
import { runtime } from '@/lib/runtime'
import { personasOf } from '@/lib/usecases/sign-in/personas'

/** What the button of a test user shows; the key stays on the server. */
interface SignInPersona {
  id: string
  accountName: string
  company: string
}

export interface SignInFacts {
  /** Test users of the sandbox; empty if the console is connected to Alibaba Cloud. */
  personas: SignInPersona[]
  ended: boolean
  /** Path of this console to open after sign-in. */
  from: string
}

export async function signInFacts(
  query: Record<string, string | string[] | undefined>,
): Promise<SignInFacts> {
  const personas = await personasOf(await runtime())
  return {
    personas: personas.map(({ id, accountName, company }) => ({ id, accountName, company })),
    ended: query.ended === '1',
    from: ownPath(query.from),
  }
}

/** The path if it belongs to this console, else `/`: a link could redirect people elsewhere after sign-in (open redirect). */
export function ownPath(value: string | string[] | undefined): string {
  const text = typeof value === 'string' ? value : '/'
  const here = 'http://console.invalid'
  const url = text.startsWith('/') && URL.canParse(text, here) ? new URL(text, here) : undefined
  // Resolving `..` can leave two leading slashes, after which a browser expects a host name.
  return url?.origin === here && !url.pathname.startsWith('//') ? url.pathname + url.search : '/'
}
