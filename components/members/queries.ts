'use client'

import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { recoveryInterval } from '@/components/shell/use-recovery'
import { call } from '@/lib/browser/call'
import { queryKey } from '@/lib/browser/query-key'
import type { MemberFilter } from '@/lib/contract/member-filter'
import type * as contract from '@/lib/contract/members'

/** A page of the list. While the list is being read it is asked for again, at first every second, later less often. */
export function useMemberPage(filter: MemberFilter) {
  return useQuery({
    queryKey: queryKey('listMembers', filter),
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

/** @param list that is to be read again: a failure is told as long as no newer one is there */
export function useRefreshMembers({ readAt, sync, readError }: contract.MemberPage) {
  const listAgain = useListAgain()
  const { mutate, error, variables, data, reset, ...refresh } = useMutation({
    meta: { waitsFor: 'cloud' },
    mutationFn: (_before: string | null) => call('refreshMembers', {}),
    onSettled: listAgain,
  })
  const read = variables !== readAt
  // A refresh that ended without a newer list is over: what others start later is no matter of this tab's.
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

/** What is said aloud of a refresh from here: that it ended, however many others were begun since, or whose goes on. */
function newsOf(
  state: 'done' | 'started' | 'running',
  read: boolean,
): 'refreshed' | 'syncRunning' | 'syncStarted' {
  if (read) return 'refreshed'
  return state === 'running' ? 'syncRunning' : 'syncStarted'
}

export function useReadPhones() {
  const listAgain = useListAgain()
  return useMutation({
    meta: { waitsFor: 'cloud', asked: 'by the page' },
    mutationFn: (memberIds: string[]) => call('readPhones', { memberIds }),
    onSuccess: ({ read }) => (read > 0 ? listAgain() : undefined),
  })
}

/**
 * Reads the phone status of the members shown, where it was never read: once for each of them, so that what could not
 * be read does not keep the page asking.
 */
export function useReadShown(shown: contract.MemberRow[]) {
  const asked = useRef(new Set<string>())
  const reading = useReadPhones()
  const { mutate } = reading
  useEffect(() => {
    const wanted = shown.filter(({ id, phone }) => phone === 'unread' && !asked.current.has(id))
    if (wanted.length === 0) return
    for (const { id } of wanted) asked.current.add(id)
    mutate(wanted.map(({ id }) => id))
  }, [shown, mutate])
  return reading
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
