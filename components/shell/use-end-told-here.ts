'use client'

import { startTransition, useEffect, useRef } from 'react'
import { useViewer } from './me'

/**
 * For a page whose own act ends the session and which shows the outcome: while `told` is true, from the press on, nobody
 * asks whether the session is over, and nobody leads to sign-in.
 */
export function useEndToldHere(told: boolean): void {
  const { countTellers } = useViewer()
  const arriving = useRef(true)
  useEffect(() => {
    // A page that comes with it may have parts that are not taken over yet: an update at once would empty them meanwhile.
    const begin = arriving.current ? startTransition : atOnce
    arriving.current = false
    if (!told) return
    begin(() => countTellers(1))
    return () => countTellers(-1)
  }, [told, countTellers])
}

function atOnce(change: () => void): void {
  change()
}
