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
 * An optional check before the operation of the surrounding card: it changes nothing, but may use up the
 * code. Pass it to `useActForm` as `check`, so that each waits for the other. Errors about a field are shown
 * there, as for the operation.
 * @param fields the fields that the check needs: it does not run while one of them is invalid
 * @param words `note`: what the check may cost; `refused`: what else is known about a refusal
 * @param wrongCode turns an answer that means a wrong code into the corresponding refusal
 * @param children the answer as text, announced by screen readers; removed when a field changes
 * @param details of the answer, which are not announced
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
  // The answer is only about what was typed when the check ran.
  const { data, error } = asked === typed ? check : { data: undefined, error: null }
  const failure = failureOf(error)
  const answer = data !== undefined && !wrongCode(data) ? data : null

  async function run() {
    if (act.busy || act.held) return
    if (fields.length > 0 && !(await form.trigger(fields, { shouldFocus: true }))) return
    setAsked(JSON.stringify(form.getValues([...fields])))
    check.mutate(toInput(), {
      onSuccess: (data) => void act.showAtField(wrongCode(data)),
      onError: (error) => void act.showAtField(failureOf(error) ?? null),
    })
  }

  return (
    <div className="grid gap-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Button
          busy={check.isPending}
          busyLabel={words.busy}
          unavailable={act.busy || act.checkRunning}
          onClick={run}
        >
          {words.verb}
        </Button>
        <p className="min-w-0 flex-1 basis-60 text-small text-text3">{words.note}</p>
      </div>
      {failure && !act.shownAtField(failure) && (
        <FlowFailure error={failure}>{words.refused?.(failure)}</FlowFailure>
      )}
      {/* Rendered before the answer arrives, so that screen readers announce it. */}
      <div role="status">{answer !== null && children(answer)}</div>
      {answer !== null && details?.(answer)}
    </div>
  )
}
