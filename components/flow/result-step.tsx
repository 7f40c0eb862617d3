'use client'

import { ShieldCheck } from 'lucide-react'
import { useFormatter, useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { Banner } from '@/components/ui/banner'
import { Card, CardBody } from '@/components/ui/card'
import { DescriptionList, DescriptionRow } from '@/components/ui/description-list'
import type { CodeRequestView } from '@/lib/contract/code-flow'
import { FlowFailure } from './flow-failure'
import { useFlowMemory } from './flow-memory'
import { isConfirmed } from './request'
import { RequestId } from './request-id'
import { StepLayout } from './step-layout'

/**
 * The proof: what was done, as `DescriptionRow`s.
 * @param request null where the state came about without this console: give a note of your own then
 * @param found what a look-up cannot tell, in place of the confirmation that never came
 * @param foot under the facts: the calls as commands, the ways on
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
  note?: string
  found: { why: string; body: string }
  side?: ReactNode
  foot: ReactNode
  children: ReactNode
}) {
  const settled = useSettled(request)
  // What this tab asked for may not be what was done.
  const { refusal } = useFlowMemory()
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
      <Card>
        <CardBody>
          <DescriptionList>{children}</DescriptionList>
        </CardBody>
      </Card>
      {foot}
    </StepLayout>
  )
}

function useSettled(request: CodeRequestView | null): string | null {
  const t = useTranslations('flow.result')
  const format = useFormatter()
  if (!request) return null
  const at = request.applySettledAt ?? request.lookedUpAt ?? request.startedAt
  return t(isConfirmed(request) ? 'confirmed' : 'found', { time: format.dateTime(new Date(at), 'proof') })
}

/**
 * Rows of the result: who, and the RequestIds of the send and of the act.
 * @param by who did it, where that is confirmed: "Bound by"
 * @param applyId "Bind RequestId"
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
      {request.coded && (
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
