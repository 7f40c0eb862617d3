'use client'

import { useQuery } from '@tanstack/react-query'
import { usePathname } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useEffect } from 'react'
import { Banner } from '@/components/ui/banner'
import { ApiError, call } from '@/lib/browser/call'
import { queryKey } from '@/lib/browser/query-key'
import * as contract from '@/lib/contract/session'
import { useViewer } from './me'

const warnSeconds = 5 * 60

/** Warns before the session's end, and leads to sign-in when it is over; asking does not keep a session alive. */
export function SessionWatch() {
  const t = useTranslations('shell')
  const { me } = useViewer()
  const path = usePathname()
  const { data, error } = useQuery({
    queryKey: queryKey(contract.getMe, {}),
    queryFn: () => call(contract.getMe, {}),
    initialData: me,
    refetchInterval: 60_000,
  })
  const over = error instanceof ApiError && error.body?.code.startsWith('signin.')
  useEffect(() => {
    if (over) window.location.assign(`/sign-in?ended=1&from=${encodeURIComponent(path)}`)
  }, [over, path])
  if (data.secondsLeft > warnSeconds) return null
  return (
    <Banner tone="warn" role="status" className="m-4">
      {t('sessionEndsSoon', { minutes: Math.max(1, Math.ceil(data.secondsLeft / 60)) })}
    </Banner>
  )
}
