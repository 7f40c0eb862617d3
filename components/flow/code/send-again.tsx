'use client'

import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import type { CodeRequestView } from '@/lib/contract/code-flow'
import { useTranslations } from '@/lib/i18n/translations'
import type { ActState } from '../act/act-form'
import type { Act } from '../flow'
import { clockText } from '../frame/countdown'
import { useFlowMemory, useSend } from '../frame/flow-context'

/**
 * Send again, with the cool-down the server keeps, and the way back from a wrong recipient.
 * @param send `knowingly`: the operator was told that the outcome of the last send is not known
 * @param change the way back to the first step: "Wrong number?", "Change it"; `before` is done on the press
 * @param cost a sentence on what a second send may use up
 */
export function SendAgain<S>({
  request,
  recipient,
  wait,
  act: { ranOut, over, busy: acting, held },
  send,
  change,
  cost,
}: {
  request: CodeRequestView
  recipient: string
  /** See `usePause`. */
  wait: number
  act: ActState
  send: { act: Act<S>; toInput: (once: { knowingly?: true }) => S }
  change: { question: string; verb: string; before?: () => void }
  cost: string
}) {
  const t = useTranslations('flow')
  const common = useTranslations('common')
  const [asking, setAsking] = useState(false)
  const { notes, change: way } = useFlowMemory()
  const sendOnce = useSend(send.act)
  const sending = request.state === 'sending'
  const busy = sending || send.act.isPending
  // What uses the code must not lose it meanwhile.
  const blocked = acting || held
  const unknown = request.sendOutcome === 'unknown'

  function again(knowingly: boolean) {
    if (busy || blocked || wait > 0) return
    setAsking(false)
    sendOnce(send.toInput(knowingly ? { knowingly } : {}))
  }

  function goBack() {
    if (busy || blocked) return
    Object.assign(notes.current, { firstFieldNext: true, numberBefore: request.numberMasked })
    change.before?.()
    way.begin()
  }

  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <Button
        // Where the code cannot be used any more, sending again is what there is to do.
        variant={ranOut || over ? 'primary' : 'secondary'}
        busy={busy}
        busyLabel={t('sending')}
        unavailable={(wait > 0 || blocked) && !busy}
        onClick={() => (unknown ? setAsking(true) : again(false))}
      >
        {wait > 0 ? t('againIn', { time: clockText(wait) }) : t('again')}
      </Button>
      {!sending && (
        <p className="text-small text-text3">
          {change.question}{' '}
          <button
            type="button"
            className="link"
            aria-disabled={busy || blocked || undefined}
            onClick={goBack}
          >
            {change.verb}
          </button>
        </p>
      )}
      <Dialog
        open={asking}
        onOpenChange={setAsking}
        title={t('againUnknown.title', { recipient })}
        actions={
          <>
            <Button onClick={() => setAsking(false)}>{common('cancel')}</Button>
            <Button variant="primary" onClick={() => again(true)}>
              {t('againUnknown.send')}
            </Button>
          </>
        }
      >
        {t('againUnknown.body', { cost })}
      </Dialog>
    </div>
  )
}
