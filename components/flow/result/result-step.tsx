'use client'

import { ShieldCheck } from 'lucide-react'
import { useFormatter } from 'next-intl'
import { type ReactNode, useRef } from 'react'
import { Banner } from '@/components/ui/banner'
import { Card, CardBody, CardHead } from '@/components/ui/card'
import { CopyButton } from '@/components/ui/copy-button'
import { DescriptionList, DescriptionRow } from '@/components/ui/description-list'
import type { CodeRequestView } from '@/lib/contract/code-flow'
import { useTranslations } from '@/lib/i18n/translations'
import { useFlowFrame } from '../frame/flow-context'
import { FlowFailure } from '../frame/flow-failure'
import { StepLayout } from '../frame/step-layout'
import { isConfirmed } from '../request'
import { RequestId } from './request-id'

/**
 * The proof: what was done, as `DescriptionRow`s.
 * @param request null if the state was reached without this console: pass your own `note` then
 * @param found what a reconciliation cannot show, if no response confirmed the operation
 * @param foot below the facts: the calls as commands, and links to continue
 */
export function ResultStep({
  request,
  title,
  note,
  found,
  side,
  foot,
  children,
}: {
  request: CodeRequestView | null
  title: string
  note?: string | undefined
  found: { why: string; body: string }
  side?: ReactNode
  foot: ReactNode
  children: ReactNode
}) {
  const t = useTranslations('flow.result')
  const common = useTranslations('common')
  const settled = useSettled(request)
  const facts = useRef<HTMLDivElement>(null)
  // What this tab requested may not be what was done.
  const { refusal } = useFlowFrame()
  return (
    <StepLayout
      icon={
        <span className="grid size-9 shrink-0 place-items-center rounded-full bg-okSoft text-okText">
          <ShieldCheck className="size-5" />
        </span>
      }
      title={title}
      note={note ?? settled}
      side={side}
    >
      {refusal && <FlowFailure error={refusal} />}
      {request && !isConfirmed(request) && (
        <Banner tone="info" title={found.why}>
          {found.body}
        </Banner>
      )}
      <Card aria-labelledby="result">
        <CardHead
          id="result"
          title={t('facts')}
          end={
            <CopyButton
              value={() => [title, note ?? settled, ...rowsOf(facts.current)].filter(Boolean).join('\n')}
              label={t('copyAll')}
              copiedLabel={common('copied')}
              failedLabel={common('copyFailed')}
            >
              {t('copyAll')}
            </CopyButton>
          }
        />
        <CardBody ref={facts}>
          <DescriptionList>{children}</DescriptionList>
        </CardBody>
      </Card>
      {foot}
    </StepLayout>
  )
}

/** Each row as plain text: `Directory ID: rd-h4Rb0u`. */
function rowsOf(facts: HTMLElement | null): string[] {
  const terms = [...(facts?.querySelectorAll('dt') ?? [])]
  return terms.map((term) => {
    const value = term.nextElementSibling
    return `${term.innerText.trim()}: ${value instanceof HTMLElement ? value.innerText.trim() : ''}`
  })
}

function useSettled(request: CodeRequestView | null): string | null {
  const t = useTranslations('flow.result')
  const format = useFormatter()
  if (!request) return null
  const confirmed = isConfirmed(request)
  // Without a response, the operation was settled as unknown before a reconciliation found its result.
  const at = (confirmed ? request.applySettledAt : request.reconciledAt) ?? request.startedAt
  return t(confirmed ? 'confirmed' : 'found', { time: format.dateTime(new Date(at), 'proof') })
}

/**
 * Rows of the result: who did it, and the RequestIds of the send and of the operation.
 * @param by label for who did it, if that is confirmed: "Bound by"
 * @param applyId label: "Bind RequestId"
 */
export function ProofRows({
  request,
  by,
  applyId,
}: {
  request: CodeRequestView
  by: string
  applyId: string
}) {
  const t = useTranslations('flow.result')
  return (
    <>
      <DescriptionRow label={isConfirmed(request) ? by : t('askedBy')}>
        {request.applyOperatorName ?? request.operatorName}
      </DescriptionRow>
      {request.requiresCode && (
        <DescriptionRow label={t('sendId')}>
          <RequestId id={request.sendRequestId} />
        </DescriptionRow>
      )}
      <DescriptionRow label={applyId}>
        <RequestId id={request.applyRequestId} />
      </DescriptionRow>
    </>
  )
}
