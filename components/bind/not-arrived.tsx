'use client'

import { ChevronDown } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useEffect, useRef } from 'react'

/** Long enough for an ordinary message to arrive. */
const opensAfterMs = 30_000

/** What to try when no code arrives; opens by itself after a while. */
export function NotArrived({ numberMasked }: { numberMasked: string }) {
  const t = useTranslations('bind.notArrived')
  const details = useRef<HTMLDetailsElement>(null)
  useEffect(() => {
    const timer = setTimeout(() => {
      if (details.current) details.current.open = true
    }, opensAfterMs)
    return () => clearTimeout(timer)
  }, [])
  return (
    <details ref={details} className="group rounded-card border border-line bg-surface">
      <summary className="flex h-11 cursor-pointer list-none items-center justify-between rounded-card px-4">
        <h2 className="text-h2">{t('title')}</h2>
        <ChevronDown className="text-text2 transition-transform group-open:rotate-180" />
      </summary>
      <ol className="grid list-decimal gap-2 pr-4 pb-4 pl-9 text-small text-text2">
        <li>{t('digits', { digits: numberMasked.slice(-4) })}</li>
        <li>{t('signal')}</li>
        <li>{t('wait')}</li>
        <li>{t('again')}</li>
      </ol>
    </details>
  )
}
