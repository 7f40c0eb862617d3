'use client'

import { type ComponentProps, Suspense } from 'react'
import { lazyPart } from './lazy-part'

const MissingPage = lazyPart(() => import('./missing-page').then((page) => page.MissingPage))

/**
 * The page for something that does not exist. Pages of its kind include this; its content is loaded when
 * shown.
 */
export function Missing(words: ComponentProps<typeof MissingPage>) {
  return (
    <Suspense>
      <MissingPage {...words} />
    </Suspense>
  )
}
