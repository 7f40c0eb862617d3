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

/** What the pieces of an act's card need to know of it, whatever its form holds. */
export interface ActState {
  /** Seconds that the code lives; null where that is not known, or nothing needs a code. */
  left: number | null
  /** The code has outlived a known expiry; it may still be tried. */
  expired: boolean
  /** No tries are left for this code. */
  over: boolean
  /** The act is under way, from this tab or elsewhere. */
  applying: boolean
  /** A check is, and not from this tab. */
  trying: boolean
  /** There is something to act with: the code is out, and may be tried. */
  open: boolean
  /** The newest refusal that is told at a field. */
  fieldError: ShownError | null
  /** The act, or something else of its form, is under way: nothing else begins meanwhile. */
  held: boolean
  busy: boolean
  /** Puts what was said of the act, or of its check, to the field it is about. */
  tell(error: ShownError | null): void
  /** Whether one of the form's fields tells it, so that no banner repeats it. */
  shownAtField(error: ShownError | null): boolean
}

/**
 * One act of a flow behind one form: at most one press counts, what is wrong with a field is told there, and a refusal
 * that closes the step is told on the step it leads to.
 * @param fields of the form that the server may name in a refusal, the most likely first
 * @param check of the same form: while it is under way the act waits, and its answer goes when the act is tried
 * @param request whose code is used; none for an act that needs none
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
  const trying = request?.state === 'trying'
  const held = trying || (check?.isPending ?? false)
  const open = !over && request?.state !== 'sending'
  const failure = failureOf(act.error)
  const shownAtField = (error: ShownError | null) =>
    fields.some((name) => error?.fields?.[name] !== undefined)

  function tell(error: ShownError | null) {
    setFieldError(showFieldErrors(form, error, fields) ? error : null)
  }

  function submit(values: Out) {
    if (act.isPending || held || applying || !open) return
    setRefusal(null)
    check?.reset()
    act.mutate(toInput(values), {
      onError(error) {
        const body = failureOf(error) ?? null
        tell(body)
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
    trying,
    open,
    fieldError,
    tell,
    shownAtField,
    form,
    submit,
    busy: act.isPending || applying,
    held,
    /** Undefined also where a field tells it. */
    failure: failure && shownAtField(failure) ? undefined : failure,
  }
}
