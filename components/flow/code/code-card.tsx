'use client'

import type { ComponentProps, ReactNode } from 'react'
import type { FieldValues } from 'react-hook-form'
import { Banner } from '@/components/ui/banner'
import type { CodeRequestView } from '@/lib/contract/code-flow'
import { wrongTriesMax } from '@/lib/contract/code-tries'
import { useErrorWords } from '@/lib/i18n/error-words'
import { useTranslations } from '@/lib/i18n/translations'
import { ActCard } from '../act/act-card'
import type { ActState, useActForm } from '../act/act-form'
import type { AnyFlow } from '../flow'
import { useFlowMemory } from '../frame/flow-context'
import { FlowFailure } from '../frame/flow-failure'
import { userOf } from '../request'
import { CodeField, useCodeRefusal } from './code-field'
import { CodeLife } from './code-life'
import { NotDone } from './not-done'
import { SendAgain } from './send-again'
import { SentLine } from './sent-line'
import { usePause } from './use-pause'

/**
 * The card of an act that uses a code: where that went and how it stands, the field for it, its life and the ways to another
 * one; then what the act's form asks beside it (as children, where the code may be tried). Give it a `key` of the request.
 * @param recipient see `CodeLayout`; `recipientBefore` the same of the code before, where that went to somebody else
 * @param applying what is said while the act is under way: see `userOf`
 * @param notDone what is said where an act before this one had no answer and did nothing
 */
export function CodeCard<In extends FieldValues, Out extends FieldValues, V, S>({
  flow,
  request,
  recipient,
  recipientBefore,
  asOf,
  act,
  applying,
  notDone,
  send,
  change,
  cost,
  children,
  ...card
}: {
  flow: AnyFlow
  act: ReturnType<typeof useActForm<In, Out, V>>
  request: CodeRequestView
  asOf: number
  recipientBefore: string | null
  applying: string
  notDone: Omit<ComponentProps<typeof NotDone>, 'request'>
  verb: string
  busyVerb: string
  icon: ReactNode
  leave: ReactNode
  children: ReactNode
} & Pick<ComponentProps<typeof SendAgain<S>>, 'recipient' | 'send' | 'change' | 'cost'>) {
  const sends = { flow, request, recipient }
  const { wait, failure } = usePause(flow, asOf, send.act)
  // What was asked for before this code was there, or while another operator's was: it came to nothing.
  const { refusal } = useFlowMemory()
  return (
    <ActCard
      flow={flow}
      act={act}
      others={[{ failure, isIdle: send.act.isIdle }]}
      sent={
        <>
          {refusal && !act.failure && <FlowFailure error={refusal} />}
          <Standing {...sends} recipientBefore={recipientBefore} act={act} applying={applying} cost={cost} />
          <NotDone request={request} {...notDone} />
          <CodeEntry request={request} act={act} />
          {!act.applying && !act.trying && (
            <SendAgain
              request={request}
              recipient={recipient}
              wait={wait}
              act={act}
              send={send}
              change={change}
              cost={cost}
            />
          )}
        </>
      }
      {...card}
    >
      {children}
    </ActCard>
  )
}

/** What the code is used for right now, or where it went. */
function Standing({
  flow,
  request,
  recipient,
  recipientBefore,
  act,
  applying,
  cost,
}: {
  flow: AnyFlow
  request: CodeRequestView
  recipient: string
  recipientBefore: string | null
  act: ActState
  applying: string
  cost: string
}) {
  const t = useTranslations('flow.code')
  if (act.applying) return <Banner tone="info">{applying}</Banner>
  return (
    <>
      {act.trying && <Banner tone="info">{t('trying', userOf(flow))}</Banner>}
      <SentLine
        flow={flow}
        request={request}
        recipient={recipient}
        recipientBefore={recipientBefore}
        over={act.over}
        cost={cost}
      />
    </>
  )
}

function CodeEntry({ request, act }: { request: CodeRequestView; act: ActState }) {
  const errorWords = useErrorWords()
  const saidExpired = useCodeRefusal(act.told)?.code === 'code.expired'
  const { cause, next } = errorWords({ code: 'code.no_tries_left', params: { limit: wrongTriesMax } })
  return (
    <>
      {act.over && (
        <Banner tone="bad" role="alert" title={cause}>
          {next}
        </Banner>
      )}
      {act.open && <CodeField told={act.told} />}
      {act.open && !saidExpired && <CodeLife request={request} secondsLeft={act.left} />}
    </>
  )
}
