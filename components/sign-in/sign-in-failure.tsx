'use client'

import { Suspense } from 'react'
import { lazyPart } from '@/components/shell/lazy-part'
import type { ShownError } from '@/lib/contract/errors'

const FailureBanner = lazyPart(() =>
  import('@/components/form/failure-banner').then((module) => module.FailureBanner),
)

/** Before a sign-in, so that a failure can be shown. */
export const fetchFailureBanner = () => FailureBanner.fetch()

/** Loaded with the first sign-in: the first page includes only what everyone needs. */
export function SignInFailure({ error }: { error: ShownError }) {
  return (
    <Suspense fallback={null}>
      <FailureBanner error={error} />
    </Suspense>
  )
}
