'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { call } from '@/lib/browser/call'
import type { InputOf, OutputOf } from '@/lib/contract/endpoints'
import type { RouteName } from '@/lib/contract/routes'
import { trialOn } from '../act-and-poll'
import { useFlowMemory } from '../frame/flow-context'
import { endsSession } from '../queries'

/** A check before an act, see `trialOn`. @param key of the flow */
export function useTrial<N extends RouteName>(name: N, key: readonly unknown[]) {
  const client = useQueryClient()
  const { ready } = useFlowMemory()
  return useMutation(
    trialOn<InputOf<N>, OutputOf<N>>(client, key, {
      async run(input) {
        await ready()
        return call(name, input)
      },
      readsAgain: (error) => !endsSession(error),
    }),
  )
}
