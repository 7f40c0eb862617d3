'use client'

import { useEffect } from 'react'
import { useFormContext, useFormState, useWatch } from 'react-hook-form'
import { Field } from '@/components/ui/field'
import { TextInput } from '@/components/ui/text-input'
import { accountNameSuffix, namePrefixFault } from '@/lib/contract/enable-mode'
import { plainText } from '@/lib/contract/typed-text'
import { useFieldWords } from '@/lib/i18n/field-words'
import { useTranslations } from '@/lib/i18n/translations'

/**
 * The field `namePrefix` of the surrounding form, with its rule. Errors that further typing cannot fix are
 * shown while typing.
 * @param onType keeps what is typed for the next form that asks for it
 */
export function NameField({ onType }: { onType: (typed: { namePrefix: string }) => void }) {
  const t = useTranslations('enable.phone')
  const words = useFieldWords()
  const { control, register, clearErrors } = useFormContext<{ namePrefix: string }>()
  const { errors, isSubmitted } = useFormState({ control, name: 'namePrefix' })
  const typed = useWatch({ control, name: 'namePrefix' })
  useEffect(() => onType({ namePrefix: typed }), [typed, onType])
  // Until the form is first submitted, nothing else clears an error returned by the dry run.
  const onChange = () => void (isSubmitted || clearErrors('namePrefix'))
  return (
    <Field
      label={t('name')}
      hint={t('nameHint')}
      error={words(errors.namePrefix?.message ?? faultWhileTyping(typed))}
      keepHint
      required
    >
      <TextInput
        {...register('namePrefix', { onChange })}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        end={<span translate="no">{accountNameSuffix}</span>}
      />
    </Field>
  )
}

/**
 * Returns a key of `fieldErrors`. A name that is too short or ends in a punctuation mark may just be
 * unfinished.
 */
function faultWhileTyping(text: string): string | undefined {
  const fault = namePrefixFault(plainText(text).replace(/[_.-]$/, 'a'))
  return fault === 'namePrefix.empty' || fault === 'namePrefix.too_short' ? undefined : fault
}
