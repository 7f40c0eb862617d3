'use client'

import { type Mutation, MutationCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { failureOf } from '@/lib/browser/call'
import { queryKey } from '@/lib/browser/query-key'
import { holdReload } from '@/lib/browser/reload-once'
import { isPressed } from './pressed'
import { recoveryInterval } from './use-recovery'

const unanswered = new Set(['console.no_answer', 'console.unrecognized_answer'])

/** A refusal is final: only a query that the console did not answer is retried, and never a change. */
function worthRetrying(failures: number, error: Error): boolean {
  return failures < 2 && unanswered.has(failureOf(error).code)
}

function createClient(): QueryClient {
  const underWay = new Map<Mutation<unknown, unknown, unknown>, () => void>()
  const client: QueryClient = new QueryClient({
    defaultOptions: {
      // Offline, a call fails at once: if it waited for the network, it would be made later, without another
      // click.
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
        // This affects every page: the surrounding frame must show it now, not at its next poll.
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
