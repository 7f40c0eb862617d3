'use client'

import { type ReactNode, Suspense } from 'react'
import { FailureBanner } from '@/components/form/failure-banner'
import type { Part } from '@/components/shell/lazy-part'
import { type Crumb, Page } from '@/components/shell/page'
import { Stepper } from '@/components/ui/stepper'
import { failureOf } from '@/lib/browser/call'
import { useTranslations } from '@/lib/i18n/translations'
import type { AnyFlow } from '../flow'
import { Announcer, type News } from './announcer'
import { arrivalOf } from './countdown'
import { FlowMemoryProvider, useFlowMemory } from './flow-context'
import type { Change } from './use-change'

/** The steps by which a flow is told, in their order; none where what is shown has no steps here. */
export type Steps = readonly { key: string; name: string }[]

/**
 * The page of a whole flow at one URL: the server says which step is open, the children draw it. Give it a `key` of what
 * the flow is about, so that another one begins with nothing remembered.
 */
export function FlowFrame<F extends AnyFlow>({
  title,
  crumbs,
  query: { data: flow, error },
  steps,
  parts,
  position,
  stepOf = ({ step }) => step,
  change,
  news,
  children,
}: {
  title: string
  crumbs: Crumb[]
  query: { data: F | undefined; error: Error | null }
  steps: Steps
  /** What the steps are made of, where they come along later: all of them are there before any act. */
  parts: readonly Part[]
  /** How many steps are over: all of them, once the flow is. @param refused a refusal led to the step that is open */
  position: (flow: F, refused: boolean) => number
  /** What is drawn, where the page knows more of it than the server. */
  stepOf?: (flow: F) => string
  change: Change
  news: News
  /** @param asOf when this state of the flow arrived, for countdowns */
  children: (flow: F, asOf: number) => ReactNode
}) {
  const failure = failureOf(error)
  const banner = failure && <FailureBanner error={failure} />
  return (
    <Page title={title} crumbs={crumbs} ground="surface">
      {flow ? (
        <FlowMemoryProvider step={stepOf(flow)} total={steps.length} parts={parts} change={change}>
          <Announcer flow={flow} asOf={arrivalOf(flow)} news={news} />
          {steps.length > 0 && <FlowStepper steps={steps} position={(refused) => position(flow, refused)} />}
          {banner && <div className="mt-4 max-w-[61.5rem]">{banner}</div>}
          <Suspense>{children(flow, arrivalOf(flow))}</Suspense>
        </FlowMemoryProvider>
      ) : (
        banner
      )}
    </Page>
  )
}

function FlowStepper({ steps, position }: { steps: Steps; position: (refused: boolean) => number }) {
  const t = useTranslations('flow.steps')
  const now = position(useFlowMemory().refusal !== null)
  const total = steps.length
  return (
    <Stepper
      label={t('label')}
      text={t('position', { n: Math.min(now + 1, total), total })}
      doneText={t('doneText')}
      steps={steps.map(({ key, name }, index) => ({
        key,
        name,
        state: index < now ? 'done' : index === now ? 'now' : 'next',
      }))}
    />
  )
}
