'use client'

import { CircleCheck, Mail, MessageSquareText } from 'lucide-react'
import { type ChangeEvent, useEffect } from 'react'
import { type UseFormReturn, useFormState, useWatch } from 'react-hook-form'
import { useFlowMemory, useSend } from '@/components/flow/flow-memory'
import { Refusal } from '@/components/flow/refusal'
import { shownOf } from '@/components/flow/request'
import { SendButton } from '@/components/flow/send-button'
import { usePause } from '@/components/flow/use-pause'
import { useReplacing } from '@/components/flow/use-replacing'
import { Form, showFieldErrors } from '@/components/form/form'
import { Link } from '@/components/shell/link'
import { Banner } from '@/components/ui/banner'
import { buttonClass } from '@/components/ui/button-class'
import { Field } from '@/components/ui/field'
import { TextInput } from '@/components/ui/text-input'
import { failureOf } from '@/lib/browser/call'
import { ownerDigits, readCenId } from '@/lib/contract/cen'
import type { AttachFlow } from '@/lib/contract/networks'
import { tidyDigits } from '@/lib/contract/typed-text'
import { useFieldWords } from '@/lib/i18n/field-words'
import { useTranslations } from '@/lib/i18n/translations'
import type { ForeignValues } from './choose-step'
import { networksHref } from './networks-href'
import { regrouped } from './owner-id'
import { useSendCenCode } from './queries'

type ForeignForm = UseFormReturn<ForeignValues, unknown, ForeignValues>

const fields = ['ownerId', 'cenId'] as const

/** Another account's CEN: its id and its owner's, both from the owner, who gets the code. */
export function ForeignCen({
  flow,
  asOf,
  form,
  cenGood,
  openRecipient,
}: {
  flow: AttachFlow
  asOf: number
  form: ForeignForm
  /** What was typed has the form of an id. */
  cenGood: boolean
  /** Of the code that is open while this step was gone back to: see `CodeLayout`. */
  openRecipient: string
}) {
  const t = useTranslations('attach.foreign')
  const common = useTranslations('common')
  const words = useFieldWords()
  const { network, site } = flow
  const at = { region: network.region, networkId: network.id }
  const send = useSendCenCode(at)
  const sendOnce = useSend(send)
  const { wait, failure } = usePause(flow, asOf, send)
  const replacing = useReplacing(flow, openRecipient, (values: ForeignValues) =>
    sendOnce({ ...at, ...values, ...shownOf(flow) }, (error) => {
      showFieldErrors(form, failureOf(error) ?? null, fields)
    }),
  )
  const { notes, refusal } = useFlowMemory()
  const { errors } = useFormState({ control: form.control })
  const toldAtField = fields.some((name) => failure?.fields?.[name] !== undefined)

  const { setFocus } = form
  useEffect(() => {
    if (notes.current.firstFieldNext) setFocus('cenId')
    notes.current.firstFieldNext = false
  }, [notes, setFocus])

  /** A pause that was told is of one CEN and its owner. */
  function forgetPause() {
    if (failure?.code === 'send.cooling_down') send.reset()
  }

  /** What was typed in capitals, or pasted with spaces around it, stands there as it is sent. */
  function showAsRead() {
    const { value } = readCenId(form.getValues('cenId'))
    if (value !== null) form.setValue('cenId', value)
  }

  function submit(values: ForeignValues) {
    if (send.isPending || wait > 0) return
    replacing.send(values)
  }

  return (
    <Form form={form} onSubmit={submit} className="grid gap-5">
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
      <Refusal
        failures={[toldAtField ? undefined : failure, refusal && send.isIdle ? refusal : undefined]}
        idle={send.isIdle}
        // What was refused of an own CEN is told where that is chosen.
        flow={flow.refusedCen?.ownerId ? flow : { ...flow, refused: null }}
      />
      <div className="flex flex-wrap gap-2">
        <SendButton send={send} wait={wait} />
        <Link href={networksHref(network.region)} className={buttonClass({ variant: 'quiet', size: 'form' })}>
          {common('cancel')}
        </Link>
      </div>
      {replacing.question}
    </Form>
  )
}

/** 16 digits in groups of four, counted while they are typed. They stay text: as a number they would be rounded. */
function OwnerField({ form, onTyped }: { form: ForeignForm; onTyped: () => void }) {
  const t = useTranslations('attach.foreign')
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
    // What an input method is still composing must stay its own.
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
