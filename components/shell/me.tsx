'use client'

import { createContext, type ReactNode, useContext } from 'react'
import type { Me } from '@/lib/contract/session'
import type { Theme } from '@/lib/i18n/locale'

interface Viewer {
  me: Me
  theme: Theme
}

const ViewerContext = createContext<Viewer | null>(null)

export function ViewerProvider({ me, theme, children }: Viewer & { children: ReactNode }) {
  return <ViewerContext value={{ me, theme }}>{children}</ViewerContext>
}

/** Who is signed in; inside the console frame only. */
export function useViewer(): Viewer {
  const viewer = useContext(ViewerContext)
  if (!viewer) throw new Error('useViewer outside of the console frame')
  return viewer
}
