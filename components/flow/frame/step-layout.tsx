'use client'

import { type ReactNode, type RefObject, useEffect, useRef } from 'react'
import { useTranslations } from '@/lib/i18n/translations'
import { useFlowFrame } from './flow-context'

/**
 * Heading of a step, its main column, and what helps beside it (under it on small screens).
 */
export function StepLayout({
  icon,
  title,
  note,
  side,
  wide = false,
  numbered = true,
  children,
}: {
  icon?: ReactNode
  title: string
  note: ReactNode
  side?: ReactNode
  /** The main column takes the place of the other, too. */
  wide?: boolean
  /** Says which step it is, on large screens: small ones have that in the stepper. The result is after the last one. */
  numbered?: boolean
  children: ReactNode
}) {
  const t = useTranslations('flow.steps')
  const { number, total } = useFlowFrame()
  const heading = useHeadingFocus()
  return (
    <div className="mt-5 max-w-[61.5rem]">
      <div className="mb-4 flex items-center gap-3">
        {icon}
        <div className="min-w-0">
          <h1 ref={heading} tabIndex={-1} className="text-h1 font-semibold wrap-anywhere outline-none">
            {title}
          </h1>
          <div className="text-small text-text3">
            {numbered && number > 0 && number <= total && (
              <span className="max-md:hidden">{t('position', { n: number, total })} · </span>
            )}
            {note}
          </div>
        </div>
      </div>
      <div
        className={`grid items-start gap-6 ${wide ? '' : 'lg:grid-cols-[minmax(0,39rem)_minmax(0,21rem)]'}`}
      >
        <div className="grid min-w-0 gap-4">{children}</div>
        {side && <aside className="grid min-w-0 gap-4">{side}</aside>}
      </div>
    </div>
  )
}

/** A step that takes the focused control away with it would leave the focus nowhere: the next heading gets it. */
function useHeadingFocus(): RefObject<HTMLHeadingElement | null> {
  const heading = useRef<HTMLHeadingElement>(null)
  const { step, memory } = useFlowFrame()
  useEffect(() => {
    const changed = memory.showed(step)
    if (changed && document.activeElement === document.body) heading.current?.focus()
  }, [step, memory])
  return heading
}
