'use client'

import { useEffect, useState } from 'react'

/** After this long, a busy button alone does not say enough. */
const slowMs = 10_000

/** @param act what is in flight, a different value each time; null if nothing is */
export function useSlow(act: string | number | null): boolean {
  const [slow, setSlow] = useState(false)
  useEffect(() => {
    if (act === null) return
    const timer = setTimeout(() => setSlow(true), slowMs)
    return () => {
      clearTimeout(timer)
      setSlow(false)
    }
  }, [act])
  return act !== null && slow
}
