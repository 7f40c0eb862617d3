'use client'

import { useAct, useFlow } from '@/components/flow/queries'
import { useTrial } from '@/components/flow/use-trial'
import { queryKey } from '@/lib/browser/query-key'

const key = queryKey('getEnableFlow', {})

export const useEnableFlow = () => useFlow('getEnableFlow', {})

/** What an account may do here changes with its directory: the frame asks anew who is signed in. */
const useEnableAct = <
  N extends 'sendEnableCode' | 'changeEnableRequest' | 'enableDirectory' | 'lookUpDirectory',
>(
  name: N,
) => useAct(name, key, 'getMe')

export const useSendCode = () => useEnableAct('sendEnableCode')
export const useChangeRequest = () => useEnableAct('changeEnableRequest')
export const useEnable = () => useEnableAct('enableDirectory')
export const useLookUp = () => useEnableAct('lookUpDirectory')
export const useDryRun = () => useTrial('tryEnable', key)
