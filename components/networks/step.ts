import type { AttachFlow } from '@/lib/contract/networks'

/** What a step of this flow is drawn from. */
export interface StepProps {
  flow: AttachFlow
  asOf: number
  regionName: string
}

/** Whose CEN is joined. */
export type Whose = 'own' | 'foreign'

/** What the form for another account's CEN holds. */
export interface ForeignValues {
  cenId: string
  ownerId: string
}
