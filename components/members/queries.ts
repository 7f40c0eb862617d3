'use client'

import {
  keepPreviousData,
  useMutation,
  useMutationState,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query'
import { useLocale } from 'next-intl'
import { useCallback, useEffect, useRef, useState } from 'react'
import { recoveryInterval } from '@/components/shell/use-recovery'
import { call } from '@/lib/browser/call'
import { queryKey } from '@/lib/browser/query-key'
import type { MemberFilter } from '@/lib/contract/member-filter'
import type * as contract from '@/lib/contract/members'

/** A page of the list. During a sync it is polled, at first every second, later less often. */
export function useMemberPage(filter: MemberFilter) {
  // The server sorts names by the rules of the display language.
  const language = useLocale()
  return useQuery({
    queryKey: queryKey('listMembers', { ...filter, language }),
    queryFn: () => call('listMembers', filter),
    placeholderData: keepPreviousData,
    refetchInterval({ state }) {
      const { data, status, dataUpdateCount } = state
      if (!data || status === 'error') return recoveryInterval({ state })
      const waiting = data.sync || (data.readAt === null && !data.readError)
      return waiting ? Math.min(1000 + 250 * dataUpdateCount, 5000) : false
    },
  })
}

function useListAgain() {
  const client = useQueryClient()
  return () => client.invalidateQueries({ queryKey: queryKey('listMembers') })
}

/** @param list the list to refresh: a failure is shown until a newer list is there */
export function useRefreshMembers({ readAt, sync, readError }: contract.MemberPage) {
  const listAgain = useListAgain()
  const { mutate, error, variables, data, reset, ...refresh } = useMutation({
    meta: { waitsFor: 'cloud' },
    mutationFn: (_before: string | null) => call('refreshMembers', {}),
    onSettled: listAgain,
  })
  const read = variables !== readAt
  // A refresh that ended without a newer list is over: syncs that others start later are not this tab's.
  const failed = data !== undefined && sync === null && (readError !== null || !read)
  useEffect(() => {
    if (failed) reset()
  }, [failed, reset])
  return {
    ...refresh,
    refresh: () => mutate(readAt),
    error: read ? null : error,
    news: data === undefined || failed || readError ? null : newsOf(data.state, read),
  }
}

/**
 * The announcement about a refresh from this tab: that it is done, even if other syncs were started since, or
 * whose sync is still running.
 */
function newsOf(
  state: 'done' | 'started' | 'running',
  read: boolean,
): 'refreshed' | 'syncRunning' | 'syncStarted' {
  if (read) return 'refreshed'
  return state === 'running' ? 'syncRunning' : 'syncStarted'
}

/** The state of a phone status that has not been read: it is being read, or reading it failed. */
export type PhoneLoad = 'loading' | 'failed'

/** Delays before the first, second and third time that statuses that were left over are requested again. */
const pausesMs = [3000, 10_000, 30_000]

interface Leftover {
  times: number
  /** Reading it failed; otherwise its turn did not come, or no call could be made. */
  failed: boolean
}

const readPhonesKey = ['readPhones']

/**
 * Reads the phone statuses on screen that were never read: each of them once, and those left over a few more
 * times.
 * @param automatic false: only on request
 */
export function usePhoneLoads(shown: contract.MemberRow[], automatic: boolean) {
  const listAgain = useListAgain()
  const asked = useRef(new Set<string>())
  const [leftovers, setLeftovers] = useState<ReadonlyMap<string, Leftover>>(new Map())
  function leaveOver(memberIds: string[], left: string[], failed: string[]) {
    setLeftovers((before) => {
      const after = new Map(before)
      for (const id of memberIds) after.delete(id)
      for (const id of left)
        after.set(id, { times: (before.get(id)?.times ?? 0) + 1, failed: failed.includes(id) })
      return after
    })
  }
  const { mutate, error } = useMutation({
    mutationKey: readPhonesKey,
    meta: { waitsFor: 'cloud', asked: 'by the page' },
    mutationFn: (memberIds: string[]) => call('readPhones', { memberIds }),
    onSuccess({ read, failed, notAsked }, memberIds) {
      leaveOver(memberIds, [...failed, ...notAsked], failed)
      return read > 0 ? listAgain() : undefined
    },
    onError: (_error, memberIds) => leaveOver(memberIds, memberIds, []),
  })
  const pending = useMutationState({
    filters: { mutationKey: readPhonesKey, status: 'pending' },
    select: ({ state }) => state.variables as string[],
  })
  const underWay = new Set(pending.flat())
  const unread = shown.filter(({ phone }) => phone === 'unread').map(({ id }) => id)

  const ask = useCallback(
    (memberIds: string[]) => {
      for (const id of memberIds) asked.current.add(id)
      mutate(memberIds)
    },
    [mutate],
  )
  const fresh = automatic ? unread : []
  useEffect(() => {
    const wanted = fresh.filter((id) => !asked.current.has(id))
    if (wanted.length > 0) ask(wanted)
  })

  const waiting = unread.filter(
    (id) => !underWay.has(id) && (leftovers.get(id)?.times ?? 9) <= pausesMs.length,
  )
  const again = waiting.join(' ')
  const pause = Math.max(0, ...waiting.map((id) => pausesMs[(leftovers.get(id)?.times ?? 1) - 1] ?? 0))
  useEffect(() => {
    if (again === '') return
    const timer = setTimeout(() => ask(again.split(' ')), pause)
    return () => clearTimeout(timer)
  }, [again, pause, ask])

  return {
    error,
    ask,
    unread,
    loading: unread.filter((id) => underWay.has(id)),
    failed: unread.filter((id) => !underWay.has(id) && leftovers.get(id)?.failed),
    /** What was left over is requested again soon. */
    retrying: waiting.length > 0,
    /** What was left over is requested again only if the user asks for it. */
    stopped: waiting.length === 0 && unread.some((id) => !underWay.has(id) && leftovers.has(id)),
    of: (id: string): PhoneLoad | null =>
      underWay.has(id) ? 'loading' : leftovers.get(id)?.failed ? 'failed' : null,
  }
}

export function useMember(memberId: string) {
  return useQuery({
    queryKey: queryKey('getMember', { memberId }),
    queryFn: () => call('getMember', { memberId }),
  })
}

export function useRereadMember(memberId: string) {
  const client = useQueryClient()
  return useMutation({
    meta: { waitsFor: 'cloud' },
    mutationFn: () => call('rereadMember', { memberId }),
    onSuccess(member) {
      client.setQueryData(queryKey('getMember', { memberId }), member)
      return client.invalidateQueries({ queryKey: queryKey('listMembers') })
    },
  })
}
