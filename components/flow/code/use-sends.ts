'use client'

import { failureOf } from '@/lib/browser/call'
import type { ShownError } from '@/lib/contract/errors'
import type { Act } from '../flow'
import { arrivalOf, useCountdown } from '../frame/countdown'
import { useFlowFrame } from '../frame/flow-context'

export interface Sends<V> {
  /** Seconds until the next send: the cool-down of the flow, or one that a send was refused for. */
  wait: number
  isPending: boolean
  isIdle: boolean
  /** The failure of the last send, unless it was only a cool-down that is over by now. */
  failure: ShownError | undefined
  /** The code field takes the focus when it appears, and the send is not announced as another operator's. */
  send(input: V, onError?: (error: Error) => void): void
}

/**
 * The sends of a step. Another flow may share the code and have its own cool-down, which the refusal reports.
 */
export function useSends<V>(act: Act<V>): Sends<V> {
  const { flow, asOf, memory, setRefusal } = useFlowFrame()
  const failure = failureOf(act.error)
  const pause = failure?.code === 'send.cooling_down' ? failure : null
  const ofFlow = useCountdown(flow.cooldownSeconds, asOf) ?? 0
  const refusedFor =
    useCountdown(pause && Number(pause.params?.seconds ?? 0), pause ? arrivalOf(pause) : asOf) ?? 0
  const wait = Math.max(0, ofFlow, refusedFor)
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
          // The step of the open code replaces the step this was sent from.
          const body = failureOf(error)
          if (body?.code === 'send.other_first') setRefusal(body)
          onError?.(error)
        },
      })
    },
  }
}
