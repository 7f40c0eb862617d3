import type { ReactNode } from 'react'
import { cx } from './cx.ts'

/** An ID, a name or a URL of the vendor's, unchanged. */
export function Mono({ className, children }: { className?: string; children: ReactNode }) {
  return (
    <span translate="no" className={cx('font-mono text-mono wrap-anywhere', className)}>
      {children}
    </span>
  )
}
