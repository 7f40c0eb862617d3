'use client'

import { useIsMutating, useMutation, useMutationState, useQuery, useQueryClient } from '@tanstack/react-query'
import { ApiError, call } from '@/lib/browser/call'
import { queryKey } from '@/lib/browser/query-key'
import type { InputOf } from '@/lib/contract/endpoints'
import type { ErrorBody } from '@/lib/contract/errors'
import type * as contract from '@/lib/contract/phone'

/** How soon the server is asked again: what is under way soon, a waiting code so that other operators' acts show. */
function pollMs(flow: contract.BindFlow | undefined): number | false {
  if (!flow || flow.step === 'done' || flow.step === 'blocked') return false
  const state = flow.request?.state
  return state === 'sending' || state === 'applying' ? 1500 : 5000
}

export function useBindFlow(memberId: string) {
  const key = queryKey('getBindFlow', { memberId })
  // An act of this tab brings the new state itself. Asked meanwhile, the server would tell of the act under way, and the
  // step that waits for its answer would give way with all that was typed there.
  const acting = useIsMutating({ mutationKey: key }) > 0
  // An act that was told so has shown it: asking on would only say it a second time.
  const sessionOver = useMutationState({
    filters: { mutationKey: key, status: 'error' },
    select: ({ state }) => endsSession(state.error),
  }).some(Boolean)
  return useQuery({
    queryKey: key,
    queryFn: () => call('getBindFlow', { memberId }),
    enabled: !sessionOver,
    refetchInterval: ({ state }) => !acting && pollMs(state.data),
    refetchOnWindowFocus: !acting,
    refetchOnReconnect: !acting,
  })
}

function endsSession(error: Error | null): boolean {
  return failureOf(error)?.body?.code.startsWith('signin.') ?? false
}

/** An act of the flow: its answer is the flow's new state; its failure may have changed the state, too. */
type Act = 'sendCode' | 'changeNumber' | 'bindPhone' | 'lookUpPhone'

function useAct<N extends Act>(name: N, memberId: string) {
  const client = useQueryClient()
  const key = queryKey('getBindFlow', { memberId })
  return useMutation<contract.BindFlow, Error, InputOf<N>>({
    mutationKey: key,
    mutationFn: (input) => call(name, input),
    onMutate: () => client.cancelQueries({ queryKey: key }),
    onSuccess: (flow) => {
      client.setQueryData(key, flow)
      void client.invalidateQueries({ queryKey: queryKey('listMembers') })
    },
    onError: (error) => (endsSession(error) ? undefined : client.invalidateQueries({ queryKey: key })),
  })
}

export const useSendCode = (memberId: string) => useAct('sendCode', memberId)
export const useChangeNumber = (memberId: string) => useAct('changeNumber', memberId)
export const useBindPhone = (memberId: string) => useAct('bindPhone', memberId)
export const useLookUpPhone = (memberId: string) => useAct('lookUpPhone', memberId)

/** Who else uses a number; asked only for a number that is complete. */
export function useNumberCheck(memberId: string, upstream: string | null) {
  return useQuery({
    queryKey: queryKey('checkNumber', { memberId, phone: upstream }),
    queryFn: () => call('checkNumber', { memberId, phone: upstream ?? '' }),
    enabled: upstream !== null,
    // A number must not stay in memory longer than the form that holds it.
    gcTime: 0,
  })
}

/** The failure of a mutation as the banner takes it; undefined while there is none. */
export function failureOf(error: Error | null): { body: ErrorBody | null } | undefined {
  if (!error) return undefined
  return { body: error instanceof ApiError ? error.body : null }
}
