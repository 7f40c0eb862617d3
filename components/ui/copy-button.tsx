'use client'

import { Check, Copy } from 'lucide-react'
import { type ReactNode, useEffect, useState } from 'react'
import { cx } from './cx.ts'
import { LiveRegion } from './live-region.tsx'

/**
 * The Clipboard API exists only on HTTPS and localhost; a console on a plain-HTTP intranet needs the older
 * method.
 */
async function copyText(value: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(value)
    return true
  } catch {
    const area = document.createElement('textarea')
    area.value = value
    area.className = 'sr-only'
    document.body.append(area)
    const before = document.activeElement
    area.select()
    const done = document.execCommand('copy')
    area.remove()
    if (before instanceof HTMLElement) before.focus()
    return done
  }
}

const tones = {
  page: 'text-text2 hover:bg-hover hover:text-text',
  code: 'text-codeText outline-codeKey hover:text-codeKey',
} as const

/** Copies `value`; the icon turns into a check mark for two seconds, and the outcome is announced. */
export function CopyButton({
  value,
  label,
  copiedLabel,
  failedLabel,
  tone = 'page',
  className,
  children,
}: {
  /** A function, if the text is read from the page. */
  value: string | (() => string)
  /** The accessible name ("Copy RequestId"). With children, it must start with their text. */
  label: string
  copiedLabel: string
  failedLabel: string
  /** `code` on the dark background of a code panel. */
  tone?: keyof typeof tones
  className?: string
  /** Text beside the icon. */
  children?: ReactNode
}) {
  const [outcome, setOutcome] = useState<'copied' | 'failed' | null>(null)
  useEffect(() => {
    if (!outcome) return
    const timer = setTimeout(() => setOutcome(null), 2000)
    return () => clearTimeout(timer)
  }, [outcome])
  return (
    <>
      <button
        type="button"
        aria-label={label}
        title={children ? undefined : label}
        onClick={async () =>
          setOutcome((await copyText(typeof value === 'string' ? value : value())) ? 'copied' : 'failed')
        }
        className={cx(
          'inline-flex h-6 shrink-0 items-center justify-center gap-1.5 rounded-tag align-middle font-sans text-small transition-colors',
          children ? '-mx-1.5 px-1.5' : 'w-6',
          tones[tone],
          className,
        )}
      >
        {outcome === 'copied' ? <Check /> : <Copy />}
        {children}
      </button>
      <LiveRegion>
        {outcome === 'copied' ? copiedLabel : outcome === 'failed' ? failedLabel : null}
      </LiveRegion>
    </>
  )
}
