'use client'

import { mutationOptions, useQueryClient } from '@tanstack/react-query'
import { call } from '@/lib/browser/call'
import { queryKey } from '@/lib/browser/query-key'
import type { Site } from '@/lib/contract/site'
import { changeSiteKey, useViewer } from './me'

/** What a flow takes from the console around it: see `FlowHost`. */
export function useFlowHost() {
  const client = useQueryClient()
  const { endToldHere, site } = useViewer()
  return {
    endToldHere,
    /** Over once everything on the page was asked for anew. */
    changeSite: mutationOptions({
      mutationKey: changeSiteKey,
      meta: { waitsFor: 'console' },
      mutationFn: (other: Site) => call('changeSite', { site: other }),
      onSuccess(me) {
        site.current = me.site
        client.setQueryData(queryKey('getMe', {}), me)
        return client.invalidateQueries()
      },
    }),
  }
}
