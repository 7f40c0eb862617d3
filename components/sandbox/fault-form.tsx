'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { Zap } from 'lucide-react'
import { type Control, useController, useForm, useFormState } from 'react-hook-form'
import { FailureBanner } from '@/components/form/failure-banner'
import { Form, showFieldErrors } from '@/components/form/form'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { Segmented } from '@/components/ui/segmented'
import { Select } from '@/components/ui/select'
import { TextInput } from '@/components/ui/text-input'
import { failureOf } from '@/lib/browser/call'
import { ArmFault, faultKinds, replacingFaults, type SandboxState } from '@/lib/contract/sandbox'
import { useFieldWords } from '@/lib/i18n/field-words'
import { useTranslations } from '@/lib/i18n/translations'
import { useArmFault } from './queries'

export function FaultForm({ operations }: { operations: SandboxState['operations'] }) {
  const t = useTranslations('sandbox.faults')
  const words = useFieldWords()
  const arm = useArmFault()
  const form = useForm<ArmFault>({
    resolver: zodResolver(ArmFault),
    defaultValues: { operation: 'BindSecureMobilePhone', fault: 'reset', times: 1 },
  })
  const { control, register } = form
  const { errors } = useFormState({ control })
  const operation = useController({ control, name: 'operation' }).field
  const fault = useController({ control, name: 'fault' }).field
  const chosen = operations.find(({ name }) => name === operation.value)

  function submit(input: ArmFault) {
    if (arm.isPending) return
    arm.mutate(input, {
      // Armed as shown: nothing typed would be lost.
      onSuccess: () => form.reset(input),
      onError: (error) => void showFieldErrors(form, failureOf(error), ['code', 'milliseconds', 'times']),
    })
  }
  const refusal = failureOf(arm.error)

  return (
    <Form form={form} onSubmit={submit} className="grid gap-4">
      <Field label={t('operation')} hint={chosen && t('products', { products: chosen.products.join(', ') })}>
        <Select
          options={operations.map(({ name }) => ({ value: name, label: name }))}
          value={operation.value}
          onValueChange={operation.onChange}
        />
      </Field>
      <div className="grid grid-cols-[minmax(0,1fr)_4.5rem] gap-x-2">
        <Field label={t('kind')}>
          <Select
            options={faultKinds.map((kind) => ({ value: kind, label: t(`name.${kind}`) }))}
            value={fault.value}
            onValueChange={fault.onChange}
          />
        </Field>
        <Field label={t('times')} error={words(errors.times?.message)}>
          <TextInput inputMode="numeric" autoComplete="off" {...register('times', { valueAsNumber: true })} />
        </Field>
        <p className="col-span-2 mt-1.5 text-small text-text3">{t(`hint.${fault.value}`)}</p>
      </div>
      {fault.value === 'code' && (
        <Field label={t('code')} error={words(errors.code?.message)} required>
          <TextInput
            mono
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            {...register('code', { shouldUnregister: true })}
          />
        </Field>
      )}
      {fault.value === 'slow' && (
        <Field label={t('milliseconds')} error={words(errors.milliseconds?.message)} required>
          <TextInput
            inputMode="numeric"
            autoComplete="off"
            {...register('milliseconds', { valueAsNumber: true, shouldUnregister: true, value: 3000 })}
          />
        </Field>
      )}
      {replacingFaults.some((kind) => kind === fault.value) && <Effect control={control} />}
      {refusal && !refusal.fields && <FailureBanner error={refusal} />}
      <Button type="submit" icon={<Zap />} size="form" busy={arm.isPending} busyLabel={t('arming')}>
        {t('arm')}
      </Button>
    </Form>
  )
}

/** Whether the operation is carried out before its response fails. */
function Effect({ control }: { control: Control<ArmFault, unknown, ArmFault> }) {
  const t = useTranslations('sandbox.faults')
  const { field } = useController({ control, name: 'effect', shouldUnregister: true, defaultValue: true })
  return (
    <Field label={t('effect')} group>
      <Segmented
        value={field.value ? 'happens' : 'never'}
        onValueChange={(value) => field.onChange(value === 'happens')}
        options={[
          { value: 'happens', label: t('happens') },
          { value: 'never', label: t('never') },
        ]}
      />
    </Field>
  )
}
