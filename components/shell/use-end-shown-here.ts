'use client'

import { startTransition, useEffect, useRef } from 'react'
import { useViewer } from './me'

/**
 * For a page whose own act ends the session and which shows the outcome: while `shown` is true, from the press on, nobody
 * asks whether the session is over, and nobody leads to sign-in.
 */
export function useEndShownHere(shown: boolean): void {
  const { countEndNotices } = useViewer()
  const arriving = useRef(true)
  useEffect(() => {
    // A page that comes with it may have parts that are not taken over yet: an update at once would empty them meanwhile.
    const begin = arriving.current ? startTransition : atOnce
    arriving.current = false
    if (!shown) return
    begin(() => countEndNotices(1))
    return () => countEndNotices(-1)
  }, [shown, countEndNotices])
}

function atOnce(change: () => void): void {
  change()
}
