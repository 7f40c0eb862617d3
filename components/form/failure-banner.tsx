'use client'

import { usePathname } from 'next/navigation'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { Banner } from '@/components/ui/banner'
import { CopyButton } from '@/components/ui/copy-button'
import type { ErrorBody } from '@/lib/contract/errors'
import { useErrorWords } from '@/lib/i18n/error-words'

/** Failures after which nobody knows whether something was done: patient amber, not red. */
const unknownOutcomes = new Set([
  'cloud.silent',
  'cloud.not_understood',
  'cloud.unavailable',
  'bind.outcome_unknown',
  'send.outcome_unknown',
])

/** Cause, next step, then what support would ask for. `null` = the console itself did not answer. */
export function FailureBanner({ error, children }: { error: ErrorBody | null; children?: ReactNode }) {
  const t = useTranslations('common')
  const { cause, next } = useErrorWords()(error)
  const path = usePathname()
  // The policy to ask for stands there; before signing in, or on that page itself, the link would lead nowhere.
  const mayOpenSettings = error?.code === 'cloud.permission' && path !== '/sign-in' && path !== '/settings'
  const upstream = error?.upstream
  const code = upstream?.code ?? error?.code
  const ids = upstream?.requestId ?? error?.requestId
  return (
    <Banner
      tone={error && !unknownOutcomes.has(error.code) ? 'bad' : 'warn'}
      role="alert"
      title={cause}
      foot={
        code && (
          <>
            <span>{code}</span>
            {ids && (
              <span>
                {upstream?.requestId ? t('requestId') : t('consoleRequestId')} {ids}
              </span>
            )}
            <CopyButton
              value={[code, ids].filter(Boolean).join(' ')}
              label={t('copyBoth')}
              copiedLabel={t('copied')}
              failedLabel={t('copyFailed')}
            >
              {t('copy')}
            </CopyButton>
          </>
        )
      }
    >
      {next}
      {upstream?.message && <p lang="en">{t('upstreamSaid', { message: upstream.message })}</p>}
      {mayOpenSettings && (
        <p>
          {/* A plain link: the page that failed may be one that cannot go on without loading anew. */}
          <a href="/settings" className="link">
            {t('openSettings')}
          </a>
        </p>
      )}
      {children}
    </Banner>
  )
}
