'use client'

import { useMutation, useMutationState, useQuery, useQueryClient } from '@tanstack/react-query'
import { call, failureOf } from '@/lib/browser/call'
import { queryKey } from '@/lib/browser/query-key'
import type { InputOf, OutputOf } from '@/lib/contract/endpoints'
import type { RouteName } from '@/lib/contract/routes'
import { actOn, readUnlessActing } from './act-and-poll'
import type { AnyFlow } from './flow'
import { type FlowHost, useFlowFrame } from './frame/flow-context'

type FlowName = 'getBindFlow' | 'getEnableFlow' | 'getAttachFlow'

/** Which flow, and what it is about: all its acts name that, too. */
export interface FlowOf<N extends FlowName = FlowName, About extends InputOf<N> = InputOf<N>> {
  name: N
  about: About
}

/** What an act still has to be told. */
export type Rest<N extends RouteName, About> = Omit<InputOf<N>, keyof About>

const underWay = new Set(['sending', 'trying', 'applying'])

/** How soon the server is asked again: what is under way soon, a waiting code so that other operators' acts show. */
export function usualPollMs({ step, request }: AnyFlow): number | false {
  if (step === 'done' || step === 'blocked') return false
  return request && underWay.has(request.state) ? 1500 : 5000
}

export const keyOf = ({ name, about }: FlowOf) => queryKey(name, about)

/** The state of a flow, kept up with what others do. */
export function useFlow<N extends FlowName>(
  { name, about }: FlowOf<N>,
  { endShownHere }: FlowHost,
  pollMs: (flow: OutputOf<N>) => number | false = usualPollMs,
) {
  const client = useQueryClient()
  const key = queryKey(name, about)
  const errors = useMutationState({ filters: { mutationKey: key }, select: ({ state }) => state.error })
  // An act that was told so has shown it: asking on would only say it a second time.
  const sessionOver = endsSession(errors.at(-1) ?? null)
  return useQuery<OutputOf<N>>({
    queryKey: key,
    queryFn: () => readUnlessActing(client, key, () => call(name, about)),
    enabled: !sessionOver && !endShownHere,
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
 * @param invalidates what else shows its outcome
 */
export function useAct<N extends RouteName, F extends FlowOf>(name: N, flow: F, invalidates: RouteName) {
  const client = useQueryClient()
  const run = useRun(name, flow)
  return useMutation({
    ...actOn<Rest<N, F['about']>, OutputOf<N>>(client, keyOf(flow), {
      run,
      succeeded: () => void client.invalidateQueries({ queryKey: queryKey(invalidates) }),
      readsAgain: (error) => !endsSession(error),
    }),
    mutationKey: [...keyOf(flow), name],
  })
}

/** Calls a route with what the flow is about, once whatever step tells its outcome can be shown. */
export function useRun<N extends RouteName, F extends FlowOf>(name: N, { about }: F) {
  const { ready } = useFlowFrame()
  return async (rest: Rest<N, F['about']>): Promise<OutputOf<N>> => {
    await ready()
    // Both halves together are the input; that an `Omit` and what it left out make the whole is more than the compiler sees.
    return call(name, { ...about, ...rest } as InputOf<N>)
  }
}
