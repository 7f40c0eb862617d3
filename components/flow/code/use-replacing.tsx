'use client'

import { useFormatter } from 'next-intl'
import { type ReactNode, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { useTranslations } from '@/lib/i18n/translations'
import { useFlowFrame } from '../frame/flow-context'

/** A send from the first step asks for confirmation if it replaces a code that another operator requested. */
export function useReplacing<V>(send: (input: V) => void): { send(input: V): void; question: ReactNode } {
  const t = useTranslations('flow.replace')
  const common = useTranslations('common')
  const format = useFormatter()
  const {
    flow: { request },
    recipient,
    change,
  } = useFlowFrame()
  const [asking, setAsking] = useState(false)
  const [input, setInput] = useState<V | null>(null)
  const others = change.on && request && !request.byYou ? request : null

  function close(open: boolean) {
    setAsking(open)
    // A number must not be kept longer than its form.
    if (!open) setInput(null)
  }

  return {
    send(wanted) {
      if (!others) return send(wanted)
      setInput(() => wanted)
      setAsking(true)
    },
    question: others && (
      <Dialog
        open={asking}
        onOpenChange={close}
        title={t('title', { name: others.operatorName })}
        actions={
          <>
            <Button onClick={() => close(false)}>{common('cancel')}</Button>
            <Button
              variant="primary"
              onClick={() => {
                close(false)
                if (input !== null) send(input)
              }}
            >
              {t('confirm')}
            </Button>
          </>
        }
      >
        {t('body', {
          name: others.operatorName,
          recipient: recipient.now,
          time: format.dateTime(new Date(others.settledAt ?? others.startedAt), 'second'),
        })}
      </Dialog>
    ),
  }
}
