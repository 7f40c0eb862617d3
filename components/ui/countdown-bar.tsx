import type { ReactNode } from 'react'
import { cx } from './cx.ts'
import { ProgressBar } from './progress-bar.tsx'

/** Below this many seconds, the bar and the digits warn. */
const warnBelow = 60

/**
 * The remaining time of something that expires. The caller counts and provides the text; this draws one
 * moment.
 */
export function CountdownBar({
  secondsLeft,
  secondsTotal,
  left,
  until,
}: {
  secondsLeft: number
  secondsTotal: number
  /** "14:22" */
  left: ReactNode
  /** "valid until 14:17:11" */
  until: ReactNode
}) {
  const low = secondsLeft < warnBelow
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5 text-body tabular-nums">
      <span role="timer" className={cx('font-semibold', low ? 'text-warnText' : 'text-accentText')}>
        {left}
      </span>
      <ProgressBar
        value={secondsLeft}
        max={secondsTotal}
        tone={low ? 'warn' : 'accent'}
        className="min-w-16 max-md:order-last max-md:w-full md:flex-1"
      />
      <span className="text-text3">{until}</span>
    </div>
  )
}
