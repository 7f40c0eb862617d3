'use client'

import { ChevronDown } from 'lucide-react'
import { type ReactNode, useEffect, useRef } from 'react'
import { useTranslations } from '@/lib/i18n/translations'
import { useOpenRequest } from '../frame/flow-context'
import { shownDigits } from '../request'

/** Long enough for an ordinary message to arrive. */
const opensAfterSeconds = 30

/**
 * What to try if no code arrives, as `<li>`. Opens automatically a while after the send, or after the page
 * opened if the time of the send is not known. Give it a `key` of the request.
 */
export function NotArrived({ children }: { children: ReactNode }) {
  const t = useTranslations('flow.notArrived')
  const details = useRef<HTMLDetailsElement>(null)
  const opened = useRef(false)
  const { state, secondsTotal, secondsLeft } = useOpenRequest()
  const known = secondsTotal !== null && secondsLeft !== null
  const wait = known ? Math.max(0, opensAfterSeconds - (secondsTotal - secondsLeft)) : opensAfterSeconds
  const sent = state !== 'sending'
  useEffect(() => {
    if (!sent || opened.current) return
    const timer = setTimeout(() => {
      opened.current = true
      if (details.current) details.current.open = true
    }, wait * 1000)
    return () => clearTimeout(timer)
  }, [sent, wait])
  return (
    <details ref={details} className="group rounded-card border border-line bg-surface">
      <summary className="flex h-11 cursor-pointer list-none items-center justify-between rounded-card px-4">
        <h2 className="text-h2">{t('title')}</h2>
        <ChevronDown className="text-text2 transition-transform group-open:rotate-180" />
      </summary>
      <ol className="grid list-decimal gap-2 pr-4 pb-4 pl-9 text-small text-text2">{children}</ol>
    </details>
  )
}

/** Tips for every code that is sent as a text message. */
export function SmsTips() {
  const t = useTranslations('flow.notArrived')
  const { numberMasked, alike } = useOpenRequest()
  return (
    <>
      {numberMasked && (
        <li>{t(alike === null ? 'digits' : 'alike', { digits: shownDigits(numberMasked) })}</li>
      )}
      <li>{t('signal')}</li>
      <li>{t('wait')}</li>
    </>
  )
}
