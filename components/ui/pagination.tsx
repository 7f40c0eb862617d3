import type { ReactNode } from 'react'

/** "1–50 of 126" and the links to the previous and next page. */
export function PageFoot({
  label,
  range,
  children,
}: {
  label: string
  range: ReactNode
  children?: ReactNode
}) {
  return (
    <nav aria-label={label} className="flex flex-wrap items-center gap-2 py-2">
      <span className="mr-auto text-small text-text3 tabular-nums">{range}</span>
      {children}
    </nav>
  )
}
