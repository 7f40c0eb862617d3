import type { ReactNode } from 'react'
import { cx } from './cx.ts'

export type TimelineTone = 'accent' | 'ok' | 'warn' | 'bad' | 'idle'

const tones: Record<TimelineTone, string> = {
  accent: 'bg-accentSoft text-accentText',
  ok: 'bg-okSoft text-okText',
  warn: 'bg-warnSoft text-warnText',
  bad: 'bg-badSoft text-badText',
  idle: 'bg-idleSoft text-idleText',
}

/** The line behind the icons; the last row of the list has none. */
const line =
  'relative before:absolute before:top-0 before:bottom-0 before:w-[1.5px] before:bg-line last:before:hidden'

/** Events in one column, each with its time. `seconds` widens the times to hold 14:04:37. */
export function Timeline({ seconds = false, children }: { seconds?: boolean; children: ReactNode }) {
  return (
    <ol
      data-seconds={seconds || undefined}
      className="group/time [--time:3.25rem] data-seconds:[--time:4.25rem]"
    >
      {children}
    </ol>
  )
}

/** A day heading; the line continues through it. */
export function TimelineDay({ children }: { children: ReactNode }) {
  return (
    <li
      className={cx(
        line,
        'pb-2 pl-[calc(var(--time)+2.5rem)] text-caption font-medium text-text3 not-first:pt-1 before:left-[calc(var(--time)+1.2rem)] first:before:hidden',
      )}
    >
      {children}
    </li>
  )
}

/** What happened (bold, then the rest), and a gray line with who did it and which codes. */
export function TimelineItem({
  time,
  icon,
  tone = 'idle',
  title,
  note,
  children,
}: {
  time: ReactNode
  icon: ReactNode
  tone?: TimelineTone
  title: ReactNode
  note?: ReactNode
  /** The rest of the sentence after the bold event. */
  children?: ReactNode
}) {
  return (
    <li
      className={cx(
        line,
        'grid grid-cols-[var(--time)_1.5rem_minmax(0,1fr)] gap-x-2 pb-4 last:pb-0 before:left-[calc(var(--time)+1.2rem)]',
      )}
    >
      <span className="pt-0.5 text-right text-small text-text3 tabular-nums">{time}</span>
      <span
        className={cx(
          'relative grid size-6 place-items-center rounded-full [&>.lucide]:size-3.5',
          tones[tone],
        )}
      >
        {icon}
      </span>
      <div className="min-w-0 pt-0.5">
        <p className="text-table wrap-anywhere text-text">
          <span className="font-semibold">{title}</span> {children}
        </p>
        {note && <p className="text-small wrap-anywhere text-text3">{note}</p>}
      </div>
    </li>
  )
}
