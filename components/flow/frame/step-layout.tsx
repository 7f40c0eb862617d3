'use client'

import { type ReactNode, type RefObject, useEffect, useRef } from 'react'
import { useTranslations } from '@/lib/i18n/translations'
import { useFlowMemory } from './flow-context'

/**
 * Heading of a step, its main column, and what helps beside it (under it on small screens).
 * @param step which one of the flow's; small screens have it in the stepper already
 */
export function StepLayout({
  icon,
  title,
  step,
  note,
  side,
  wide = false,
  children,
}: {
  icon?: ReactNode
  title: string
  step?: number | undefined
  note: ReactNode
  side?: ReactNode
  /** The main column takes the place of the other, too. */
  wide?: boolean
  children: ReactNode
}) {
  const t = useTranslations('flow.steps')
  const { total } = useFlowMemory()
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
            {step && <span className="max-md:hidden">{t('position', { n: step, total })} · </span>}
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
  const { step, notes } = useFlowMemory()
  useEffect(() => {
    const { shown } = notes.current
    notes.current.shown = step
    const changed = shown !== null && shown !== step
    if (changed && document.activeElement === document.body) heading.current?.focus()
  }, [step, notes])
  return heading
}
