'use client'

import { useEffect } from 'react'
import { useFormContext, useFormState } from 'react-hook-form'
import { CodeInput } from '@/components/ui/code-input'
import { Field } from '@/components/ui/field'
import { useHydrated } from '@/components/ui/use-hydrated'
import type { ShownError } from '@/lib/contract/errors'
import { useErrorWords } from '@/lib/i18n/error-words'
import { useFieldWords } from '@/lib/i18n/field-words'
import { useTranslations } from '@/lib/i18n/translations'
import { useFlowFrame } from '../frame/flow-context'

/** What the server returned about the code in the surrounding form; null once another code is typed. */
export function useCodeRefusal(error: ShownError | null): ShownError | null {
  const { control } = useFormContext<{ code: string }>()
  const { errors } = useFormState({ control, name: 'code' })
  return errors.code?.type === 'server' ? error : null
}

/**
 * The field `code` of the surrounding form. Server errors have their own message, including the attempts
 * left.
 */
export function CodeField({ refused }: { refused: ShownError | null }) {
  const t = useTranslations('flow.code')
  const common = useTranslations('common')
  const fieldWords = useFieldWords()
  const errorWords = useErrorWords()
  const { memory } = useFlowFrame()
  const hydrated = useHydrated()
  const { control, register, setFocus, clearErrors } = useFormContext<{ code: string }>()
  const { errors, isSubmitted } = useFormState({ control, name: 'code' })
  useEffect(() => {
    if (!hydrated) return
    // A code that another operator sent must not steal the focus.
    const wanted = memory.takeCodeField() || document.activeElement === document.body
    if (wanted) setFocus('code')
  }, [hydrated, memory, setFocus])

  const refusal = useCodeRefusal(refused)
  const wrong = refusal && errorWords(refusal)
  const error = wrong
    ? common('twoSentences', { first: wrong.cause, second: wrong.next })
    : fieldWords(errors.code?.message)
  // Until the form is first submitted, nothing else clears an error returned by a check.
  const onChange = () => void (isSubmitted || clearErrors('code'))
  return (
    <Field label={t('label')} error={error} required>
      <CodeInput {...register('code', { onChange })} />
    </Field>
  )
}
