'use client'

import { type Mutation, MutationCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { failureOf } from '@/lib/browser/call'
import { queryKey } from '@/lib/browser/query-key'
import { holdReload } from '@/lib/browser/reload-once'
import { isPressed } from './pressed'
import { recoveryInterval } from './use-recovery'

const unanswered = new Set(['console.no_answer', 'console.unrecognized_answer'])

/** Refused is refused: only a console that did not answer is asked again, and never for a change. */
function worthRetrying(failures: number, error: Error): boolean {
  return failures < 2 && unanswered.has(failureOf(error).code)
}

function createClient(): QueryClient {
  const underWay = new Map<Mutation<unknown, unknown, unknown>, () => void>()
  const client: QueryClient = new QueryClient({
    defaultOptions: {
      // Offline, a call fails at once: one that waited for the network would be made later, without another press.
      queries: {
        networkMode: 'always',
        refetchOnReconnect: true,
        staleTime: 15_000,
        retry: worthRetrying,
        refetchInterval: recoveryInterval,
      },
      mutations: { networkMode: 'always', retry: false },
    },
    mutationCache: new MutationCache({
      onMutate(_, mutation) {
        if (isPressed(mutation)) underWay.set(mutation, holdReload())
      },
      onSettled(_data, _error, _input, _progress, mutation) {
        underWay.get(mutation)?.()
        underWay.delete(mutation)
      },
      onError(error) {
        // It holds for every page: the frame around this one is to say so now, not when it asks next.
        if (failureOf(error).code === 'storage.full')
          void client.invalidateQueries({ queryKey: queryKey('getMe', {}) })
      },
    }),
  })
  return client
}

export function QueryProvider({ children }: { children: ReactNode }) {
  const [client] = useState(createClient)
  return <QueryClientProvider client={client}>{children}</QueryClientProvider>
}
