'use client'

import type { ReactNode } from 'react'
import { useTranslations } from '@/lib/i18n/translations'
import type { Act } from '../flow'
import { useOpenRequest } from '../frame/flow-context'
import { StepLayout } from '../frame/step-layout'
import { DiscardCode } from './discard'
import { NotArrived } from './not-arrived'
import { ThisSend } from './this-send'

/**
 * The step where a code is entered (its card as child). Beside it: what to try if no code arrives, and what
 * support would ask about the send.
 * @param tips as `<li>`; `SmsTips` for text messages
 * @param today how many codes this console sent in 24 hours, and for what
 * @param helper above those, if another person receives the code
 */
export function CodeLayout({
  title,
  note,
  tips,
  today,
  helper,
  discard,
  children,
}: {
  title?: string
  note: ReactNode
  tips: ReactNode
  today: string
  helper?: ReactNode
  discard: Act<{ requestId: string }>
  children: ReactNode
}) {
  const t = useTranslations('flow.code')
  const { id } = useOpenRequest()
  return (
    <StepLayout
      title={title ?? t('title')}
      note={note}
      side={
        <>
          {helper}
          <NotArrived key={id}>{tips}</NotArrived>
          <ThisSend today={today}>
            <DiscardCode discard={discard} />
          </ThisSend>
        </>
      }
    >
      {children}
    </StepLayout>
  )
}
