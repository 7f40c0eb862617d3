'use client'

import { ChevronRight, ShieldCheck } from 'lucide-react'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { Banner } from '@/components/ui/banner'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { PasswordInput } from '@/components/ui/password-input'
import { Segmented } from '@/components/ui/segmented'
import { TextInput } from '@/components/ui/text-input'
import { useHydrated } from '@/components/ui/use-hydrated'
import { useSlow } from '@/components/ui/use-slow'
import { useErrorWords } from '@/lib/i18n/error-words'
import { useFieldWords } from '@/lib/i18n/field-words'
import { useTranslations } from '@/lib/i18n/translations'
import { SignInFailure } from './sign-in-failure'
import type { SignInAttempt } from './use-sign-in'

const names = ['accessKeyId', 'accessKeySecret', 'securityToken', 'roleArn'] as const

/** A plain form on purpose: the first page loads no form library. */
export function SignInForm({ ended, attempt }: { ended: boolean; attempt: SignInAttempt }) {
  const t = useTranslations('signIn')
  const common = useTranslations('common')
  const fieldWords = useFieldWords()
  const errorWords = useErrorWords()
  const form = useRef<HTMLFormElement>(null)
  const [site, setSite] = useState<'international' | 'china'>('international')
  const [fields, setFields] = useState<Record<string, string>>({})
  const slow = useSlow(attempt.busy)
  const failure = attempt.failure?.source === 'form' ? attempt.failure : null
  const refused = failure?.body.fields ?? {}
  const errors: Record<string, string> = { ...fields, ...refused }
  const firstBad = Object.keys(errors)[0]
  const shownAtField = names.some((name) => refused[name])

  /**
   * The error of a field; if the sign-in was refused because of it, also the next step, and no banner repeats
   * it.
   */
  function words(name: (typeof names)[number]): string | undefined {
    const cause = fieldWords(errors[name])
    if (!cause || !failure || !refused[name]) return cause
    return common('twoSentences', { first: cause, second: errorWords(failure.body).next })
  }

  useEffect(() => {
    const control = firstBad ? form.current?.elements.namedItem(firstBad) : null
    if (control instanceof HTMLElement) control.focus()
  }, [firstBad])

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const data = new FormData(event.currentTarget)
    const text = (name: string) => String(data.get(name) ?? '').trim()
    const [accessKeyId, accessKeySecret] = [text('accessKeyId'), text('accessKeySecret')]
    // Missing values are reported at once; everything else is checked by the server, which names the field.
    const missing = Object.entries({ accessKeyId, accessKeySecret }).filter(([, value]) => value === '')
    setFields(Object.fromEntries(missing.map(([name]) => [name, 'input.required'])))
    if (missing.length > 0) return
    const optional = {
      securityToken: text('securityToken') || undefined,
      roleArn: text('roleArn') || undefined,
    }
    attempt.withKey({ site, accessKeyId, accessKeySecret, ...optional })
  }

  return (
    <form ref={form} noValidate method="post" onSubmit={submit}>
      <fieldset disabled={!useHydrated()} className="mt-6 grid min-w-0 gap-5">
        {ended && !attempt.failure && <Banner tone="info">{t('ended')}</Banner>}
        <Field label={t('site')} hint={t(`siteHint.${site}`)} group>
          <Segmented
            name="site"
            value={site}
            onValueChange={setSite}
            options={[
              { value: 'international', label: t('international') },
              { value: 'china', label: t('china') },
            ]}
          />
        </Field>
        <Field label={t('accessKeyId')} error={words('accessKeyId')} required>
          <TextInput
            name="accessKeyId"
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            mono
          />
        </Field>
        <Field label={t('accessKeySecret')} error={words('accessKeySecret')} required>
          <PasswordInput
            name="accessKeySecret"
            autoComplete="current-password"
            showLabel={t('showSecret')}
            hideLabel={t('hideSecret')}
          />
        </Field>
        <details className="group" open={errors.roleArn || errors.securityToken ? true : undefined}>
          <summary className="flex w-fit cursor-pointer list-none items-center gap-1.5 rounded-tag font-medium text-accentText">
            <ChevronRight className="transition-transform group-open:rotate-90" />
            {t('more')}
          </summary>
          <div className="mt-4 grid gap-5">
            <Field
              label={t('securityToken')}
              note={t('optional')}
              hint={t('securityTokenHint')}
              error={words('securityToken')}
            >
              <TextInput name="securityToken" autoComplete="off" spellCheck={false} mono />
            </Field>
            <Field label={t('roleArn')} note={t('optional')} hint={t('roleArnHint')} error={words('roleArn')}>
              <TextInput name="roleArn" autoComplete="off" spellCheck={false} mono />
            </Field>
          </div>
        </details>
        {failure && !shownAtField && <SignInFailure error={failure.body} />}
        <div className="grid">
          <Button
            variant="primary"
            size="form"
            type="submit"
            busy={attempt.busy === 'form'}
            busyLabel={t('submitting')}
            className="w-full"
          >
            {t('submit')}
          </Button>
          {/* Rendered before it has text, so that screen readers announce the text. */}
          <p role="status" className="text-small text-text2 not-empty:mt-5">
            {slow && t('slow')}
          </p>
        </div>
        <p className="flex gap-2 text-small text-text3">
          <ShieldCheck className="mt-px shrink-0" />
          {t('promise')}
        </p>
      </fieldset>
    </form>
  )
}
