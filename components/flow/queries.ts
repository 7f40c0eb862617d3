'use client'

import { useMutation, useMutationState, useQuery, useQueryClient } from '@tanstack/react-query'
import { useViewer } from '@/components/shell/me'
import { call, failureOf } from '@/lib/browser/call'
import { queryKey } from '@/lib/browser/query-key'
import type { InputOf, OutputOf } from '@/lib/contract/endpoints'
import type { RouteName } from '@/lib/contract/routes'
import { actOn, readUnlessActing } from './act-and-poll'
import type { AnyFlow } from './flow'
import { useFlowMemory } from './frame/flow-context'

type FlowName = 'getBindFlow' | 'getEnableFlow' | 'getAttachFlow'

const underWay = new Set(['sending', 'trying', 'applying'])

/** How soon the server is asked again: what is under way soon, a waiting code so that other operators' acts show. */
export function usualPollMs({ step, request }: AnyFlow): number | false {
  if (step === 'done' || step === 'blocked') return false
  return request && underWay.has(request.state) ? 1500 : 5000
}

/** The state of a flow, kept up with what others do. Its query key, `queryKey(name, input)`, is what its acts go by. */
export function useFlow<N extends FlowName>(
  name: N,
  input: InputOf<N>,
  pollMs: (flow: OutputOf<N>) => number | false = usualPollMs,
) {
  const client = useQueryClient()
  const key = queryKey(name, input)
  const { endToldHere } = useViewer()
  const errors = useMutationState({ filters: { mutationKey: key }, select: ({ state }) => state.error })
  // An act that was told so has shown it: asking on would only say it a second time.
  const sessionOver = endsSession(errors.at(-1) ?? null)
  return useQuery<OutputOf<N>>({
    queryKey: key,
    queryFn: () => readUnlessActing(client, key, () => call(name, input)),
    enabled: !sessionOver && !endToldHere,
    refetchInterval: ({ state }) => state.data !== undefined && pollMs(state.data),
  })
}

/** Also where an act was the first to find that the account belongs to another directory: nobody of it works here any more. */
export function endsSession(error: Error | null): boolean {
  const code = failureOf(error)?.code
  return code === 'directory.member_elsewhere' || (code?.startsWith('signin.') ?? false)
}

/**
 * An act of a flow, see `actOn`.
 * @param key of the flow
 * @param stale what else shows its outcome
 */
export function useAct<N extends RouteName>(name: N, key: readonly unknown[], stale: RouteName) {
  const client = useQueryClient()
  const { ready } = useFlowMemory()
  return useMutation(
    actOn<InputOf<N>, OutputOf<N>>(client, key, {
      async run(input) {
        await ready()
        return call(name, input)
      },
      succeeded: () => void client.invalidateQueries({ queryKey: queryKey(stale) }),
      readsAgain: (error) => !endsSession(error),
    }),
  )
}
