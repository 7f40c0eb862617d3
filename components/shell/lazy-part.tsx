'use client'

import { type ComponentType, lazy } from 'react'
import { PartMissing } from './part-missing'

/** The result of `lazyPart`: `fetch` loads it before it is shown, and rejects if it cannot be loaded. */
export interface Part {
  fetch(): Promise<unknown>
}

/**
 * A part of a page that is loaded when it is first shown; a `Suspense` around it waits. Uses React's own
 * `lazy`: the router's is as large as all icons of a page. If the part cannot be loaded, a notice replaces
 * it.
 */
export function lazyPart<Props>(load: () => Promise<ComponentType<Props>>) {
  const Shown = lazy(() =>
    load().then(
      (part) => ({ default: part }),
      () => ({ default: Missing as ComponentType<Props> }),
    ),
  )
  return Object.assign(Shown, { fetch: load } satisfies Part)
}

function Missing() {
  return <PartMissing />
}
