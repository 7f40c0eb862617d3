'use client'

import { Check, Monitor, Smartphone } from 'lucide-react'
import { useFormatter } from 'next-intl'
import { useState } from 'react'
import { FailureBanner } from '@/components/form/failure-banner'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Card, CardHead } from '@/components/ui/card'
import { Dialog } from '@/components/ui/dialog'
import { useShowMore } from '@/components/ui/use-show-more'
import { failureOf } from '@/lib/browser/call'
import type { SessionSummary } from '@/lib/contract/session'
import { useAge } from '@/lib/i18n/age'
import { useTranslations } from '@/lib/i18n/translations'
import { browserName } from './browser-name'
import { useSessions, useSignOutEverywhere } from './queries'
import { methodWords } from './words'

const shownFirst = 5

/** Where the operator is signed in, and the button that ends all these sessions. */
export function Sessions() {
  const t = useTranslations('settings.sessions')
  const { data, error } = useSessions()
  const { list, all, showAll } = useShowMore(shownFirst)
  const sessions = (data?.sessions ?? []).toSorted((a, b) => Number(b.current) - Number(a.current))
  const shown = all ? sessions : sessions.slice(0, shownFirst)
  return (
    <Card aria-labelledby="sessions" className="flex flex-col">
      <CardHead id="sessions" title={t('title')} count={sessions.length} divided />
      {error && (
        <div className="p-4">
          <FailureBanner error={failureOf(error)} />
        </div>
      )}
      <ul ref={list} className="divide-y divide-line">
        {shown.map((session) => (
          <Session key={session.id} session={session} />
        ))}
      </ul>
      {sessions.length > shown.length && (
        <div className="border-t border-line p-2">
          <Button variant="quiet" className="w-full" onClick={showAll}>
            {t('all', { count: sessions.length - shown.length })}
          </Button>
        </div>
      )}
      <div className="mt-auto border-t border-line p-4">
        <SignOutEverywhere count={sessions.length} />
      </div>
    </Card>
  )
}

function Session({ session }: { session: SessionSummary }) {
  const t = useTranslations('settings.sessions')
  const format = useFormatter()
  const age = useAge()
  const { browser, system } = browserName(session.userAgent)
  const phone = system === 'iPhone' || system === 'Android' || system === 'HarmonyOS'
  const at = (instant: string) => format.dateTime(new Date(instant), 'dayAndMinute')
  const facts = [
    t('since', { time: at(session.createdAt) }),
    t('lastSeen', { age: age(session.lastSeenAt) }),
    t('ends', { time: at(session.endsAt) }),
  ]
  return (
    <li className="flex gap-3 px-4 py-3">
      <span className="grid size-9 shrink-0 place-items-center rounded-panel bg-sunken text-text2">
        {phone ? <Smartphone /> : <Monitor />}
      </span>
      <div className="min-w-0">
        <p className="flex flex-wrap items-center gap-x-2 font-medium" title={session.userAgent}>
          {browser && system ? t('browserOn', { browser, system }) : (browser ?? t('unknownBrowser'))}
          {session.current && (
            <Badge tone="accent" icon={<Check />}>
              {t('here')}
            </Badge>
          )}
        </p>
        <p className="text-small wrap-anywhere text-text2">
          {t('line', {
            address: session.address,
            method: t(methodWords[session.method]),
          })}
        </p>
        <p className="text-small text-text3 tabular-nums">
          {facts.map((fact, index) => (
            <span key={fact}>
              {index > 0 && ' · '}
              <span className="whitespace-nowrap">{fact}</span>
            </span>
          ))}
        </p>
      </div>
    </li>
  )
}

function SignOutEverywhere({ count }: { count: number }) {
  const t = useTranslations('settings.sessions')
  const common = useTranslations('common')
  const [open, setOpen] = useState(false)
  const out = useSignOutEverywhere()
  return (
    <>
      <Button variant="danger" onClick={() => setOpen(true)}>
        {t('everywhere')}
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title={t('confirmTitle')}
        actions={
          <>
            <Button onClick={() => setOpen(false)}>{common('cancel')}</Button>
            <Button
              variant="danger"
              busy={out.isPending || out.isSuccess}
              busyLabel={t('signingOut')}
              onClick={() => out.mutate()}
            >
              {t('everywhere')}
            </Button>
          </>
        }
      >
        <p>{t('confirmBody', { count })}</p>
        {out.error && (
          <div className="mt-3">
            <FailureBanner error={failureOf(out.error)} />
          </div>
        )}
      </Dialog>
    </>
  )
}
