import 'server-only'
import { runtime } from '@/lib/runtime'
import { personasOf } from '@/lib/usecases/sign-in/personas'

/** Of a made-up sign-in what its button shows; its key stays on the server. */
interface SignInPersona {
  id: string
  accountName: string
  company: string
}

export interface SignInFacts {
  /** Made-up sign-ins of the sandbox; empty when the console talks to Alibaba Cloud. */
  personas: SignInPersona[]
  ended: boolean
  /** Path of ours to go to afterwards. */
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

/** Anything but a path of this console would let a link send people elsewhere after sign-in. */
export function ownPath(value: string | string[] | undefined): string {
  const text = typeof value === 'string' ? value : '/'
  const here = 'http://console.invalid'
  const url = text.startsWith('/') && URL.canParse(text, here) ? new URL(text, here) : undefined
  // Dots that lead up can leave two slashes in front, which a browser takes for the name of a host.
  return url?.origin === here && !url.pathname.startsWith('//') ? url.pathname + url.search : '/'
}
