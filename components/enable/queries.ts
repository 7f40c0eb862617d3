'use client'

import { useMutationState, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useTrial } from '@/components/flow/act/use-trial'
import { endsSession, useAct, useFlow } from '@/components/flow/queries'
import { useViewer } from '@/components/shell/me'
import { queryKey } from '@/lib/browser/query-key'
import type { EnableFlow } from '@/lib/contract/enable'

const key = queryKey('getEnableFlow', {})

export const useEnableFlow = () => useFlow('getEnableFlow', {})

/** What an account may do here changes with its directory: the frame asks anew who is signed in. */
const useEnableAct = <
  N extends 'sendEnableCode' | 'discardEnableCode' | 'enableDirectory' | 'lookUpDirectory',
>(
  name: N,
) => useAct(name, key, 'getMe')

export const useSendCode = () => useEnableAct('sendEnableCode')
export const useDiscardCode = () => useEnableAct('discardEnableCode')
export const useEnable = () => useEnableAct('enableDirectory')
export const useLookUp = () => useEnableAct('lookUpDirectory')
export const useDryRun = () => useTrial('tryEnable', key)

/** Whether an act here was told that the session is over: its words stay on the page. */
export function useEndFound(): boolean {
  const ends = useMutationState({
    filters: { mutationKey: key },
    select: ({ state }) => endsSession(state.error as Error | null),
  })
  return ends.includes(true)
}

/**
 * A directory may be found by any look: the frame around the page, which names it, asks anew then. For the steps that
 * tell of one, since an update would empty the place of a step that is still coming along.
 */
export function useFrameThatKnows({ obstacle, directory }: EnableFlow): void {
  const client = useQueryClient()
  const { me } = useViewer()
  const unknown = obstacle === 'managing' && me.directory?.id !== directory?.directoryId
  useEffect(() => {
    if (unknown) void client.invalidateQueries({ queryKey: queryKey('getMe') })
  }, [unknown, client])
}
