'use client'

import { MessageSquareLock } from 'lucide-react'
import type { ReactNode } from 'react'
import { confirmLeave } from '@/components/shell/leave'
import { useTranslations } from '@/lib/i18n/translations'
import { useFlowFrame } from '../frame/flow-context'
import { recipientClass } from '../request'

/** After going back to an earlier step: the code that is still open, and the link back to it. */
export function StillOpen() {
  const t = useTranslations('flow.stillOpen')
  const {
    flow: { request },
    recipient,
    change,
    memory,
  } = useFlowFrame()
  if (!change.on || !request) return null
  const b = (words: ReactNode) => (
    <strong className={`font-medium text-text ${recipientClass(request)}`}>{words}</strong>
  )

  function back() {
    memory.cameBackToCode()
    change.end()
  }

  return (
    <div className="flex gap-2.5 rounded-panel border border-line bg-canvas px-4 py-3 text-text2">
      <MessageSquareLock className="mt-0.5 shrink-0" />
      <p className="min-w-0">
        {t.rich(request.sendOutcome === 'unknown' ? 'unknown' : 'accepted', {
          recipient: recipient.now,
          by: request.byYou ? 'you' : 'other',
          name: request.operatorName,
          b,
        })}{' '}
        <button type="button" className="link" onClick={() => confirmLeave(back)}>
          {t('back')}
        </button>
      </p>
    </div>
  )
}
