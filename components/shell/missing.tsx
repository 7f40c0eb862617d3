'use client'

import { type ComponentProps, Suspense } from 'react'
import { lazyPart } from './lazy-part'

const MissingPage = lazyPart(() => import('./missing-page').then((page) => page.MissingPage))

/** The page of a thing that does not exist. Pages of its kind carry this along: what it shows comes when it is shown. */
export function Missing(words: ComponentProps<typeof MissingPage>) {
  return (
    <Suspense>
      <MissingPage {...words} />
    </Suspense>
  )
}
