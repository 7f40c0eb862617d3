'use client'

import './globals.css'
import { Failure } from '@/components/shell/failure'

/** Stands in for whatever failed, the root layout included. The only error page: each one is a script of every page. */
export default function GlobalError({
  error,
  reset,
}: {
  error: Error & { digest?: string }
  reset: () => void
}) {
  return <Failure error={error} retry={reset} />
}
