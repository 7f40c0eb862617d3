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
 * The form of the first step, which sends a code: once, not before the cool-down is over, and after
 * confirmation if another operator's code would be replaced. Errors about a field are shown there. Its foot
 * is a `SendFoot`.
 * @param fields fields that the server may name in a refusal
 * @param toInput the input of the send; null if the fields cannot be parsed
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
    /** The refusal that ended the previous step, if any. */
    ended: refusal && sends.isIdle ? refusal : undefined,
  }
}
