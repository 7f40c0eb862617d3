import type { AttachFlow } from '@/lib/contract/networks'

/** The props of every step of this flow. */
export interface StepProps {
  flow: AttachFlow
  regionName: string
}

/** Who asks the owner of another account's CEN for the code. */
export interface Asker {
  accountId: string
  /** null if unknown. */
  company: string | null
}

/** Whose CEN the network is attached to. */
export type Whose = 'own' | 'crossAccount'

/** The fields of the form for another account's CEN. */
export interface CrossAccountValues {
  cenId: string
  ownerId: string
}
