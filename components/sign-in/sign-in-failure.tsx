'use client'

import { lazy, Suspense } from 'react'
import type { ErrorBody } from '@/lib/contract/errors'

// React's own lazy: the router's, which could also draw it on the server, weighs as much as all icons of the page.
const FailureBanner = lazy(() =>
  import('@/components/form/failure-banner').then((module) => ({ default: module.FailureBanner })),
)

/** Loaded when a sign-in has failed: the first page carries only what everybody needs. */
export function SignInFailure({ error }: { error: ErrorBody | null }) {
  return (
    <Suspense fallback={null}>
      <FailureBanner error={error} />
    </Suspense>
  )
}
