'use client'

import { useSyncExternalStore } from 'react'

const never = () => () => undefined

/**
 * Whether React has hydrated the page. Before that, clicks do nothing, a form would be submitted by the
 * browser with its fields in the URL, and what was typed would be lost: until then, controls are disabled.
 */
export function useHydrated(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  )
}
