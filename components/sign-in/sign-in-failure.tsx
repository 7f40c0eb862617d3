'use client'

import { Suspense } from 'react'
import { lazyPart } from '@/components/ui/lazy-part'
import type { ShownError } from '@/lib/contract/errors'

const FailureBanner = lazyPart(() =>
  import('@/components/form/failure-banner').then((module) => module.FailureBanner),
)

/** Loaded when a sign-in has failed: the first page carries only what everybody needs. */
export function SignInFailure({ error }: { error: ShownError }) {
  return (
    <Suspense fallback={null}>
      <FailureBanner error={error} />
    </Suspense>
  )
}
