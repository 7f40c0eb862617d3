'use client'

import { Building2, ChevronRight, Eye, GitBranch, Hourglass, KeyRound, UsersRound } from 'lucide-react'
import type { ReactNode } from 'react'
import { cx } from '@/components/ui/cx'
import { useHydrated } from '@/components/ui/use-hydrated'
import { useTranslations } from '@/lib/i18n/translations'
import { SignInFailure } from './sign-in-failure'
import type { SignInAttempt } from './use-sign-in'

const icons = {
  'intl-admin': <Building2 />,
  'china-admin': <Building2 />,
  'no-directory': <GitBranch />,
  'read-only': <Eye />,
  root: <KeyRound />,
  member: <UsersRound />,
} satisfies Record<string, ReactNode>

type PersonaId = keyof typeof icons

const mainPersonas: PersonaId[] = ['intl-admin', 'china-admin', 'no-directory']

/** What the button of a test user shows. */
export interface SignInPersona {
  id: string
  accountName: string
  company: string
}

/** One-click sign-in with the keys of test users; the keys stay on the server. */
export function Personas({ personas, attempt }: { personas: SignInPersona[]; attempt: SignInAttempt }) {
  const t = useTranslations('signIn')
  const { busy, failure, asPersona } = attempt
  const hydrated = useHydrated()
  const isKnown = (id: string): id is PersonaId => Object.hasOwn(icons, id)
  const isMain = ({ id }: SignInPersona) => mainPersonas.some((one) => one === id) || !isKnown(id)

  /**
   * Users created with a directory that was enabled have no texts of their own: their account name is shown.
   */
  const words = ({ id, accountName, company }: SignInPersona) =>
    isKnown(id)
      ? { icon: icons[id], title: t(`persona.${id}.title`), note: t(`persona.${id}.note`) }
      : { icon: <Building2 />, title: accountName, note: t('made', { company }) }

  const list = (shown: SignInPersona[]) => (
    <ul className="mt-4 grid gap-2.5">
      {shown.map((persona) => {
        const { id } = persona
        const { icon, title, note } = words(persona)
        return (
          <li key={id} className="grid gap-2.5">
            <button
              type="button"
              disabled={!hydrated}
              aria-disabled={busy !== null || undefined}
              onClick={() => asPersona(id)}
              className="flex w-full items-center gap-4 rounded-card border border-line bg-surface px-4 py-3 text-left transition-colors hover:bg-hover aria-disabled:cursor-default"
            >
              <span
                className={cx(
                  'grid size-9 shrink-0 place-items-center rounded-panel',
                  isMain(persona) ? 'bg-accentSoft text-accentText' : 'bg-sunken text-text2',
                )}
              >
                {icon}
              </span>
              <span className="min-w-0 flex-1">
                <span className="block font-medium wrap-anywhere">{title}</span>
                <span className="block text-small text-text3">{busy === id ? t('submitting') : note}</span>
              </span>
              <span className="flex text-text3">{busy === id ? <Hourglass /> : <ChevronRight />}</span>
            </button>
            {failure?.source === id && <SignInFailure error={failure.body} />}
          </li>
        )
      })}
    </ul>
  )

  return (
    <section
      aria-labelledby="personas"
      // Aligned to the top, not centered: a failure that appears must not move what was clicked.
      className="max-lg:mx-auto max-lg:max-w-[24rem] lg:mt-[max(2.5rem,calc(50dvh-18.5rem))] lg:max-w-[36rem] lg:pb-10"
    >
      <h2 id="personas" className="text-h2">
        {t('personas')}
      </h2>
      <p className="text-text3">{t('personasHint')}</p>
      {list(personas.filter(isMain))}
      <h3 className="mt-6 text-small font-normal text-text3">{t('refusals')}</h3>
      {list(personas.filter((persona) => !isMain(persona)))}
    </section>
  )
}
