import type { ReactNode } from 'react'
import { cx } from './cx.ts'

/** A row of links that each show the same list with another filter. Scrolls sideways if needed. */
export function TabRow({
  label,
  className,
  children,
}: {
  label: string
  className?: string
  children: ReactNode
}) {
  return (
    <nav
      aria-label={label}
      className={cx('flex gap-5.5 overflow-x-auto overflow-y-hidden border-b border-line', className)}
    >
      {children}
    </nav>
  )
}

/** For the link inside: `<Link className={tabClass} aria-current={…}>`. The current one is marked by `aria-current`. */
export const tabClass =
  'flex h-9 shrink-0 items-center gap-2 border-b-2 border-transparent text-body font-medium whitespace-nowrap text-text2 transition-colors -outline-offset-2 hover:text-text aria-[current=page]:border-accentText aria-[current=page]:text-text'

export function TabCount({ children }: { children: ReactNode }) {
  return <span className="text-small font-normal text-text3 tabular-nums">{children}</span>
}
