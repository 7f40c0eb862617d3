'use client'

import dynamic from 'next/dynamic'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { FailureBanner } from '@/components/form/failure-banner'
import { Page } from '@/components/shell/page'
import { Stepper } from '@/components/ui/stepper'
import type { Country } from '@/lib/contract/countries'
import type { ErrorBody } from '@/lib/contract/errors'
import type { BindFlow } from '@/lib/contract/phone'
import { Announcer } from './announcer'
import { FlowMemoryProvider } from './flow-memory'
import { NumberStep } from './number-step'
import { failureOf, useBindFlow } from './queries'
import { stepTotal } from './step-layout'
import { arrivalOf } from './use-countdown'

// Most visits begin with the number: the other steps come along when they are the one that is open.
const BlockedStep = dynamic(() => import('./blocked-step').then((step) => step.BlockedStep))
const CheckingStep = dynamic(() => import('./checking-step').then((step) => step.CheckingStep))
const CodeStep = dynamic(() => import('./code-step').then((step) => step.CodeStep))
const DoneStep = dynamic(() => import('./done-step').then((step) => step.DoneStep))

const steps = ['number', 'code', 'done'] as const satisfies { length: typeof stepTotal }

/** Which of the three dots is current; where the flow is checking, the code step is not over. */
function positionOf(step: BindFlow['step'], refused: boolean): number {
  if (step === 'blocked') return refused ? 1 : 0
  return { number: 0, code: 1, checking: 1, done: 3 }[step]
}

/** The whole flow at one URL: the server says which step is open, this draws it. */
export function BindScreen({ memberId, countries }: { memberId: string; countries: Country[] }) {
  const t = useTranslations('bind')
  const shell = useTranslations('shell')
  const { data: flow, error } = useBindFlow(memberId)
  const failure = failureOf(error)
  const member = flow?.member
  const crumbs = [
    { href: '/members', text: shell('members') },
    ...(member ? [{ href: `/members/${member.id}`, text: member.displayName }] : []),
  ]
  return (
    <Page title={t('title')} crumbs={crumbs} ground="surface">
      {flow && (
        <Flow key={memberId} flow={flow} asOf={arrivalOf(flow)} countries={countries} failure={failure} />
      )}
      {!flow && failure && <FailureBanner error={failure.body} />}
    </Page>
  )
}

function Flow({
  flow,
  asOf,
  countries,
  failure,
}: {
  flow: BindFlow
  asOf: number
  countries: Country[]
  failure: ReturnType<typeof failureOf>
}) {
  const t = useTranslations('bind')
  // A refusal that ends the code step is told on the step it leads to.
  const [refusal, setRefusal] = useState<ErrorBody | null>(null)
  const position = positionOf(flow.step, refusal !== null)
  return (
    <FlowMemoryProvider step={flow.step} countries={countries}>
      <Announcer flow={flow} asOf={asOf} />
      <Stepper
        label={t('steps.label')}
        text={t('steps.position', { n: Math.min(position + 1, stepTotal), total: stepTotal })}
        doneText={t('steps.doneText')}
        steps={steps.map((key, index) => ({
          key,
          name: t(`steps.${key}`),
          state: index < position ? 'done' : index === position ? 'now' : 'next',
        }))}
      />
      {failure && (
        <div className="mt-4 max-w-[61.5rem]">
          <FailureBanner error={failure.body} />
        </div>
      )}
      <Step flow={flow} asOf={asOf} countries={countries} refusal={refusal} onRefused={setRefusal} />
    </FlowMemoryProvider>
  )
}

function Step({
  flow,
  asOf,
  countries,
  refusal,
  onRefused,
}: {
  flow: BindFlow
  asOf: number
  countries: Country[]
  refusal: ErrorBody | null
  onRefused: (refusal: ErrorBody | null) => void
}) {
  switch (flow.step) {
    case 'blocked':
      return <BlockedStep flow={flow} refusal={refusal} />
    case 'number':
      return <NumberStep flow={flow} asOf={asOf} countries={countries} refusal={refusal} />
    case 'code':
      return <CodeStep flow={flow} asOf={asOf} onRefused={onRefused} />
    case 'checking':
      return <CheckingStep flow={flow} />
    case 'done':
      return <DoneStep flow={flow} />
  }
}
