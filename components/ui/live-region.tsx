import type { ReactNode } from 'react'

/**
 * Says its children aloud whenever they change. It must be on the page, empty, before there is something
 * to say; a region that arrives together with its words is mostly not heard.
 */
export function LiveRegion({ urgent = false, children }: { urgent?: boolean; children?: ReactNode }) {
  return (
    <div role={urgent ? 'alert' : 'status'} aria-atomic="true" className="sr-only select-none">
      {children}
    </div>
  )
}
