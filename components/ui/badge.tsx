import type { ReactNode } from 'react'
import { cx } from './cx.ts'

export type BadgeTone = 'ok' | 'warn' | 'bad' | 'accent' | 'idle' | 'outline' | 'sand'

const tones: Record<BadgeTone, string> = {
  ok: 'bg-okSoft text-okText',
  warn: 'bg-warnSoft text-warnText',
  bad: 'bg-badSoft text-badText',
  accent: 'bg-accentSoft text-accentText',
  idle: 'bg-idleSoft text-idleText',
  outline: 'border border-control text-text2',
  sand: 'bg-sandSoft text-sandText',
}

/** A state as icon, text and color. At most one per row; facts that are not states are plain text. */
export function Badge({
  tone,
  icon,
  className,
  children,
}: {
  tone: BadgeTone
  icon: ReactNode
  className?: string
  children: ReactNode
}) {
  return (
    <span
      className={cx(
        'inline-flex h-5.5 items-center gap-1.25 rounded-full px-2 align-middle text-caption font-medium whitespace-nowrap tabular-nums [&>.lucide]:size-3.5',
        tones[tone],
        className,
      )}
    >
      {icon}
      {children}
    </span>
  )
}

/** A gray label for a count, or for a key and its value. */
export function Tag({ className, children }: { className?: string; children: ReactNode }) {
  return (
    <span
      className={cx(
        'inline-flex min-h-5 items-center rounded-tag bg-sunken px-1.5 text-caption text-text2 tabular-nums',
        className,
      )}
    >
      {children}
    </span>
  )
}
