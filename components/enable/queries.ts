'use client'

import { useIsMutating, useMutationState, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useCheck } from '@/components/flow/act/use-check'
import type { FlowHost } from '@/components/flow/frame/flow-context'
import { endsSession, keyOf, useAct, useFlow } from '@/components/flow/queries'
import { queryKey } from '@/lib/browser/query-key'
import type { EnableFlow } from '@/lib/contract/enable'
import type { EnableMode } from '@/lib/contract/enable-mode'

const flow = { name: 'getEnableFlow', about: {} } as const
const key = keyOf(flow)

export const useEnableFlow = (host: FlowHost) => useFlow(flow, host)

/** What an account may do here changes with its directory: the frame asks anew who is signed in. */
const useEnableAct = <
  N extends 'sendEnableCode' | 'discardEnableCode' | 'enableDirectory' | 'reconcileDirectory',
>(
  name: N,
) => useAct(name, flow, 'getMe')

export const useSendCode = () => useEnableAct('sendEnableCode')
export const useDiscardCode = () => useEnableAct('discardEnableCode')
export const useEnable = () => useEnableAct('enableDirectory')
export const useReconcile = () => useEnableAct('reconcileDirectory')
export const useDryRun = () => useCheck('tryEnable', flow)

/**
 * Whether an act here was told that the session is over: its words stay on the page. Becoming a member ends the session
 * before the answer is here, and what a look-up finds may have ended it.
 */
export function useSessionEnds(mode: EnableMode): boolean {
  const ended = useMutationState({
    filters: { mutationKey: key },
    select: ({ state }) => endsSession(state.error as Error | null),
  })
  const enabling = useIsMutating({ mutationKey: [...key, 'enableDirectory'] })
  const reconciling = useIsMutating({ mutationKey: [...key, 'reconcileDirectory'] })
  return ended.includes(true) || (mode === 'new' && enabling + reconciling > 0)
}

/**
 * A directory may be found by any look: the frame around the page, which names it, asks anew then. For the steps that
 * tell of one, since an update would empty the place of a step that is still coming along.
 * @param known the directory that the frame names
 */
export function useRefreshViewer({ blockedReason, directory }: EnableFlow, known: string | undefined): void {
  const client = useQueryClient()
  const unknown = blockedReason === 'managing' && known !== directory?.directoryId
  useEffect(() => {
    if (unknown) void client.invalidateQueries({ queryKey: queryKey('getMe') })
  }, [unknown, client])
}
