'use client'

import type { ReactNode } from 'react'
import type { FieldValues } from 'react-hook-form'
import { Banner } from '@/components/ui/banner'
import { wrongAttemptsMax } from '@/lib/contract/code-attempts'
import { useErrorWords } from '@/lib/i18n/error-words'
import { useTranslations } from '@/lib/i18n/translations'
import { ActCard, useActState } from '../act/act-card'
import type { useActForm } from '../act/act-form'
import type { Act } from '../flow'
import { useFlowFrame } from '../frame/flow-context'
import { FlowFailure } from '../frame/flow-failure'
import { LaterLink } from '../frame/links'
import { type Shown, userOf } from '../request'
import { CodeField, useCodeRefusal } from './code-field'
import { CodeLife } from './code-life'
import { NotDone } from './not-done'
import { SendAgain } from './send-again'
import { SentLine } from './sent-line'
import { useSends } from './use-sends'

/** Messages about the code that differ between flows. */
export interface CodeWords {
  /** While the operation is in flight: see `userOf`. */
  applying: string
  /**
   * For a previous operation that got no response and did nothing; takes the times it was sent and reconciled.
   */
  notDone: { title: string; body: (times: { time: string; checkedAt: string }) => string }
  /** A sentence on what a second send may use up. */
  cost: string
  /** The link back to the first step: "Wrong number?", "Change it". */
  wrong: string
  change: string
}

/**
 * The card of an operation that uses a code: where the code was sent and its status, the code field, its
 * expiry, and how to get another one; then the other fields of the form (as children, while the code can be
 * submitted). Give it a `key` of the request.
 * @param send sends again to the same recipient
 * @param beforeChange runs on the click that leads back to the first step
 */
export function CodeCard<In extends FieldValues, Out extends FieldValues, V>({
  act,
  send,
  words,
  beforeChange,
  children,
  ...button
}: {
  act: ReturnType<typeof useActForm<In, Out, V>>
  send: Act<Partial<Shown>>
  words: CodeWords
  beforeChange?: () => void
  verb: string
  busyVerb: string
  icon: ReactNode
  children: ReactNode
}) {
  const sends = useSends(send)
  // The refusal that led to this step, such as of a send while another operator's code was already open.
  const { refusal } = useFlowFrame()
  return (
    <ActCard
      act={act}
      others={[sends]}
      sent={
        <>
          {refusal && !act.failure && <FlowFailure error={refusal} />}
          <Standing words={words} />
          <NotDone {...words.notDone} />
          <CodeEntry />
          {!act.applying && !act.checkRunning && (
            <SendAgain sends={sends} words={words} beforeChange={beforeChange} />
          )}
        </>
      }
      leave={<LaterLink />}
      {...button}
    >
      {children}
    </ActCard>
  )
}

/** What is using the code right now, or where the code was sent. */
function Standing({ words }: { words: CodeWords }) {
  const t = useTranslations('flow.code')
  const { flow } = useFlowFrame()
  const act = useActState()
  if (act.applying) return <Banner tone="info">{words.applying}</Banner>
  return (
    <>
      {act.checkRunning && <Banner tone="info">{t('trying', userOf(flow))}</Banner>}
      <SentLine over={act.over} cost={words.cost} />
    </>
  )
}

function CodeEntry() {
  const errorWords = useErrorWords()
  const { over, open, fieldError, left } = useActState()
  const expiryShown = useCodeRefusal(fieldError)?.code === 'code.expired'
  const { cause, next } = errorWords({ code: 'code.no_attempts_left', params: { limit: wrongAttemptsMax } })
  return (
    <>
      {over && (
        <Banner tone="bad" role="alert" title={cause}>
          {next}
        </Banner>
      )}
      {open && <CodeField refused={fieldError} />}
      {open && !expiryShown && <CodeLife secondsLeft={left} />}
    </>
  )
}
