import type { ReactNode } from 'react'

/**
 * Says its children aloud whenever they change. It must be on the page, empty, before there is something
 * to say; a region that arrives together with its words is mostly not heard.
 */
export function LiveRegion({ urgent = false, children }: { urgent?: boolean; children?: ReactNode }) {
  return (
    // A span, since it goes into sentences too: a browser ends a paragraph before any block in it.
    <span role={urgent ? 'alert' : 'status'} aria-atomic="true" className="sr-only select-none">
      {children}
    </span>
  )
}
