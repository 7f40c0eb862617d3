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

/** The steps of a flow, in order; empty if what is shown has no steps here. */
export type Steps = readonly { key: string; name: string }[]

/**
 * A whole flow at one URL: the server decides which step is open, and the children render it. Give it a `key`
 * of what the flow is about, so that another one starts with an empty memory.
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
  /** The steps that are loaded lazily: all of them are loaded before any operation. */
  parts: readonly Part[]
  /**
   * The number of finished steps: all of them, once the flow is done.
   * @param refused a refusal led to the open step
   */
  position: (flow: F, refused: boolean) => number
  /** The step on screen, if the page knows more about it than the server. */
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
