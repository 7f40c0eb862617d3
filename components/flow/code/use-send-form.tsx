'use client'

import type { FieldValues, Path, UseFormReturn } from 'react-hook-form'
import { showFieldErrors } from '@/components/form/form'
import { failureOf } from '@/lib/browser/call'
import type { Act } from '../flow'
import { useFlowFrame } from '../frame/flow-context'
import { type Shown, shownOf } from '../request'
import { useReplacing } from './use-replacing'
import { useSends } from './use-sends'

/**
 * The form of the first step, which sends: once, not before the pause is over, and after a question where the code of a
 * colleague would be replaced. What is wrong with a field is told there. Its foot is a `SendFoot`.
 * @param fields of the form that the server may name in a refusal
 * @param toInput what is sent for; null where it cannot be read
 */
export function useSendForm<In extends FieldValues, Out extends FieldValues, V extends object>({
  form,
  fields,
  send: act,
  toInput,
}: {
  form: UseFormReturn<In, unknown, Out>
  fields: readonly Path<In>[]
  send: Act<V & Shown>
  toInput: (values: Out) => Promise<V | null> | V
}) {
  const { flow, refusal } = useFlowFrame()
  const sends = useSends(act)
  const replacing = useReplacing((input: V) =>
    sends.send({ ...input, ...shownOf(flow) }, (error) => {
      showFieldErrors(form, failureOf(error) ?? null, fields)
    }),
  )

  async function submit(values: Out) {
    if (sends.isPending || sends.wait > 0) return
    const input = await toInput(values)
    if (input) replacing.send(input)
  }

  return {
    ...sends,
    submit,
    question: replacing.question,
    shownAtField: fields.some((name) => sends.failure?.fields?.[name] !== undefined),
    /** Why the step before this one ended, where it was refused. */
    ended: refusal && sends.isIdle ? refusal : undefined,
  }
}
