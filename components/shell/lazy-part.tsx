'use client'

import { type ComponentType, lazy, useState } from 'react'
import { PartMissing } from './part-missing'

/** What `lazyPart` makes: `fetch` loads it before it is shown, and fails where it cannot be loaded. */
export interface Part {
  fetch(): Promise<unknown>
}

/**
 * A part of a page that comes along when it is shown first; a `Suspense` around it waits. React's own lazy: the router's
 * weighs as much as all icons of a page. Where it cannot be loaded, its place says so, and the next place loads it anew.
 */
export function lazyPart<Props extends object>(load: () => Promise<ComponentType<Props>>) {
  let latest = attempt()
  function attempt() {
    return lazy(() =>
      load().then(
        (part) => ({ default: part }),
        () => {
          latest = attempt()
          return { default: Missing as ComponentType<Props> }
        },
      ),
    )
  }
  function LazyPart(props: Props) {
    const [Shown] = useState(() => latest)
    return <Shown {...props} />
  }
  return Object.assign(LazyPart, { fetch: load } satisfies Part)
}

function Missing() {
  return <PartMissing />
}
