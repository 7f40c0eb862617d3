'use client'

import { useRouter } from 'next/navigation'
import { useEffect } from 'react'
import { rememberPreference } from '@/lib/i18n/client'
import { timeZoneCookie } from '@/lib/i18n/locale'

/**
 * Tells the server the browser's time zone, so that it writes times as the reader's clock shows them.
 * @param known the zone the server was told before it wrote this page, if the page shows times: when that was another
 * one, or none, the page is asked for once more
 */
export function TimeZoneNote({ known }: { known?: string | undefined }) {
  const router = useRouter()
  useEffect(() => {
    const own = Intl.DateTimeFormat().resolvedOptions().timeZone
    rememberPreference(timeZoneCookie, own)
    if (known !== undefined && known !== own) router.refresh()
  }, [known, router])
  return null
}
