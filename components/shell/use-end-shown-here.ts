'use client'

import { startTransition, useEffect, useRef } from 'react'
import { useViewer } from './me'

/**
 * For a page whose own operation ends the session and which shows the outcome: while `shown` is true, from
 * the click on, nothing polls the session and nothing redirects to sign-in.
 */
export function useEndShownHere(shown: boolean): void {
  const { countEndNotices } = useViewer()
  const arriving = useRef(true)
  useEffect(() => {
    // On arrival, parts of the page may not be hydrated yet: an immediate update would blank them meanwhile.
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
