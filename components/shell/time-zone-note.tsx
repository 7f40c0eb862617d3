'use client'

import { useEffect } from 'react'
import { rememberPreference } from '@/lib/i18n/client'
import { timeZoneCookie } from '@/lib/i18n/locale'

/** Tells the server the browser's time zone, so that the next page shows times as the reader's clock does. */
export function TimeZoneNote() {
  useEffect(() => {
    rememberPreference(timeZoneCookie, Intl.DateTimeFormat().resolvedOptions().timeZone)
  }, [])
  return null
}
