'use client'

import { type ComponentType, lazy } from 'react'
import { PartMissing } from './part-missing'

/** What `lazyPart` makes: `fetch` loads it before it is shown, and fails where it cannot be loaded. */
export interface Part {
  fetch(): Promise<unknown>
}

/**
 * A part of a page that comes along when it is shown first; a `Suspense` around it waits. React's own lazy: the router's
 * weighs as much as all icons of a page. Where it cannot be loaded, its place says so.
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
