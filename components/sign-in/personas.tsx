'use client'

import { Building2, ChevronRight, Eye, GitBranch, KeyRound, UsersRound } from 'lucide-react'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { FailureBanner } from '@/components/form/failure-banner'
import * as contract from '@/lib/contract/session'
import { useSignIn } from './use-sign-in'

const icons = {
  'intl-admin': <Building2 />,
  'china-admin': <Building2 />,
  'no-directory': <GitBranch />,
  'read-only': <Eye />,
  root: <KeyRound />,
  member: <UsersRound />,
} satisfies Record<string, ReactNode>

type PersonaId = keyof typeof icons

const welcome: PersonaId[] = ['intl-admin', 'china-admin', 'no-directory']

/** One-click sign-ins with made-up keys; the keys stay on the server. */
export function Personas({ ids, from }: { ids: string[]; from: string }) {
  const t = useTranslations('signIn')
  const { busy, failure, signIn } = useSignIn(from)
  const known = (Object.keys(icons) as PersonaId[]).filter((id) => ids.includes(id))

  const list = (shown: PersonaId[]) => (
    <ul className="mt-3 grid gap-2.5">
      {shown.map((id) => (
        <li key={id}>
          <button
            type="button"
            aria-disabled={busy || undefined}
            onClick={() => void signIn(contract.signInAsPersona, { persona: id })}
            className="flex w-full items-center gap-4 rounded-card border border-line bg-surface px-4 py-3 text-left transition-colors hover:bg-hover aria-disabled:cursor-default"
          >
            <span className="grid size-9 shrink-0 place-items-center rounded-panel bg-accentSoft text-accentText">
              {icons[id]}
            </span>
            <span className="min-w-0 flex-1">
              <span className="block font-medium">{t(`persona.${id}.title`)}</span>
              <span className="block text-small text-text3">{t(`persona.${id}.note`)}</span>
            </span>
            <ChevronRight className="shrink-0 text-text3" />
          </button>
        </li>
      ))}
    </ul>
  )

  return (
    <section aria-labelledby="personas" className="flex h-full max-w-[36rem] flex-col justify-center">
      <h2 id="personas" className="text-h2 font-semibold">
        {t('personas')}
      </h2>
      <p className="text-text3">{t('personasHint')}</p>
      {list(known.filter((id) => welcome.includes(id)))}
      <h3 className="mt-6 text-small text-text3">{t('refusals')}</h3>
      {list(known.filter((id) => !welcome.includes(id)))}
      {failure && (
        <div className="mt-4">
          <FailureBanner error={failure.body} />
        </div>
      )}
    </section>
  )
}
