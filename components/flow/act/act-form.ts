'use client'

import type { UseMutationResult } from '@tanstack/react-query'
import { useState } from 'react'
import type { FieldValues, Path, UseFormReturn } from 'react-hook-form'
import { showFieldErrors } from '@/components/form/form'
import { failureOf } from '@/lib/browser/call'
import type { CodeRequestView } from '@/lib/contract/code-flow'
import type { ShownError } from '@/lib/contract/errors'
import type { Act } from '../flow'
import { useCountdown } from '../frame/countdown'
import { useFlowFrame } from '../frame/flow-context'

/** What the parts of an operation's card need to know about it, whatever fields its form has. */
export interface ActState {
  /** Seconds until the code expires; null if unknown or if no code is required. */
  left: number | null
  /** The known expiry has passed; the code may still be submitted. */
  expired: boolean
  /** No attempts are left for this code. */
  over: boolean
  /** The operation is in flight, from this tab or elsewhere. */
  applying: boolean
  /** A check is in flight, but not from this tab. */
  checkRunning: boolean
  /** The operation can be submitted: the code, if one is required, was sent and has attempts left. */
  open: boolean
  /** The latest refusal that is shown at a field. */
  fieldError: ShownError | null
  /** A check of this form is in flight: nothing else may start meanwhile. */
  held: boolean
  busy: boolean
  /** Shows an error of the operation, or of its check, at the field it is about. */
  showAtField(error: ShownError | null): void
  /** Whether a field of the form shows the error, so that no banner repeats it. */
  shownAtField(error: ShownError | null): boolean
}

/**
 * One operation of a flow behind one form: repeated clicks count once, errors about a field are shown at that
 * field, and a refusal that closes the step is shown on the step it leads to.
 * @param fields fields that the server may name in a refusal, the most likely first
 * @param check a check of the same form: while it is in flight the operation waits, and its result is cleared
 * on submit
 * @param request the request whose code is used; omitted if no code is required
 */
export function useActForm<In extends FieldValues, Out extends FieldValues, V>({
  form,
  fields,
  act,
  toInput,
  check,
  request,
}: {
  form: UseFormReturn<In, unknown, Out>
  fields: readonly Path<In>[]
  act: Act<V>
  toInput: (values: Out) => V
  check?: Pick<UseMutationResult, 'isPending' | 'reset'>
  request?: CodeRequestView
}) {
  const { asOf, setRefusal } = useFlowFrame()
  const [fieldError, setFieldError] = useState<ShownError | null>(null)
  const left = useCountdown(request?.secondsLeft ?? null, asOf)
  const over = request?.requiresCode === true && request.attemptsLeft === 0
  const applying = request?.state === 'applying'
  const checkRunning = request?.state === 'trying'
  const held = checkRunning || (check?.isPending ?? false)
  const open = !over && request?.state !== 'sending'
  const failure = failureOf(act.error)
  const shownAtField = (error: ShownError | null) =>
    fields.some((name) => error?.fields?.[name] !== undefined)

  function showAtField(error: ShownError | null) {
    setFieldError(showFieldErrors(form, error, fields) ? error : null)
  }

  function submit(values: Out) {
    if (act.isPending || held || applying || !open) return
    setRefusal(null)
    check?.reset()
    act.mutate(toInput(values), {
      onError(error) {
        const body = failureOf(error) ?? null
        showAtField(body)
        setRefusal(body?.closes && !shownAtField(body) ? body : null)
        const wrong = fields.find((name) => body?.fields?.[name] !== undefined)
        if (wrong) form.setFocus(wrong, { shouldSelect: true })
      },
    })
  }

  return {
    left,
    expired: left !== null && left <= 0,
    over,
    applying,
    checkRunning,
    open,
    fieldError,
    showAtField,
    shownAtField,
    form,
    submit,
    busy: act.isPending || applying,
    held,
    /** The failure of the operation, unless a field shows it. */
    failure: failure && shownAtField(failure) ? undefined : failure,
  }
}
