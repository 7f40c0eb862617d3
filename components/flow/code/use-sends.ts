'use client'

import { failureOf } from '@/lib/browser/call'
import type { ShownError } from '@/lib/contract/errors'
import type { Act } from '../flow'
import { arrivalOf, useCountdown } from '../frame/countdown'
import { useFlowFrame } from '../frame/flow-context'

export interface Sends<V> {
  /** Seconds until the next one: the pause that the flow tells, or one that a send was refused for. */
  wait: number
  isPending: boolean
  isIdle: boolean
  /** Of the last one; a pause that is over is none any more. */
  failure: ShownError | undefined
  /** The field of the code takes the focus when it comes, and nobody is told that somebody else sent it. */
  send(input: V, onError?: (error: Error) => void): void
}

/** The sends of a step. What shares a code with this flow may have a pause of its own: the refusal tells it. */
export function useSends<V>(act: Act<V>): Sends<V> {
  const { flow, asOf, memory, setRefusal } = useFlowFrame()
  const failure = failureOf(act.error)
  const pause = failure?.code === 'send.cooling_down' ? failure : null
  const known = useCountdown(flow.cooldownSeconds, asOf) ?? 0
  const told = useCountdown(pause && Number(pause.params?.seconds ?? 0), pause ? arrivalOf(pause) : asOf) ?? 0
  const wait = Math.max(0, known, told)
  return {
    wait,
    isPending: act.isPending,
    isIdle: act.isIdle,
    failure: pause && wait === 0 ? undefined : failure,
    send(input, onError) {
      memory.sending()
      setRefusal(null)
      act.mutate(input, {
        onError(error) {
          memory.notSent()
          // The step of the code that counts takes the place of the one that this was asked on.
          const body = failureOf(error)
          if (body?.code === 'send.other_first') setRefusal(body)
          onError?.(error)
        },
      })
    },
  }
}
