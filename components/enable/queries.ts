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

/** What an account may do here changes with its directory, so the frame reloads who is signed in. */
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
 * Whether a call of this page reported that the session is over, or may be ending it: its message stays on
 * the page. Becoming a member ends the session before the response arrives, and what a reconciliation finds
 * may have ended it.
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
 * Any read may find a directory; the frame around the page, which shows it, is then reloaded. Only for steps
 * that show a directory, since an update would blank a step that is still loading.
 * @param known the directory that the frame shows
 */
export function useRefreshViewer({ blockedReason, directory }: EnableFlow, known: string | undefined): void {
  const client = useQueryClient()
  const unknown = blockedReason === 'managing' && known !== directory?.directoryId
  useEffect(() => {
    if (unknown) void client.invalidateQueries({ queryKey: queryKey('getMe') })
  }, [unknown, client])
}
