'use client'

import { CircleCheck, Mail, MessageSquareText } from 'lucide-react'
import { type ChangeEvent, useEffect } from 'react'
import { type UseFormReturn, useFormState, useWatch } from 'react-hook-form'
import { SendFoot } from '@/components/flow/code/send-foot'
import { useSendForm } from '@/components/flow/code/use-send-form'
import { useFlowFrame } from '@/components/flow/frame/flow-context'
import { Form } from '@/components/form/form'
import { Banner } from '@/components/ui/banner'
import { Field } from '@/components/ui/field'
import { TextInput } from '@/components/ui/text-input'
import { ownerDigits, readCenId } from '@/lib/contract/cen'
import type { AttachFlow } from '@/lib/contract/networks'
import { tidyDigits } from '@/lib/contract/typed-text'
import { useFieldWords } from '@/lib/i18n/field-words'
import { useTranslations } from '@/lib/i18n/translations'
import { regrouped } from './owner-id'
import { useSendCenCode } from './queries'
import type { CrossAccountValues } from './step'

type CrossAccountForm = UseFormReturn<CrossAccountValues, unknown, CrossAccountValues>

const fields = ['ownerId', 'cenId'] as const

/** Another account's CEN: its ID and its owner's, both provided by the owner, who receives the code. */
export function CrossAccountCen({
  flow,
  form,
  cenGood,
}: {
  flow: AttachFlow
  form: CrossAccountForm
  /** What was typed has the format of a CEN ID. */
  cenGood: boolean
}) {
  const t = useTranslations('attach.crossAccount')
  const words = useFieldWords()
  const { network, site } = flow
  const send = useSendCenCode({ region: network.region, networkId: network.id })
  const sends = useSendForm({ form, fields, send, toInput: (values: CrossAccountValues) => values })
  const { failure, shownAtField } = sends
  const { memory } = useFlowFrame()
  const { errors } = useFormState({ control: form.control })

  const { setFocus } = form
  useEffect(() => {
    if (memory.takeFirstField()) setFocus('cenId')
  }, [memory, setFocus])

  /** A cool-down reported by a refusal applies to one CEN and its owner. */
  function forgetPause() {
    if (failure?.code === 'send.cooling_down') send.reset()
  }

  /** Shows the CEN ID as it is sent: in lowercase and without surrounding spaces. */
  function showAsRead() {
    const { value } = readCenId(form.getValues('cenId'))
    if (value !== null) form.setValue('cenId', value)
  }

  return (
    <Form form={form} onSubmit={sends.submit} className="grid gap-5">
      <Field label={t('cen')} hint={t('cenHint')} error={words(errors.cenId?.message)} required>
        <TextInput
          {...form.register('cenId', { onBlur: showAsRead, onChange: forgetPause })}
          mono
          translate="no"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          className="md:max-w-100"
          end={cenGood && <CircleCheck className="text-okText" aria-label={t('cenGood')} role="img" />}
        />
      </Field>
      <OwnerField form={form} onTyped={forgetPause} />
      <Banner tone="info" icon={site === 'china' ? <MessageSquareText /> : <Mail />} title={t('recipient')}>
        {t(`recipientBody.${site}`)}
      </Banner>
      <SendFoot
        sends={{ ...sends, failure: shownAtField ? undefined : failure }}
        // A refusal about the account's own CEN is shown where that is chosen.
        reportsRefusal={Boolean(flow.refusedCen?.ownerId)}
      />
    </Form>
  )
}

/**
 * 16 digits in groups of four, counted while they are typed. They stay text: as a number they would be
 * rounded.
 */
function OwnerField({ form, onTyped }: { form: CrossAccountForm; onTyped: () => void }) {
  const t = useTranslations('attach.crossAccount')
  const words = useFieldWords()
  const { errors } = useFormState({ control: form.control, name: 'ownerId' })
  const text = useWatch({ control: form.control, name: 'ownerId' })
  const count = tidyDigits(text).length
  const fault = errors.ownerId?.message
  const error =
    fault === 'owner.too_short'
      ? t('missing', { count: ownerDigits - count })
      : fault === 'owner.too_long'
        ? t('extra', { count: count - ownerDigits })
        : words(fault)
  const { onChange, ...register } = form.register('ownerId', { onChange: onTyped })

  function change(event: ChangeEvent<HTMLInputElement>) {
    const { target } = event
    // Text that an input method is still composing must not be changed.
    if (!(event.nativeEvent as InputEvent).isComposing) {
      const { text: next, caret } = regrouped(target.value, target.selectionStart ?? target.value.length)
      if (next !== target.value) {
        target.value = next
        target.setSelectionRange(caret, caret)
      }
    }
    return onChange(event)
  }

  return (
    <Field label={t('owner')} hint={t('ownerHint')} error={error} required>
      <TextInput
        {...register}
        onChange={change}
        inputMode="numeric"
        autoComplete="off"
        className="tabular-nums md:max-w-100"
        end={<span className={error ? 'text-badText' : ''}>{t('counter', { count })}</span>}
      />
    </Field>
  )
}
