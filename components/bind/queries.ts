'use client'

import { useQuery } from '@tanstack/react-query'
import type { FlowHost } from '@/components/flow/frame/flow-context'
import { useAct, useFlow } from '@/components/flow/queries'
import { call } from '@/lib/browser/call'
import { queryKey } from '@/lib/browser/query-key'

type Act = 'sendCode' | 'discardCode' | 'bindPhone' | 'reconcilePhone'

const flowOf = (memberId: string) => ({ name: 'getBindFlow', about: { memberId } }) as const

export const useBindFlow = (memberId: string, host: FlowHost) => useFlow(flowOf(memberId), host)

const useBindAct = <N extends Act>(name: N, memberId: string) => useAct(name, flowOf(memberId), 'listMembers')

export const useSendCode = (memberId: string) => useBindAct('sendCode', memberId)
export const useDiscardCode = (memberId: string) => useBindAct('discardCode', memberId)
export const useBindPhone = (memberId: string) => useBindAct('bindPhone', memberId)
export const useReconcilePhone = (memberId: string) => useBindAct('reconcilePhone', memberId)

/** Which other members use a number; queried only once the number is complete. */
export function useNumberCheck(memberId: string, upstream: string | null) {
  return useQuery({
    queryKey: queryKey('checkNumber', { memberId, phone: upstream }),
    queryFn: () => call('checkNumber', { memberId, phone: upstream ?? '' }),
    enabled: upstream !== null,
    // A number must not stay in memory longer than the form that holds it.
    gcTime: 0,
  })
}
