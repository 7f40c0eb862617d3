'use client'

import { useEffect } from 'react'
import { useViewer } from './me'

/**
 * For a page whose own act ends the session and which shows the outcome: while `told` is true, from the press on, nobody
 * asks whether the session is over, and nobody leads to sign-in.
 */
export function useEndToldHere(told: boolean): void {
  const { countTellers } = useViewer()
  useEffect(() => {
    if (!told) return
    countTellers(1)
    return () => countTellers(-1)
  }, [told, countTellers])
}
