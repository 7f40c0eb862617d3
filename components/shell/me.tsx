'use client'

import { useQuery } from '@tanstack/react-query'
import { createContext, type ReactNode, useContext } from 'react'
import { call } from '@/lib/browser/call'
import { queryKey } from '@/lib/browser/query-key'
import type { Me } from '@/lib/contract/session'
import type { Theme } from '@/lib/i18n/locale'

interface Viewer {
  me: Me
  theme: Theme
}

const ViewerContext = createContext<Viewer | null>(null)

/** @param me as the page came with it; what is learnt later, such as the organisation's name, takes its place */
export function ViewerProvider({ me, theme, children }: Viewer & { children: ReactNode }) {
  const { data } = useQuery({
    queryKey: queryKey('getMe', {}),
    queryFn: () => call('getMe', {}),
    initialData: me,
    staleTime: 60_000,
  })
  return <ViewerContext value={{ me: data, theme }}>{children}</ViewerContext>
}

/** Who is signed in; inside the console frame only. */
export function useViewer(): Viewer {
  const viewer = useContext(ViewerContext)
  if (!viewer) throw new Error('useViewer outside of the console frame')
  return viewer
}
