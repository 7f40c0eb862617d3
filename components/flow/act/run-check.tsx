'use client'

import type { UseMutationResult } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useFormContext, useWatch } from 'react-hook-form'
import { Button } from '@/components/ui/button'
import { failureOf } from '@/lib/browser/call'
import type { ShownError } from '@/lib/contract/errors'
import { FlowFailure } from '../frame/flow-failure'
import { useActState } from './act-card'

/**
 * An optional check before the act of the card around it: changes nothing, but may use the code up. Give it to the act as
 * `check`, so that one waits for the other. What is wrong with a field is told there, as it is for the act.
 * @param fields that the check needs: with a mistake in one nothing is asked
 * @param words `note` on what the check may cost; `refused` what else is known of a refusal
 * @param wrongCode an answer that means a wrong code, as a refusal would say it
 * @param children the answer in words, which are said aloud; it goes when a field changes
 * @param details of the answer, to be read
 */
export function RunCheck<D, V>({
  check,
  fields,
  toInput,
  words,
  wrongCode = () => null,
  children,
  details,
}: {
  check: UseMutationResult<D, Error, V>
  fields: readonly string[]
  toInput: () => V
  words: { verb: string; busy: string; note: ReactNode; refused?: (refusal: ShownError) => ReactNode }
  wrongCode?: (answer: D) => ShownError | null
  children: (answer: D) => ReactNode
  details?: (answer: D) => ReactNode
}) {
  const act = useActState()
  const form = useFormContext()
  const typed = JSON.stringify(useWatch({ control: form.control, name: [...fields] }))
  const [asked, setAsked] = useState(typed)
  // Of what was typed since nothing was said.
  const { data, error } = asked === typed ? check : { data: undefined, error: null }
  const failure = failureOf(error)
  const answer = data !== undefined && !wrongCode(data) ? data : null

  async function run() {
    if (act.busy || act.held) return
    if (fields.length > 0 && !(await form.trigger(fields, { shouldFocus: true }))) return
    setAsked(JSON.stringify(form.getValues([...fields])))
    check.mutate(toInput(), {
      onSuccess: (data) => void act.tell(wrongCode(data)),
      onError: (error) => void act.tell(failureOf(error) ?? null),
    })
  }

  return (
    <div className="grid gap-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Button
          busy={check.isPending}
          busyLabel={words.busy}
          unavailable={act.busy || act.trying}
          onClick={run}
        >
          {words.verb}
        </Button>
        <p className="min-w-0 flex-1 basis-60 text-small text-text3">{words.note}</p>
      </div>
      {failure && !act.shownAtField(failure) && (
        <FlowFailure error={failure}>{words.refused?.(failure)}</FlowFailure>
      )}
      {/* There before the answer is, so that it is said aloud when it comes. */}
      <div role="status">{answer !== null && children(answer)}</div>
      {answer !== null && details?.(answer)}
    </div>
  )
}
