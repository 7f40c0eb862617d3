'use client'

import { type ReactNode, Suspense } from 'react'
import { FailureBanner } from '@/components/form/failure-banner'
import type { Part } from '@/components/shell/lazy-part'
import { Stepper } from '@/components/ui/stepper'
import { failureOf } from '@/lib/browser/call'
import { useTranslations } from '@/lib/i18n/translations'
import type { AnyFlow, Exits, Recipient } from '../flow'
import { Announcer, type News } from './announcer'
import { arrivalOf } from './countdown'
import { type FlowHost, FlowProvider, useFlowFrame } from './flow-context'
import type { Change } from './use-change'

/** The steps by which a flow is told, in their order; none where what is shown has no steps here. */
export type Steps = readonly { key: string; name: string }[]

/**
 * A whole flow at one URL: the server says which step is open, the children draw it. Give it a `key` of what the flow is
 * about, so that another one begins with nothing remembered.
 */
export function FlowFrame<F extends AnyFlow>({
  host,
  query: { data: flow, error },
  steps,
  parts,
  position,
  stepOf = ({ step }) => step,
  recipient,
  exits,
  change,
  news,
  children,
}: {
  host: FlowHost
  query: { data: F | undefined; error: Error | null }
  steps: Steps
  /** What the steps are made of, where they come along later: all of them are there before any act. */
  parts: readonly Part[]
  /** How many steps are over: all of them, once the flow is. @param refused a refusal led to the step that is open */
  position: (flow: F, refused: boolean) => number
  /** What is drawn, where the page knows more of it than the server. */
  stepOf?: (flow: F) => string
  recipient: (flow: F) => Recipient
  exits: Exits
  change: Change
  news: News
  children: (flow: F) => ReactNode
}) {
  const failure = failureOf(error)
  const banner = failure && <FailureBanner error={failure} />
  if (!flow) return banner
  return (
    <FlowProvider
      flow={flow}
      asOf={arrivalOf(flow)}
      recipient={recipient(flow)}
      host={host}
      exits={exits}
      step={stepOf(flow)}
      total={steps.length}
      position={(refused) => position(flow, refused)}
      parts={parts}
      change={change}
    >
      <Announcer news={news} />
      {steps.length > 0 && <FlowStepper steps={steps} />}
      {banner && <div className="mt-4 max-w-[61.5rem]">{banner}</div>}
      <Suspense>{children(flow)}</Suspense>
    </FlowProvider>
  )
}

function FlowStepper({ steps }: { steps: Steps }) {
  const t = useTranslations('flow.steps')
  const { number, total } = useFlowFrame()
  const now = number - 1
  return (
    <Stepper
      label={t('label')}
      text={t('position', { n: Math.min(number, total), total })}
      doneText={t('doneText')}
      steps={steps.map(({ key, name }, index) => ({
        key,
        name,
        state: index < now ? 'done' : index === now ? 'now' : 'next',
      }))}
    />
  )
}
