'use client'

import type { ReactNode } from 'react'
import type { CodeRequestView } from '@/lib/contract/code-flow'
import { useTranslations } from '@/lib/i18n/translations'
import { StepLayout } from '../frame/step-layout'
import { NotArrived } from './not-arrived'
import { ThisSend } from './this-send'

/**
 * The step where a code is entered (its card as child); at the side what to try when none comes, and what support would
 * ask for of its send.
 * @param recipient in words that fit into a sentence: a masked number, or whose phone or mailbox it is
 * @param tips as `<li>`; `SmsTips` for text messages
 * @param today how many codes this console sent in 24 hours, and for what
 * @param helper above those, where another person reads the code
 * @param discard see `DiscardCode`
 */
export function CodeLayout({
  title,
  step,
  note,
  request,
  recipient,
  tips,
  today,
  helper,
  discard,
  children,
}: {
  title?: string
  step: number
  note: ReactNode
  request: CodeRequestView
  recipient: string
  tips: ReactNode
  today: string
  helper?: ReactNode
  discard: ReactNode
  children: ReactNode
}) {
  const t = useTranslations('flow.code')
  return (
    <StepLayout
      title={title ?? t('title')}
      step={step}
      note={note}
      side={
        <>
          {helper}
          <NotArrived key={request.id} request={request}>
            {tips}
          </NotArrived>
          <ThisSend request={request} recipient={recipient} today={today}>
            {discard}
          </ThisSend>
        </>
      }
    >
      {children}
    </StepLayout>
  )
}
