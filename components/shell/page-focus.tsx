'use client'

import { usePathname } from 'next/navigation'
import { useEffect, useLayoutEffect, useState } from 'react'
import { LiveRegion } from '@/components/ui/live-region'
import { arriveAt, watchFocus } from './focus'

/**
 * The only place that moves focus on navigation: see `focus.ts`. In the root layout, so that it outlives each
 * page. A heading that takes the focus announces its page; after Back, when a link has the focus, this
 * announces it.
 */
export function PageFocus() {
  const path = usePathname()
  const [announced, announce] = useState('')
  // Before anything is painted, and before a control of the new page takes the focus in an effect.
  useLayoutEffect(() => arriveAt(path, announce), [path])
  useEffect(watchFocus, [])
  return <LiveRegion>{announced}</LiveRegion>
}
