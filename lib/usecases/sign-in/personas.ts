import { type Persona, personas } from '@/lib/sandbox'
import type { Services } from '../services'

/**
 * Who can sign in to the sandbox; nobody when the console talks to Alibaba Cloud. When the sandbox does not tell, those it
 * starts with: signing in as one of them then says what is wrong.
 */
export async function personasOf({ sandbox }: Pick<Services, 'sandbox'>): Promise<readonly Persona[]> {
  return sandbox ? sandbox.personas().catch(() => personas) : []
}
