'use client'

import { Send } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from '@/components/ui/button'
import type { ShownError } from '@/lib/contract/errors'
import { useTranslations } from '@/lib/i18n/translations'
import { clockText } from '../frame/countdown'
import { CancelLink } from '../frame/links'
import { Refusal } from '../frame/refusal'

/**
 * Below the fields of a form that sends (see `useSendForm`): what was refused, the button with the remaining
 * cool-down, and the link that leaves the flow.
 * @param reportsRefusal see `Refusal`
 */
export function SendFoot({
  sends: { wait, isPending, isIdle, failure, ended, question },
  reportsRefusal,
  leave = <CancelLink />,
}: {
  sends: {
    wait: number
    isPending: boolean
    isIdle: boolean
    failure: ShownError | undefined
    ended: ShownError | undefined
    question: ReactNode
  }
  reportsRefusal?: boolean
  leave?: ReactNode
}) {
  const t = useTranslations('flow')
  return (
    <>
      <Refusal failures={[failure, ended]} idle={isIdle} reportsRefusal={reportsRefusal} />
      <div className="flex flex-wrap gap-2">
        <Button
          variant="primary"
          size="form"
          type="submit"
          icon={<Send />}
          busy={isPending}
          busyLabel={t('sending')}
          unavailable={wait > 0}
        >
          {wait > 0 ? t('sendIn', { time: clockText(wait) }) : t('send')}
        </Button>
        {leave}
      </div>
      {question}
    </>
  )
}
