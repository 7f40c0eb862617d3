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

/** The flow and what it is about, which all its operations name, too. */
export interface FlowOf<N extends FlowName = FlowName, About extends InputOf<N> = InputOf<N>> {
  name: N
  about: About
}

/** The input of an operation besides what the flow is about. */
export type Rest<N extends RouteName, About> = Omit<InputOf<N>, keyof About>

const underWay = new Set(['sending', 'trying', 'applying'])

/**
 * The polling interval: short while a call is in flight, longer for an open code, so that other operators'
 * changes show.
 */
export function usualPollMs({ step, request }: AnyFlow): number | false {
  if (step === 'done' || step === 'blocked') return false
  return request && underWay.has(request.state) ? 1500 : 5000
}

export const keyOf = ({ name, about }: FlowOf) => queryKey(name, about)

/** The state of a flow, kept up to date with what others do. */
export function useFlow<N extends FlowName>(
  { name, about }: FlowOf<N>,
  { endShownHere }: FlowHost,
  pollMs: (flow: OutputOf<N>) => number | false = usualPollMs,
) {
  const client = useQueryClient()
  const key = queryKey(name, about)
  const errors = useMutationState({ filters: { mutationKey: key }, select: ({ state }) => state.error })
  // The operation that got this error already shows it; polling on would only repeat it.
  const sessionOver = endsSession(errors.at(-1) ?? null)
  return useQuery<OutputOf<N>>({
    queryKey: key,
    queryFn: () => readUnlessActing(client, key, () => call(name, about)),
    enabled: !sessionOver && !endShownHere,
    refetchInterval: ({ state }) => state.data !== undefined && pollMs(state.data),
  })
}

/**
 * Whether an error means that the session is over. Finding that the account belongs to another account's
 * directory does, too: its users can no longer use this console.
 */
export function endsSession(error: Error | null): boolean {
  const code = failureOf(error)?.code
  return code === 'directory.member_elsewhere' || (code?.startsWith('signin.') ?? false)
}

/**
 * An operation of a flow, see `actOn`.
 * @param invalidates the other query that shows its outcome
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

/** Calls a route with what the flow is about, once every step that may show its outcome is loaded. */
export function useRun<N extends RouteName, F extends FlowOf>(name: N, { about }: F) {
  const { ready } = useFlowFrame()
  return async (rest: Rest<N, F['about']>): Promise<OutputOf<N>> => {
    await ready()
    // Both halves together are the input; the compiler cannot see that an `Omit` and the omitted keys make up
    // the whole.
    return call(name, { ...about, ...rest } as InputOf<N>)
  }
}
