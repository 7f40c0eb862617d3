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
 * A form of react-hook-form: errors appear on submit, the first invalid field takes the focus, and Enter that
 * only ends the composition of an input method does not submit. Fields shared by several forms find theirs
 * with `useFormContext`. If validation itself fails, the failure is shown below the fields. Leaving the page
 * with unsaved input asks for confirmation.
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

/**
 * Shows the server's errors about single fields below them.
 * @returns whether any was about a field of this form
 */
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
