'use client'

import { useRouter } from 'next/navigation'
import { useEffect } from 'react'
import { rememberPreference } from '@/lib/i18n/client'
import { timeZoneCookie } from '@/lib/i18n/locale'

/**
 * Reports the browser's time zone to the server, so that times are rendered in the user's time zone.
 * @param known the zone the server knew when it rendered this page, if the page shows times: if that was
 * another one, or none, the page is requested once more
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
