'use client'

import { useRouter } from 'next/navigation'
import { useEffect } from 'react'
import { failureOf } from '@/lib/browser/call'
import type { ShownError } from '@/lib/contract/errors'

const recoveryMs = 3_000

/** What could not be read because the console's database was away is asked for until it is back. */
export function recoveryInterval({ state: { error } }: { state: { error: Error | null } }): number | false {
  return failureOf(error)?.code === 'storage.unavailable' && recoveryMs
}

/** For what stands in place of a page: asks for the page again until the console has its database back. */
export function useRecovery(error: ShownError): void {
  const { refresh } = useRouter()
  const waits = error.code === 'storage.unavailable'
  useEffect(() => {
    if (!waits) return
    const timer = setInterval(refresh, recoveryMs)
    return () => clearInterval(timer)
  }, [waits, refresh])
}
