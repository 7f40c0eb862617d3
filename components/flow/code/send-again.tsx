'use client'

import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { useTranslations } from '@/lib/i18n/translations'
import { useActState } from '../act/act-card'
import { clockText } from '../frame/countdown'
import { useFlowFrame, useOpenRequest } from '../frame/flow-context'
import type { Shown } from '../request'
import type { Sends } from './use-sends'

/**
 * Sends again, with the cool-down that the server keeps, and leads back from a wrong recipient.
 * @param beforeChange runs on the click that leads back
 */
export function SendAgain({
  sends: { wait, isPending, send },
  words,
  beforeChange,
}: {
  sends: Sends<Partial<Shown>>
  words: { wrong: string; change: string; cost: string }
  beforeChange: (() => void) | undefined
}) {
  const t = useTranslations('flow')
  const common = useTranslations('common')
  const [asking, setAsking] = useState(false)
  const { recipient, memory, change } = useFlowFrame()
  const { expired, over, busy: acting, held } = useActState()
  const request = useOpenRequest()
  const sending = request.state === 'sending'
  const busy = sending || isPending
  // Do not replace the code while an operation or a check is using it.
  const blocked = acting || held
  const unknown = request.sendOutcome === 'unknown'

  function again(confirmResend: boolean) {
    if (busy || blocked || wait > 0) return
    setAsking(false)
    send(confirmResend ? { confirmResend } : {})
  }

  function goBack() {
    if (busy || blocked) return
    memory.wentBack(request.numberMasked)
    beforeChange?.()
    change.begin()
  }

  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <Button
        // If the code can no longer be used, sending again is the main action.
        variant={expired || over ? 'primary' : 'secondary'}
        busy={busy}
        busyLabel={t('sending')}
        unavailable={(wait > 0 || blocked) && !busy}
        onClick={() => (unknown ? setAsking(true) : again(false))}
      >
        {wait > 0 ? t('againIn', { time: clockText(wait) }) : t('again')}
      </Button>
      {!sending && (
        <p className="text-small text-text3">
          {words.wrong}{' '}
          <button
            type="button"
            className="link"
            aria-disabled={busy || blocked || undefined}
            onClick={goBack}
          >
            {words.change}
          </button>
        </p>
      )}
      <Dialog
        open={asking}
        onOpenChange={setAsking}
        title={t('againUnknown.title', { recipient: recipient.now })}
        actions={
          <>
            <Button onClick={() => setAsking(false)}>{common('cancel')}</Button>
            <Button variant="primary" onClick={() => again(true)}>
              {t('againUnknown.send')}
            </Button>
          </>
        }
      >
        {t('againUnknown.body', { cost: words.cost })}
      </Dialog>
    </div>
  )
}
