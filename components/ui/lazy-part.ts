'use client'

import { type ComponentType, lazy } from 'react'

/**
 * A part of a page that comes along when it is shown first; a `Suspense` around it waits. React's own lazy: the router's
 * weighs as much as all icons of a page.
 */
export function lazyPart<Props>(load: () => Promise<ComponentType<Props>>) {
  return lazy(() => load().then((part) => ({ default: part })))
}
