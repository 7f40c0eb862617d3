'use client'

import { type FormEvent, type KeyboardEvent, type ReactNode, useState } from 'react'
import {
  type FieldValues,
  FormProvider,
  type Path,
  type SubmitHandler,
  type UseFormReturn,
  useFormState,
} from 'react-hook-form'
import { cx } from '@/components/ui/cx'
import { useHydrated } from '@/components/ui/use-hydrated'
import { failureOf } from '@/lib/browser/call'
import type { ShownError } from '@/lib/contract/errors'
import { FailureBanner } from './failure-banner'
import { useTyped } from './typed'

/**
 * A form of react-hook-form: errors appear on submit, focus goes to the first bad field, and Enter that only ends the
 * composition of an input method submits nothing. Fields that several forms have find theirs with `useFormContext`. What
 * keeps it from being checked at all is told below it, and leaving the page with something typed in it asks first.
 */
export function Form<Input extends FieldValues, Output extends FieldValues>({
  form,
  onSubmit,
  className,
  children,
}: {
  form: UseFormReturn<Input, unknown, Output>
  onSubmit: SubmitHandler<Output>
  className?: string
  children: ReactNode
}) {
  const [failure, setFailure] = useState<ShownError | null>(null)
  useTyped(useFormState({ control: form.control }).isDirty)

  function submit(event: FormEvent) {
    setFailure(null)
    form
      .handleSubmit(onSubmit)(event)
      .catch((error) => setFailure(failureOf(error)))
  }

  return (
    <FormProvider {...form}>
      <form noValidate method="post" onKeyDown={ignoreComposing} onSubmit={submit}>
        <fieldset disabled={!useHydrated()} className={cx('min-w-0', className)}>
          {children}
          {failure && <FailureBanner error={failure} />}
        </fieldset>
      </form>
    </FormProvider>
  )
}

function ignoreComposing(event: KeyboardEvent): void {
  if (event.key === 'Enter' && event.nativeEvent.isComposing) event.preventDefault()
}

/** Puts what the server said of single fields below them. @returns whether it named any field of this form */
export function showFieldErrors<Input extends FieldValues, Output extends FieldValues>(
  form: UseFormReturn<Input, unknown, Output>,
  error: ShownError | null,
  names: readonly Path<Input>[],
): boolean {
  const named = names.filter((name) => error?.fields?.[name] !== undefined)
  named.forEach((name, index) => {
    form.setError(name, { type: 'server', message: error?.fields?.[name] }, { shouldFocus: index === 0 })
  })
  return named.length > 0
}
