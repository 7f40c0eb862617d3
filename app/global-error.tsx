'use client'

import './globals.css'
import { Failure } from '@/components/shell/failure'

/** Stands in for the root layout when that itself fails. */
export default function GlobalError({
  error,
  reset,
}: {
  error: Error & { digest?: string }
  reset: () => void
}) {
  return (
    <html lang="en" data-theme="system">
      <body>
        <Failure digest={error.digest} retry={reset} />
      </body>
    </html>
  )
}
