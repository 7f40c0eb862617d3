'use client'

import { useIsMutating, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { forgetTyped, useIsTyped } from '@/components/form/typed'
import { Banner } from '@/components/ui/banner'
import { Button } from '@/components/ui/button'
import { LiveRegion } from '@/components/ui/live-region'
import { call } from '@/lib/browser/call'
import { queryKey } from '@/lib/browser/query-key'
import { useTranslations } from '@/lib/i18n/translations'
import { changeSiteKey, useViewer } from './me'

const warnSeconds = 3 * 60
const key = queryKey('getMe', {})

/**
 * Warns before the session ends, and redirects to sign-in when it is over. With unsaved input it waits
 * instead, until someone has signed in again in another tab. Polling does not extend a session; a key press
 * or the button does, as long as the end can be moved. Shows nothing if the page itself shows that the
 * session has ended.
 */
export function SessionNotice() {
  const t = useTranslations('shell')
  const common = useTranslations('common')
  const client = useQueryClient()
  const { secondsLeft, extendable, over } = useSessionEnd()
  const { mutate, isPending } = useMutation({
    mutationFn: () => call('staySignedIn', {}),
    onSuccess: (me) => client.setQueryData(key, me),
  })
  const { endShownHere } = useViewer()
  const warned = !endShownHere && !over && secondsLeft <= warnSeconds
  const canStay = warned && extendable

  useEffect(() => {
    if (!canStay || isPending) return
    const stay = () => mutate()
    document.addEventListener('keydown', stay)
    return () => document.removeEventListener('keydown', stay)
  }, [canStay, isPending, mutate])

  const minutes = Math.max(1, Math.ceil(secondsLeft / 60))
  const words = warned && t(extendable ? 'stayIdle' : 'sessionEndsSoon', { minutes })
  return (
    <>
      <LiveRegion>{words}</LiveRegion>
      {warned && (
        <Banner tone="warn" className="shadow-popup">
          <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
            <p className="min-w-0 flex-1 basis-60 text-text">{words}</p>
            {extendable && (
              <Button busy={isPending} busyLabel={t('staying')} onClick={() => mutate()}>
                {t('stay')}
              </Button>
            )}
          </div>
        </Banner>
      )}
      {over && (
        <Banner tone="warn" role="alert" className="shadow-popup" title={t('endedTyped.title')}>
          {t('endedTyped.body')}{' '}
          <a href={signInPath()} target="_blank" rel="noreferrer" className="link">
            {common('signInAgain')}
          </a>
        </Banner>
      )}
    </>
  )
}

function signInPath(): string {
  const { pathname, search } = window.location
  return `/sign-in?ended=1&from=${encodeURIComponent(pathname + search)}`
}

/** Seconds until the end, from the server's last response, counted down here in between. */
function useSessionEnd() {
  const { me, site, endShownHere, signedOut } = useViewer()
  const typed = useIsTyped()
  const { data, dataUpdatedAt, refetch } = useQuery({
    queryKey: key,
    queryFn: () => call('getMe', {}),
    initialData: me,
    enabled: !endShownHere,
    // Activity here or in another tab extends the session: a warning must notice that soon. So must the
    // banner that nothing can be stored.
    refetchInterval: ({ state: { data, error } }) =>
      (data?.secondsLeft ?? 0) > warnSeconds + 60 && !data?.storage && !error ? 60_000 : 5_000,
  })
  const secondsLeft = data.secondsLeft - useSecondsSince(dataUpdatedAt)

  const due = !endShownHere && secondsLeft < 0
  useEffect(() => {
    if (due) void refetch()
  }, [due, refetch])

  const over = !endShownHere && signedOut
  useEffect(() => {
    if (over && !typed) window.location.assign(signInPath())
  }, [over, typed])

  // The person who signs in again may be someone else, or use the other site: then nothing on this page
  // belongs to them.
  const arn = useRef(me.arn)
  const changing = useIsMutating({ mutationKey: changeSiteKey }) > 0
  useEffect(() => {
    if (over || changing || (data.arn === arn.current && data.site === site.current)) return
    forgetTyped()
    window.location.reload()
  }, [over, changing, data.arn, data.site, site])

  return { secondsLeft, extendable: data.extendable, over: over && typed }
}

function useSecondsSince(moment: number): number {
  const [passed, setPassed] = useState({ moment, seconds: 0 })
  useEffect(() => {
    const start = performance.now()
    const timer = setInterval(
      () => setPassed({ moment, seconds: Math.floor((performance.now() - start) / 1000) }),
      1000,
    )
    return () => clearInterval(timer)
  }, [moment])
  return passed.moment === moment ? passed.seconds : 0
}
