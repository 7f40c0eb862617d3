'use client'

import { MutationCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { ApiError } from '@/lib/browser/call'
import { queryKey } from '@/lib/browser/query-key'
import { recoveryInterval } from './use-recovery'

/** Refused is refused: only a console that did not answer is asked again, and never for a change. */
function worthRetrying(failures: number, error: Error): boolean {
  return failures < 2 && error instanceof ApiError && error.body === null
}

function createClient(): QueryClient {
  const client: QueryClient = new QueryClient({
    defaultOptions: {
      queries: { staleTime: 15_000, retry: worthRetrying, refetchInterval: recoveryInterval },
      mutations: { retry: false },
    },
    mutationCache: new MutationCache({
      onError(error) {
        // It holds for every page: the frame around this one is to say so now, not when it asks next.
        if (error instanceof ApiError && error.body?.code === 'storage.full')
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
