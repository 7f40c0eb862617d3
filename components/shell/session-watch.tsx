'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useEffect, useState } from 'react'
import { Banner } from '@/components/ui/banner'
import { Button } from '@/components/ui/button'
import { LiveRegion } from '@/components/ui/live-region'
import { call, failureOf } from '@/lib/browser/call'
import { queryKey } from '@/lib/browser/query-key'
import { useViewer } from './me'

const warnSeconds = 3 * 60
const key = queryKey('getMe', {})

/**
 * Warns before the session ends, and leads to sign-in when it is over. Asking by the clock does not keep a session
 * alive; a key or the button does, as long as the end can be moved. Silent where a page tells of the end itself.
 */
export function SessionWatch() {
  const t = useTranslations('shell')
  const client = useQueryClient()
  const { secondsLeft, extendable } = useSessionEnd()
  const { mutate, isPending } = useMutation({
    mutationFn: () => call('staySignedIn', {}),
    onSuccess: (me) => client.setQueryData(key, me),
  })
  const { endToldHere } = useViewer()
  const warned = !endToldHere && secondsLeft <= warnSeconds
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
        <Banner tone="warn" className="fixed inset-x-4 bottom-4 z-20 mx-auto max-w-[40rem] shadow-popup">
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
    </>
  )
}

/** Seconds until the end by the server's last word, counted on here in between. */
function useSessionEnd() {
  const { me, endToldHere } = useViewer()
  const { data, error, dataUpdatedAt, refetch } = useQuery({
    queryKey: key,
    queryFn: () => call('getMe', {}),
    initialData: me,
    enabled: !endToldHere,
    // What is done here or in another tab gives the session more time: a warning must notice that soon. So must the
    // banner that nothing can be stored.
    refetchInterval: ({ state }) =>
      (state.data?.secondsLeft ?? 0) > warnSeconds + 60 && !state.data?.storage ? 60_000 : 5_000,
  })
  const secondsLeft = data.secondsLeft - useSecondsSince(dataUpdatedAt)

  const due = !endToldHere && secondsLeft < 0
  useEffect(() => {
    if (due) void refetch()
  }, [due, refetch])

  const over = !endToldHere && failureOf(error)?.code.startsWith('signin.')
  useEffect(() => {
    if (!over) return
    const { pathname, search } = window.location
    window.location.assign(`/sign-in?ended=1&from=${encodeURIComponent(pathname + search)}`)
  }, [over])

  return { secondsLeft, extendable: data.extendable }
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
