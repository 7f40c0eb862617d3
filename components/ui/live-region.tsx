import type { ReactNode } from 'react'

/**
 * Announces its children whenever they change. It must be on the page, empty, before there is something to
 * announce: a region that is inserted together with its text is usually not announced.
 */
export function LiveRegion({ urgent = false, children }: { urgent?: boolean; children?: ReactNode }) {
  return (
    // A span, since it is also used inside sentences: a browser ends a paragraph before any block in it.
    <span role={urgent ? 'alert' : 'status'} aria-atomic="true" className="sr-only select-none">
      {children}
    </span>
  )
}
