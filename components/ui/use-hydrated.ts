'use client'

import { useSyncExternalStore } from 'react'

const never = () => () => undefined

/**
 * Whether React has taken over the page. Before that a press does nothing, a form would be sent the browser's way with
 * its fields in the address, and what was typed would be lost: until then controls are held back.
 */
export function useHydrated(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  )
}
