'use client'

import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'

/** Number, code, done. */
export const stepTotal = 3

/**
 * Heading of a step, its main column, and what helps beside it (under it on small screens).
 * @param step which one of the three; small screens have it in the stepper already
 */
export function StepLayout({
  icon,
  title,
  step,
  note,
  side,
  children,
}: {
  icon?: ReactNode
  title: string
  step?: number
  note: ReactNode
  side?: ReactNode
  children: ReactNode
}) {
  const t = useTranslations('bind.steps')
  return (
    <div className="mt-5 max-w-[61.5rem]">
      <div className="mb-4 flex items-center gap-3">
        {icon}
        <div className="min-w-0">
          <h1 className="text-h1 font-semibold wrap-anywhere">{title}</h1>
          <div className="text-small text-text3">
            {step && <span className="max-md:hidden">{t('position', { n: step, total: stepTotal })} · </span>}
            {note}
          </div>
        </div>
      </div>
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,39rem)_minmax(0,21rem)]">
        <div className="grid min-w-0 gap-4">{children}</div>
        {side && <aside className="grid min-w-0 gap-4">{side}</aside>}
      </div>
    </div>
  )
}
