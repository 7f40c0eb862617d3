import { sql } from 'drizzle-orm'
import type { CodeRequestState } from '@/lib/db'

/** A call has been started and its answer is not known yet. */
export const inFlightStates = ['sending', 'applying', 'trying'] as const satisfies CodeRequestState[]

/** A code is waiting to be used. */
export const waitingStates = ['sent', 'unknown'] as const satisfies CodeRequestState[]

export const openStates = [
  ...inFlightStates,
  ...waitingStates,
  'apply_unknown',
] as const satisfies CodeRequestState[]

/**
 * A send in one of these states supersedes older ones; an operation without a code only once it is `applied`.
 */
export const supersedingStates = [
  'sent',
  'unknown',
  'trying',
  'applying',
  'apply_unknown',
  'applied',
] as const satisfies CodeRequestState[]

/** As literals: the planner uses a partial index only if the statement itself contains the condition. */
export function among(states: readonly CodeRequestState[]) {
  return sql.raw(`(${states.map((state) => `'${state}'`).join(', ')})`)
}
