'use client'

import { useState } from 'react'
import { Button } from '@/components/ui/button'
import type { ButtonSize } from '@/components/ui/button-class'
import { Dialog } from '@/components/ui/dialog'
import { failureOf } from '@/lib/browser/call'
import type { ShownError } from '@/lib/contract/errors'
import { useErrorWords } from '@/lib/i18n/error-words'
import { useTranslations } from '@/lib/i18n/translations'
import type { Act } from '../flow'
import { useFlowFrame, useOpenRequest } from '../frame/flow-context'
import { FlowFailure } from '../frame/flow-failure'

/** Ends a request for every operator, after confirmation. The caller shows its failure. */
export function DiscardButton<V>({
  act,
  input,
  words,
  size = 'default',
  unavailable = false,
}: {
  act: Act<V>
  input: V
  words: { verb: string; busy: string; title: string; body: string; confirm: string }
  size?: ButtonSize
  unavailable?: boolean
}) {
  const common = useTranslations('common')
  const { setRefusal } = useFlowFrame()
  const [asking, setAsking] = useState(false)

  function discard() {
    setAsking(false)
    setRefusal(null)
    if (!act.isPending) act.mutate(input)
  }

  return (
    <>
      <Button
        size={size}
        busy={act.isPending}
        busyLabel={words.busy}
        unavailable={unavailable}
        onClick={() => setAsking(!unavailable)}
      >
        {words.verb}
      </Button>
      <Dialog
        open={asking}
        onOpenChange={setAsking}
        title={words.title}
        actions={
          <>
            <Button onClick={() => setAsking(false)}>{common('cancel')}</Button>
            <Button variant="danger" onClick={discard}>
              {words.confirm}
            </Button>
          </>
        }
      >
        {words.body}
      </Dialog>
    </>
  )
}

/** Discards the open code: the button or, if this operator may not, who may. */
export function DiscardCode({ discard }: { discard: Act<{ requestId: string }> }) {
  const t = useTranslations('flow.discard')
  const { flow, recipient } = useFlowFrame()
  const { state, id } = useOpenRequest()
  const { discardRefusal } = flow
  if (state !== 'sent' && state !== 'unknown') return null
  const failure = failureOf(discard.error)
  if (discardRefusal && !failure) return <NotAllowed refusal={discardRefusal} />
  const words = {
    verb: t('verb'),
    busy: t('busy'),
    title: t('title', { recipient: recipient.now }),
    body: t('body'),
    confirm: t('confirm'),
  }
  return (
    <div className="grid justify-items-start gap-3">
      {failure && <FlowFailure error={failure} />}
      {!discardRefusal && <DiscardButton act={discard} input={{ requestId: id }} words={words} />}
    </div>
  )
}

/** Why this operator cannot discard a request. */
export function NotAllowed({ refusal }: { refusal: ShownError }) {
  const common = useTranslations('common')
  const { cause, next } = useErrorWords()(refusal)
  return <p className="text-small text-text3">{common('twoSentences', { first: cause, second: next })}</p>
}
