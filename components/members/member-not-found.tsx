'use client'

import { Suspense } from 'react'
import { lazyPart } from '@/components/ui/lazy-part'

const NotFoundPage = lazyPart(() => import('./not-found-page').then((page) => page.NotFoundPage))

/** Every page of a member carries this along: what it shows comes when it is shown. */
export function MemberNotFound() {
  return (
    <Suspense>
      <NotFoundPage />
    </Suspense>
  )
}
