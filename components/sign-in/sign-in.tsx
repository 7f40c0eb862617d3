'use client'

import { LanguageSwitch } from '@/components/shell/language-switch'
import { SandboxStrip } from '@/components/shell/sandbox-strip'
import { Logo } from '@/components/ui/logo'
import { useTranslations } from '@/lib/i18n/translations'
import { Personas, type SignInPersona } from './personas'
import { SignInForm } from './sign-in-form'
import { useSignIn } from './use-sign-in'

/** The form on the left, the sandbox's test users on the right; the form alone without a sandbox. */
export function SignIn({
  personas,
  ended,
  from,
}: {
  personas: SignInPersona[]
  ended: boolean
  from: string
}) {
  const t = useTranslations('signIn')
  const app = useTranslations('app')
  const attempt = useSignIn(from)
  const sandbox = personas.length > 0
  return (
    <div className="flex min-h-dvh flex-col bg-surface">
      {sandbox && <SandboxStrip />}
      <div className={sandbox ? 'grid flex-1 lg:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]' : 'grid flex-1'}>
        <main className="mx-auto flex w-full max-w-[26rem] flex-col px-4 py-6 md:py-10">
          <div className="flex items-center justify-between">
            <span className="flex items-center gap-2.5 text-h2 font-semibold">
              <Logo />
              {app('name')}
            </span>
            <LanguageSwitch />
          </div>
          <div className="py-10 md:pt-[max(2.5rem,calc(50dvh-21.5rem))]">
            <h1 className="text-h1 font-semibold md:text-[1.5rem]/[2rem]">{t('title')}</h1>
            <p className="mt-1 text-text3">{t('intro')}</p>
            <SignInForm ended={ended} attempt={attempt} />
          </div>
          <p className="mt-auto text-caption text-text3">{t('foot', { version: '0.1' })}</p>
        </main>
        {sandbox && (
          <aside className="border-line bg-canvas px-4 py-10 max-lg:border-t lg:border-l lg:px-20 lg:py-0">
            <Personas personas={personas} attempt={attempt} />
          </aside>
        )}
      </div>
    </div>
  )
}
