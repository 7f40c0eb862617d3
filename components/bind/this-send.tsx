'use client'

import { useTranslations } from 'next-intl'
import { Card, CardBody, CardHead } from '@/components/ui/card'
import { CopyButton } from '@/components/ui/copy-button'
import { DescriptionList, DescriptionRow } from '@/components/ui/description-list'
import type { BindFlow, CodeRequestView } from '@/lib/contract/phone'

/** The facts of the send that support would ask for. */
export function ThisSend({ flow, request }: { flow: BindFlow; request: CodeRequestView }) {
  const t = useTranslations('bind.thisSend')
  const common = useTranslations('common')
  return (
    <Card aria-labelledby="this-send">
      <CardHead id="this-send" title={t('title')} />
      <CardBody>
        <DescriptionList>
          <DescriptionRow label={t('result')}>
            {t(`outcome.${request.sendOutcome ?? 'sending'}`)}
          </DescriptionRow>
          <DescriptionRow label={t('by')}>{request.operatorName}</DescriptionRow>
          <DescriptionRow label={t('sentAs')}>
            <span className="whitespace-nowrap tabular-nums">{request.numberMasked.slice(1)}</span>
          </DescriptionRow>
          <DescriptionRow label={t('today')}>{t('codes', { count: flow.sentToday })}</DescriptionRow>
          <DescriptionRow label={t('requestId')} stacked>
            {request.sendRequestId ? (
              <RequestId id={request.sendRequestId} />
            ) : request.state === 'sending' ? (
              common('none')
            ) : (
              t('noRequestId')
            )}
          </DescriptionRow>
        </DescriptionList>
      </CardBody>
    </Card>
  )
}

/** A RequestId in full, with its copy button. */
export function RequestId({ id }: { id: string }) {
  const t = useTranslations('common')
  return (
    <span className="inline-flex max-w-full items-center gap-1.5">
      <span className="min-w-0 font-mono text-mono wrap-anywhere">{id}</span>
      <CopyButton
        value={id}
        label={t('copyValue', { what: t('requestId') })}
        copiedLabel={t('copied')}
        failedLabel={t('copyFailed')}
      />
    </span>
  )
}
