'use client'

import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import type { BindFlow, CodeRequestView } from '@/lib/contract/phone'
import { useFlowMemory } from './flow-memory'
import type { useChangeNumber, useSendCode } from './queries'
import { clockText, useCountdown } from './use-countdown'

/** Send again, with the cool-down the server keeps, and the way back from a wrong number. */
export function SendAgain({
  flow,
  request,
  asOf,
  send,
  change,
  primary,
}: {
  flow: BindFlow
  request: CodeRequestView
  asOf: number
  send: ReturnType<typeof useSendCode>
  change: ReturnType<typeof useChangeNumber>
  /** The code cannot be used any more: sending again is what there is to do. */
  primary: boolean
}) {
  const t = useTranslations('bind')
  const [asking, setAsking] = useState(false)
  const wait = useCountdown(flow.cooldownSeconds, asOf) ?? 0
  const { notes, keepCountryOf } = useFlowMemory()
  const sending = request.state === 'sending'
  const busy = sending || send.isPending
  const memberId = flow.member.id
  const unknown = request.sendOutcome === 'unknown'

  function again(knowingly: boolean) {
    if (busy || wait > 0) return
    setAsking(false)
    Object.assign(notes.current, { codeFieldNext: true, sentHere: true })
    send.mutate(
      { memberId, ...(knowingly ? { knowingly } : {}) },
      { onError: () => void Object.assign(notes.current, { codeFieldNext: false, sentHere: false }) },
    )
  }

  function giveUp() {
    if (busy || change.isPending) return
    notes.current.numberFieldNext = true
    keepCountryOf(request.numberMasked)
    change.mutate({ memberId, requestId: request.id })
  }

  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <Button
        variant={primary ? 'primary' : 'secondary'}
        busy={busy}
        busyLabel={t('sending')}
        unavailable={wait > 0 && !busy}
        onClick={() => (unknown ? setAsking(true) : again(false))}
      >
        {wait > 0 ? t('againIn', { time: clockText(wait) }) : t('again')}
      </Button>
      {!sending && (
        <p className="text-small text-text3">
          {t('wrongNumber')}{' '}
          <button type="button" className="link" aria-disabled={busy || undefined} onClick={giveUp}>
            {t('changeNumber')}
          </button>
        </p>
      )}
      <Dialog
        open={asking}
        onOpenChange={setAsking}
        title={t('againUnknown.title', { phone: request.numberMasked })}
        actions={
          <>
            <Button onClick={() => setAsking(false)}>{t('cancel')}</Button>
            <Button variant="primary" onClick={() => again(true)}>
              {t('againUnknown.send')}
            </Button>
          </>
        }
      >
        {t('againUnknown.body')}
      </Dialog>
    </div>
  )
}
