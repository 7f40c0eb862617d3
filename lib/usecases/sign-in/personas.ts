import { type Persona, personas } from '@/lib/sandbox'
import type { Services } from '../services'

/**
 * The test users who can sign in to the sandbox; empty if the console talks to Alibaba Cloud. If the sandbox does not
 * respond, returns its initial ones: signing in as one of them then shows what is wrong.
 */
export async function personasOf({ sandbox }: Pick<Services, 'sandbox'>): Promise<readonly Persona[]> {
  return sandbox ? sandbox.personas().catch(() => personas) : []
}
