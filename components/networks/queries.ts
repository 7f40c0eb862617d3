'use client'

import { useQuery } from '@tanstack/react-query'
import { useCheck } from '@/components/flow/act/use-check'
import type { FlowHost } from '@/components/flow/frame/flow-context'
import { useAct, useFlow, usualPollMs } from '@/components/flow/queries'
import { call } from '@/lib/browser/call'
import { queryKey } from '@/lib/browser/query-key'

/**
 * @param enabled false = only on request: the page was rendered with the reason why the list cannot be read
 */
export function useNetworks(region: string, enabled: boolean) {
  return useQuery({
    queryKey: queryKey('listNetworks', { region }),
    queryFn: () => call('listNetworks', { region }),
    enabled,
  })
}

/** The office network, as every call about it names it. */
export interface Place {
  region: string
  networkId: string
}

const flowOf = ({ region, networkId }: Place) =>
  ({ name: 'getAttachFlow', about: { region, networkId } }) as const

/** After ten minutes without an outcome, the flow is no longer polled: an operator checks it. */
export const useAttachFlow = (at: Place, host: FlowHost) =>
  useFlow(flowOf(at), host, (flow) => flow.step !== 'overdue' && usualPollMs(flow))

type AttachAct = 'sendCenCode' | 'discardCenRequest' | 'attachNetwork' | 'detachNetwork' | 'reconcileNetwork'

const useAttachAct = <N extends AttachAct>(name: N, at: Place) => useAct(name, flowOf(at), 'listNetworks')

export const useSendCenCode = (at: Place) => useAttachAct('sendCenCode', at)
export const useDiscardCenRequest = (at: Place) => useAttachAct('discardCenRequest', at)
export const useAttach = (at: Place) => useAttachAct('attachNetwork', at)
export const useDetach = (at: Place) => useAttachAct('detachNetwork', at)
export const useReconcileNetwork = (at: Place) => useAttachAct('reconcileNetwork', at)
export const useCheckCen = (at: Place) => useCheck('checkCen', flowOf(at))

/** The CENs of the signed-in account. */
export function useCens(region: string) {
  return useQuery({
    queryKey: queryKey('listCens', { region }),
    queryFn: () => call('listCens', { region }),
  })
}
