'use client'

import type { ReactNode } from 'react'
import { useFormContext, useFormState } from 'react-hook-form'
import { Field } from '@/components/ui/field'
import { TextInput } from '@/components/ui/text-input'
import { useFieldWords } from '@/lib/i18n/field-words'

/**
 * The field `confirmation` of the surrounding form, typed before a far-reaching operation. The server
 * compares it.
 */
export function Confirmation({ label, hint }: { label: ReactNode; hint?: ReactNode }) {
  const words = useFieldWords()
  const { control, register } = useFormContext<{ confirmation: string }>()
  const { errors } = useFormState({ control, name: 'confirmation' })
  return (
    <Field label={label} hint={hint} error={words(errors.confirmation?.message)} required>
      <TextInput
        {...register('confirmation')}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        className="max-w-80"
      />
    </Field>
  )
}
