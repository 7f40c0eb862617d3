import { useNow } from 'next-intl'
import { useEffect, useState } from 'react'
import { useTranslations } from './translations'

const tickMs = 30_000

/**
 * The current time, updated every 30 seconds. The first render uses the server's time, so that server and browser render
 * the same; the effect corrects it at once, e.g. after a client-side navigation.
 */
export function useCurrentTime(): Date {
  const [now, setNow] = useState(useNow())
  useEffect(() => {
    const tick = () => setNow(new Date())
    tick()
    const timer = setInterval(tick, tickMs)
    return () => clearInterval(timer)
  }, [])
  return now
}

/** How long ago something was, e.g. "3 min ago", kept up to date. */
export function useAge(): (iso: string) => string {
  const t = useTranslations('common.age')
  const now = useCurrentTime()
  return (iso) => {
    const minutes = Math.floor((now.getTime() - Date.parse(iso)) / 60_000)
    if (minutes < 1) return t('now')
    if (minutes < 60) return t('minutes', { count: minutes })
    if (minutes < 24 * 60) return t('hours', { count: Math.floor(minutes / 60) })
    return t('days', { count: Math.floor(minutes / (24 * 60)) })
  }
}
