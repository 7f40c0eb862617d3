import type { AttachFlow } from '@/lib/contract/networks'

/** What a step of this flow is drawn from. */
export interface StepProps {
  flow: AttachFlow
  regionName: string
}

/** Who asks the owner of another account's CEN for the code. */
export interface Asker {
  accountId: string
  /** null where it is not known. */
  company: string | null
}

/** Whose CEN is joined. */
export type Whose = 'own' | 'crossAccount'

/** What the form for another account's CEN holds. */
export interface CrossAccountValues {
  cenId: string
  ownerId: string
}
