'use client'

import { FailureBanner } from '@/components/form/failure-banner'
import { Copyable } from '@/components/shell/copyable'
import { AccountId } from '@/components/ui/account-id'
import { Button } from '@/components/ui/button'
import { Card, CardBody, CardHead } from '@/components/ui/card'
import { failureOf } from '@/lib/browser/call'
import type { SandboxPersona } from '@/lib/contract/sandbox'
import { useTranslations } from '@/lib/i18n/translations'
import { useSignInAs } from './queries'

/**
 * Everyone who can sign in to the emulated cloud, including users created with a directory that was enabled.
 */
export function SignIns({ personas }: { personas: SandboxPersona[] }) {
  const t = useTranslations('sandbox.signIns')
  const signIn = useSignInAs()
  return (
    <Card aria-labelledby="sign-ins">
      <CardHead id="sign-ins" title={t('title')} />
      <CardBody>
        <p className="text-small text-text3">{t('hint')}</p>
      </CardBody>
      <ul className="divide-y divide-line border-t border-line">
        {personas.map((persona) => (
          <li key={persona.id}>
            <SignIn
              persona={persona}
              busy={signIn.isPending && signIn.variables === persona.id}
              onSignIn={() => {
                if (!signIn.isPending) signIn.mutate(persona.id)
              }}
            />
            {signIn.error && signIn.variables === persona.id && (
              <div className="px-4 pb-3">
                <FailureBanner error={failureOf(signIn.error)} />
              </div>
            )}
          </li>
        ))}
      </ul>
    </Card>
  )
}

function SignIn({
  persona: { keyId, secret, site, accountId, accountName, company, userName },
  busy,
  onSignIn,
}: {
  persona: SandboxPersona
  busy: boolean
  onSignIn: () => void
}) {
  const t = useTranslations('sandbox.signIns')
  const common = useTranslations('common')
  const who = userName ?? t('root')
  return (
    <div className="grid items-center gap-x-4 gap-y-2 px-4 py-3 sm:grid-cols-[minmax(0,1fr)_minmax(0,1fr)_auto]">
      <div className="min-w-0">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <span translate="no" className="font-medium wrap-anywhere">
            {who}
          </span>
          <span className="text-small text-text3">
            <span translate="no" className="wrap-anywhere">
              {company}
            </span>{' '}
            · {common(`site.${site}`)}
          </span>
        </p>
        <p className="flex flex-wrap gap-x-2 text-small text-text2">
          <span translate="no" className="wrap-anywhere">
            {accountName}
          </span>
          <AccountId id={accountId} />
        </p>
      </div>
      <div className="min-w-0">
        <p className="flex">
          <Copyable value={keyId} label={t('copyKeyId', { keyId })} />
        </p>
        <p className="flex">
          <Copyable value={secret} label={t('copySecret', { keyId })} />
        </p>
      </div>
      <Button
        size="card"
        busy={busy}
        busyLabel={t('signingIn')}
        onClick={onSignIn}
        aria-label={t('signInAsOne', { who, accountName })}
        className="max-sm:w-full"
      >
        {t('signInAs')}
      </Button>
    </div>
  )
}
