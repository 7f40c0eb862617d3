'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { OutputOf } from '@/lib/contract/endpoints'
import type { RouteName } from '@/lib/contract/routes'
import { checkOn } from '../act-and-poll'
import { endsSession, type FlowOf, keyOf, type Rest, useRun } from '../queries'

/** A check before an operation, see `checkOn`. */
export function useCheck<N extends RouteName, F extends FlowOf>(name: N, flow: F) {
  const client = useQueryClient()
  const run = useRun(name, flow)
  return useMutation(
    checkOn<Rest<N, F['about']>, OutputOf<N>>(client, keyOf(flow), {
      run,
      readsAgain: (error) => !endsSession(error),
    }),
  )
}
