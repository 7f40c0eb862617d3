'use client'

import type { ReactNode } from 'react'
import { Card, CardBody, CardHead } from '@/components/ui/card'
import { DescriptionList, DescriptionRow } from '@/components/ui/description-list'
import { useNumberWords } from '@/lib/i18n/number-words'
import { useTranslations } from '@/lib/i18n/translations'
import { useFlowFrame, useOpenRequest } from '../frame/flow-context'
import { recipientClass } from '../request'
import { RequestId } from '../result/request-id'

/**
 * The facts about the send that support would ask for.
 * @param today how many codes this console sent in 24 hours, and for what
 */
export function ThisSend({
  today,
  children,
}: {
  today: string
  /** What can be done about the send. */
  children: ReactNode
}) {
  const t = useTranslations('flow.thisSend')
  const common = useTranslations('common')
  const numberWords = useNumberWords()
  const { recipient } = useFlowFrame()
  const request = useOpenRequest()
  const { numberMasked, alike } = request
  return (
    <Card aria-labelledby="this-send">
      <CardHead id="this-send" title={t('title')} />
      <CardBody>
        <DescriptionList>
          <DescriptionRow label={t('result')}>
            {t(`outcome.${request.sendOutcome ?? 'sending'}`)}
          </DescriptionRow>
          <DescriptionRow label={t('by')}>{request.operatorName}</DescriptionRow>
          {numberMasked ? (
            <DescriptionRow label={t('sentAs')}>
              <span className={recipientClass(request)}>
                {numberWords({ numberMasked: numberMasked.slice(1), alike })}
              </span>
            </DescriptionRow>
          ) : (
            <DescriptionRow label={t('sentTo')}>{recipient.now}</DescriptionRow>
          )}
          <DescriptionRow label={t('today')}>{today}</DescriptionRow>
          <DescriptionRow label={common('requestId')} stacked>
            {request.state === 'sending' ? common('none') : <RequestId id={request.sendRequestId} />}
          </DescriptionRow>
        </DescriptionList>
        <div className="mt-3 empty:hidden">{children}</div>
      </CardBody>
    </Card>
  )
}
