'use client'

import { useEffect, useState } from 'react'

/** After this long a busy button alone no longer tells enough. */
const slowMs = 10_000

/** @param act what is under way, another value for each; null while nothing is */
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
