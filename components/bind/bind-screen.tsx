'use client'

import { FlowFrame } from '@/components/flow/frame/flow-frame'
import { useChange } from '@/components/flow/frame/use-change'
import { lazyPart } from '@/components/shell/lazy-part'
import { useFlowHost } from '@/components/shell/me'
import { Page } from '@/components/shell/page'
import type { Country } from '@/lib/contract/countries'
import type { BindFlow } from '@/lib/contract/phone'
import { useNumberWords } from '@/lib/i18n/number-words'
import { useTranslations } from '@/lib/i18n/translations'
import { NumberStep } from './number-step'
import { useBindFlow } from './queries'

// Most visits start with the number step, so the other steps are loaded only when they open.
const BlockedStep = lazyPart(() => import('./blocked-step').then((step) => step.BlockedStep))
const CheckingStep = lazyPart(() => import('./checking-step').then((step) => step.CheckingStep))
const CodeStep = lazyPart(() => import('./code-step').then((step) => step.CodeStep))
const DoneStep = lazyPart(() => import('./done-step').then((step) => step.DoneStep))
const NextMember = lazyPart(() => import('./next-member').then((card) => card.NextMember))
const parts = [BlockedStep, CheckingStep, CodeStep, DoneStep, NextMember]

/** While the outcome is being checked, the code step is not finished yet. */
function positionOf(step: BindFlow['step'], refused: boolean): number {
  if (step === 'blocked') return refused ? 1 : 0
  return { number: 0, code: 1, checking: 1, done: 3 }[step]
}

/** The whole flow has one URL: the server decides which step is open, and this renders it. */
export function BindScreen({ memberId, countries }: { memberId: string; countries: Country[] }) {
  const t = useTranslations('bind')
  const flow = useTranslations('flow.steps')
  const shell = useTranslations('shell')
  const numberWords = useNumberWords()
  const host = useFlowHost()
  const query = useBindFlow(memberId, host)
  const member = query.data?.member
  const name = member?.displayName ?? ''
  const href = `/members/${memberId}`
  const change = useChange(query.data)
  const stepOf = ({ step }: BindFlow) => (change.on ? 'number' : step)
  return (
    <Page
      title={t('title')}
      crumbs={[{ href: '/members', text: shell('members') }, ...(member ? [{ href, text: name }] : [])]}
      ground="surface"
    >
      <FlowFrame
        key={memberId}
        host={host}
        query={query}
        steps={[
          { key: 'number', name: t('number.step') },
          { key: 'code', name: flow('code') },
          { key: 'done', name: flow('done') },
        ]}
        parts={parts}
        position={(state, refused) => positionOf(stepOf(state), refused)}
        stepOf={stepOf}
        recipient={({ request, replaced }) => ({
          now: numberWords(request),
          before: replaced && numberWords(replaced),
        })}
        exits={{
          leave: href,
          back: { href, text: t('blocked.back', { member: name }) },
          done: { href, text: t('done.open', { member: name }) },
        }}
        change={change}
        news={{
          steps: { checking: t('announce.checking'), done: t('announce.bound') },
          found: t('announce.found'),
          notDone: t('announce.notBound'),
        }}
      >
        {(state) => {
          switch (stepOf(state)) {
            case 'blocked':
              return <BlockedStep flow={state} Next={NextMember} />
            case 'number':
              return <NumberStep flow={state} countries={countries} />
            case 'code':
              return <CodeStep flow={state} />
            case 'checking':
              return <CheckingStep flow={state} />
            case 'done':
              return <DoneStep flow={state} Next={NextMember} />
          }
        }}
      </FlowFrame>
    </Page>
  )
}
