'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { call } from '@/lib/browser/call'
import type { InputOf, OutputOf } from '@/lib/contract/endpoints'
import type { RouteName } from '@/lib/contract/routes'
import { useFlowMemory } from './flow-memory'
import { endsSession } from './queries'

/** A check before an act: its answer is its own, but it may have used up a try of the code, or the code. */
export function useTrial<N extends RouteName>(name: N, key: readonly unknown[]) {
  const client = useQueryClient()
  const { ready } = useFlowMemory()
  return useMutation<OutputOf<N>, Error, InputOf<N>>({
    mutationKey: key,
    meta: { waitsFor: 'cloud' },
    async mutationFn(input) {
      await ready()
      return call(name, input)
    },
    onMutate: () => client.cancelQueries({ queryKey: key }),
    onSettled: (_, error) => (endsSession(error) ? undefined : client.invalidateQueries({ queryKey: key })),
  })
}
