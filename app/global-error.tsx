'use client'

import './globals.css'
import { Failure } from '@/components/shell/failure'

/** Replaces any page that failed, including the root layout. The only error page, since each one adds a script to every page. */
export default function GlobalError({
  error,
  reset,
}: {
  error: Error & { digest?: string }
  reset: () => void
}) {
  return <Failure error={error} retry={reset} />
}
