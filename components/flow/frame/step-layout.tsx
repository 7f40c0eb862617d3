'use client'

import { type ReactNode, type RefObject, useEffect, useRef } from 'react'
import { useTranslations } from '@/lib/i18n/translations'
import { useFlowFrame } from './flow-context'

/** The heading of a step, its main column, and what helps beside it (below it on small screens). */
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
  /** The main column also takes the space of the other one. */
  wide?: boolean
  /**
   * Shows the step number on large screens; small ones have it in the stepper. The result comes after the
   * last step.
   */
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

/** If the focused control disappears with its step, the heading of the next step takes the focus. */
function useHeadingFocus(): RefObject<HTMLHeadingElement | null> {
  const heading = useRef<HTMLHeadingElement>(null)
  const { step, memory } = useFlowFrame()
  useEffect(() => {
    const changed = memory.showed(step)
    if (changed && document.activeElement === document.body) heading.current?.focus()
  }, [step, memory])
  return heading
}
