'use client'

import { usePathname } from 'next/navigation'
import { useEffect, useLayoutEffect, useState } from 'react'
import { LiveRegion } from '@/components/ui/live-region'
import { arriveAt, watchFocus } from './focus'

/**
 * The one place that moves focus with the page: see `focus.ts`. In the root layout, so that it outlives each page.
 * A heading that takes focus announces its page by itself; only after Back, when focus is on a link, it is said here.
 */
export function PageFocus() {
  const path = usePathname()
  const [announced, announce] = useState('')
  // Before anything is painted, and before a control of the new page takes focus for itself in an effect.
  useLayoutEffect(() => arriveAt(path, announce), [path])
  useEffect(watchFocus, [])
  return <LiveRegion>{announced}</LiveRegion>
}
