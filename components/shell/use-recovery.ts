'use client'

import { useRouter } from 'next/navigation'
import { useEffect } from 'react'
import { failureOf } from '@/lib/browser/call'
import type { ShownError } from '@/lib/contract/errors'

const recoveryMs = 3_000

/** Queries that failed because the console's database was unavailable are repeated until it is back. */
export function recoveryInterval({ state: { error } }: { state: { error: Error | null } }): number | false {
  return failureOf(error)?.code === 'storage.unavailable' && recoveryMs
}

/** For a failure in place of a page: requests the page again until the console's database is back. */
export function useRecovery(error: ShownError): void {
  const { refresh } = useRouter()
  const waits = error.code === 'storage.unavailable'
  useEffect(() => {
    if (!waits) return
    const timer = setInterval(refresh, recoveryMs)
    return () => clearInterval(timer)
  }, [waits, refresh])
}
