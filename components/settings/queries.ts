'use client'

import { useMutation, useQuery } from '@tanstack/react-query'
import { call } from '@/lib/browser/call'
import { queryKey } from '@/lib/browser/query-key'

export function useSettings() {
  return useQuery({ queryKey: queryKey('getSettings', {}), queryFn: () => call('getSettings', {}) })
}

export function useSessions() {
  return useQuery({ queryKey: queryKey('listSessions', {}), queryFn: () => call('listSessions', {}) })
}

export function useSignOutEverywhere() {
  return useMutation({
    mutationFn: () => call('signOutEverywhere', {}),
    onSuccess: () => window.location.assign('/sign-in'),
  })
}
