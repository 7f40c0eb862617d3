'use client'

import { mutationOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import { createContext, type ReactNode, type RefObject, useContext, useReducer, useRef } from 'react'
import { call, failureOf } from '@/lib/browser/call'
import { queryKey } from '@/lib/browser/query-key'
import type { Me } from '@/lib/contract/session'
import type { Site } from '@/lib/contract/site'
import type { Theme } from '@/lib/i18n/locale'

interface Viewer {
  me: Me
  theme: Theme
  /** The site of this page: as rendered, or as changed here. */
  site: RefObject<Site>
  /** The session is over, as far as is known. */
  signedOut: boolean
  /** The page itself shows that the session has ended: see `useEndShownHere`. */
  endShownHere: boolean
  /** Counts the parts that show it: a new step may be mounted before the previous one is gone. */
  countEndNotices: (change: 1 | -1) => void
}

const ViewerContext = createContext<Viewer | null>(null)

/** @param me as rendered with the page; newer data, such as the organization's name, replaces it */
export function ViewerProvider({ me, theme, children }: { me: Me; theme: Theme; children: ReactNode }) {
  const [endNotices, countEndNotices] = useReducer((sum: number, change: 1 | -1) => sum + change, 0)
  const endShownHere = endNotices > 0
  const site = useRef(me.site)
  const { data, error } = useQuery({
    queryKey: queryKey('getMe', {}),
    queryFn: () => call('getMe', {}),
    initialData: me,
    staleTime: 60_000,
    enabled: !endShownHere,
  })
  const signedOut = failureOf(error)?.code.startsWith('signin.') ?? false
  return (
    <ViewerContext value={{ me: data, theme, site, signedOut, endShownHere, countEndNotices }}>
      {children}
    </ViewerContext>
  )
}

/** Who is signed in; inside the console frame only. */
export function useViewer(): Viewer {
  const viewer = useContext(ViewerContext)
  if (!viewer) throw new Error('useViewer outside of the console frame')
  return viewer
}

export const changeSiteKey = ['changeSite']

/** What a flow takes from the surrounding console: see `FlowHost`. */
export function useFlowHost() {
  const client = useQueryClient()
  const { endShownHere, site } = useViewer()
  return {
    endShownHere,
    /** Settles once everything on the page has been loaded again. */
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
