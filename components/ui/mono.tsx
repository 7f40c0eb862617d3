import type { ReactNode } from 'react'
import { cx } from './cx.ts'

/** An id, a name or an address of the vendor's, as it is. */
export function Mono({ className, children }: { className?: string; children: ReactNode }) {
  return (
    <span translate="no" className={cx('font-mono text-mono wrap-anywhere', className)}>
      {children}
    </span>
  )
}
