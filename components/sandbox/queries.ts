'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useViewer } from '@/components/shell/me'
import { call, failureOf } from '@/lib/browser/call'
import { queryKey } from '@/lib/browser/query-key'
import type * as contract from '@/lib/contract/sandbox'

export function useSandbox() {
  return useQuery({
    queryKey: queryKey('getSandbox', {}),
    queryFn: () => call('getSandbox', {}),
    refetchInterval: 2000,
  })
}

/** On every page while the session lasts; a hidden tab does not poll it. */
export function useInbox() {
  const { endShownHere } = useViewer()
  return useQuery({
    queryKey: queryKey('getInbox', {}),
    queryFn: () => call('getInbox', {}),
    enabled: !endShownHere,
    refetchInterval: ({ state }) => (failureOf(state.error)?.code.startsWith('signin.') ? false : 2000),
    retry: false,
  })
}

export function useArmFault() {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: (input: contract.ArmFault) => call('armFault', input),
    onSuccess: refresh,
  })
}

export function useDisarmFault() {
  const refresh = useRefresh()
  return useMutation({ mutationFn: (id: string) => call('disarmFault', { id }), onSuccess: refresh })
}

export function useAdvanceClock() {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: (seconds: number) => call('advanceClock', { seconds }),
    onSuccess: refresh,
  })
}

/** Redirects to the sign-in page if the reset ended the operator's own session. */
export function useResetSandbox() {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: async () => {
      const { ended } = await call('resetSandbox', {})
      if (!ended) return refresh()
      window.location.assign('/sign-in?from=/sandbox')
    },
  })
}

/** Replaces the session and reloads the console, so that nothing of the previous session remains. */
export function useSignInAs() {
  return useMutation({
    mutationFn: async (persona: string) => {
      await call('signInAsPersona', { persona })
      window.location.assign('/')
    },
  })
}

/** Refreshes everything: changes to the sandbox's clock or members show on other pages, too. */
function useRefresh(): () => Promise<void> {
  const client = useQueryClient()
  return () => client.invalidateQueries()
}

/** The sandbox's time in milliseconds, in whole seconds, counted on from its last response. */
export function useSandboxTime(now: string): number {
  const [time, setTime] = useState(() => wholeSecond(Date.parse(now)))
  useEffect(() => {
    const ahead = Date.parse(now) - performance.now()
    const tick = () => setTime(wholeSecond(ahead + performance.now()))
    tick()
    const timer = setInterval(tick, 200)
    return () => clearInterval(timer)
  }, [now])
  return time
}

function wholeSecond(milliseconds: number): number {
  return Math.floor(milliseconds / 1000) * 1000
}
