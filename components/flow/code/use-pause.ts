'use client'

import { failureOf } from '@/lib/browser/call'
import type { Act, AnyFlow } from '../flow'
import { arrivalOf, useCountdown } from '../frame/countdown'

/**
 * The pause before the next send: the one the flow tells, or one that a send was refused for, since what shares a code with
 * this flow may have a pause of its own.
 * @returns `failure` of the send; a pause that is over is none any more
 */
export function usePause(flow: AnyFlow, asOf: number, { error }: Pick<Act<never>, 'error'>) {
  const failure = failureOf(error)
  const pause = failure?.code === 'send.cooling_down' ? failure : null
  const known = useCountdown(flow.cooldownSeconds, asOf) ?? 0
  const told = useCountdown(pause && Number(pause.params?.seconds ?? 0), pause ? arrivalOf(pause) : asOf) ?? 0
  const wait = Math.max(0, known, told)
  return { wait, failure: pause && wait === 0 ? undefined : failure }
}
