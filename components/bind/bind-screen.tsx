'use client'

import { FlowFrame } from '@/components/flow/frame/flow-frame'
import { useChange } from '@/components/flow/frame/use-change'
import { lazyPart } from '@/components/shell/lazy-part'
import type { Country } from '@/lib/contract/countries'
import type { BindFlow } from '@/lib/contract/phone'
import { useTranslations } from '@/lib/i18n/translations'
import { NumberStep } from './number-step'
import { useBindFlow } from './queries'

// Most visits begin with the number: the other steps come along when they are the one that is open.
const BlockedStep = lazyPart(() => import('./blocked-step').then((step) => step.BlockedStep))
const CheckingStep = lazyPart(() => import('./checking-step').then((step) => step.CheckingStep))
const CodeStep = lazyPart(() => import('./code-step').then((step) => step.CodeStep))
const DoneStep = lazyPart(() => import('./done-step').then((step) => step.DoneStep))
const parts = [BlockedStep, CheckingStep, CodeStep, DoneStep]

/** Where the flow is checking, the code step is not over. */
function positionOf(step: BindFlow['step'], refused: boolean): number {
  if (step === 'blocked') return refused ? 1 : 0
  return { number: 0, code: 1, checking: 1, done: 3 }[step]
}

/** The whole flow at one URL: the server says which step is open, this draws it. */
export function BindScreen({ memberId, countries }: { memberId: string; countries: Country[] }) {
  const t = useTranslations('bind')
  const flow = useTranslations('flow.steps')
  const shell = useTranslations('shell')
  const query = useBindFlow(memberId)
  const member = query.data?.member
  const change = useChange(query.data)
  const stepOf = ({ step }: BindFlow) => (change.on ? 'number' : step)
  return (
    <FlowFrame
      key={memberId}
      title={t('title')}
      crumbs={[
        { href: '/members', text: shell('members') },
        ...(member ? [{ href: `/members/${member.id}`, text: member.displayName }] : []),
      ]}
      query={query}
      steps={[
        { key: 'number', name: t('number.step') },
        { key: 'code', name: flow('code') },
        { key: 'done', name: flow('done') },
      ]}
      parts={parts}
      position={(state, refused) => positionOf(stepOf(state), refused)}
      stepOf={stepOf}
      change={change}
      news={{
        steps: { checking: t('announce.checking'), done: t('announce.bound') },
        found: t('announce.found'),
        notDone: t('announce.notBound'),
      }}
    >
      {(state, asOf) => <Step step={stepOf(state)} flow={state} asOf={asOf} countries={countries} />}
    </FlowFrame>
  )
}

function Step({
  step,
  flow,
  asOf,
  countries,
}: {
  /** What is drawn, where this tab went back. */
  step: BindFlow['step']
  flow: BindFlow
  asOf: number
  countries: Country[]
}) {
  switch (step) {
    case 'blocked':
      return <BlockedStep flow={flow} />
    case 'number':
      return <NumberStep flow={flow} asOf={asOf} countries={countries} />
    case 'code':
      return <CodeStep flow={flow} asOf={asOf} />
    case 'checking':
      return <CheckingStep flow={flow} />
    case 'done':
      return <DoneStep flow={flow} />
  }
}
