'use client'

import { Suspense } from 'react'
import { lazyPart } from '@/components/shell/lazy-part'
import { useFlowFrame } from '../frame/flow-context'

// Only *Change it* leads here.
const OpenCode = lazyPart(() => import('./open-code').then((part) => part.OpenCode))

/** On a step that was gone back to: the code that is open meanwhile, and the way to it. */
export function StillOpen() {
  const {
    flow: { request },
    change,
  } = useFlowFrame()
  return (
    change.on &&
    request && (
      <Suspense>
        <OpenCode request={request} />
      </Suspense>
    )
  )
}
