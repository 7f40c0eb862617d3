import { sql } from 'drizzle-orm'
import type { CodeRequestState } from '@/lib/db'

/** A call has begun and its answer is not known yet. */
export const inFlightStates = ['sending', 'applying', 'trying'] as const satisfies CodeRequestState[]

/** A code that waits to be used. */
export const waitingStates = ['sent', 'unknown'] as const satisfies CodeRequestState[]

export const openStates = [
  ...inFlightStates,
  ...waitingStates,
  'apply_unknown',
] as const satisfies CodeRequestState[]

/** A send in one of these takes the place of an older one; an act without a code only once it is `applied`. */
export const supersedingStates = [
  'sent',
  'unknown',
  'trying',
  'applying',
  'apply_unknown',
  'applied',
] as const satisfies CodeRequestState[]

/** As literals: a partial index is used only where the statement says so itself. */
export function among(states: readonly CodeRequestState[]) {
  return sql.raw(`(${states.map((state) => `'${state}'`).join(', ')})`)
}
