'use client'

import { usePathname } from 'next/navigation'
import { Fragment, type ReactNode } from 'react'
import { Banner } from '@/components/ui/banner'
import { CopyButton } from '@/components/ui/copy-button'
import type { ShownError } from '@/lib/contract/errors'
import { useErrorWords } from '@/lib/i18n/error-words'
import { useTranslations } from '@/lib/i18n/translations'
import { ReloadButton } from './reload-button'
import { supportFactsOf } from './support-facts'
import { useIsTyped } from './typed'

/** Failures after which it is unknown whether anything was done: an amber warning, not a red error. */
const unknownOutcomes = new Set<string>([
  'console.no_answer',
  'console.unrecognized_answer',
  'console.part_missing',
  'cloud.silent',
  'cloud.not_understood',
  'cloud.received_twice',
  'cloud.unavailable',
  'apply.outcome_unknown',
  'send.outcome_unknown',
  'storage.outcome_unsaved',
])

/** Cause, next step, then what support would ask for. */
export function FailureBanner({ error, children }: { error: ShownError; children?: ReactNode }) {
  const t = useTranslations('common')
  const { cause, next } = useErrorWords()(error)
  const path = usePathname()
  // The settings page shows the policy to request. Before sign-in, or on that page, the link would lead
  // nowhere.
  const mayOpenSettings = error.code === 'cloud.permission' && path !== '/sign-in' && path !== '/settings'
  const sessionOver = ['signin.ended', 'signin.required', 'directory.member_elsewhere'].includes(error.code)
  // With unsaved input, sign-in opens in another tab.
  const elsewhere = useIsTyped() && { target: '_blank', rel: 'noreferrer' }
  const upstream = error.upstream
  const { code, requestId } = supportFactsOf(error)
  return (
    <Banner
      tone={unknownOutcomes.has(error.code) ? 'warn' : 'bad'}
      role="alert"
      title={cause}
      foot={
        code && (
          <>
            <span>{code}</span>
            {requestId && (
              <span>
                {upstream?.requestId ? t('requestId') : t('consoleRequestId')} {requestId}
              </span>
            )}
            <CopyButton
              value={[code, requestId].filter(Boolean).join(' ')}
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
      {error.code === 'cloud.permission' && <Denied params={error.params} />}
      {sessionOver && path !== '/sign-in' && (
        <p>
          <a href={`/sign-in?ended=1&from=${encodeURIComponent(path)}`} {...elsewhere} className="link">
            {t(elsewhere ? 'signInAgainTab' : 'signInAgain')}
          </a>
        </p>
      )}
      {mayOpenSettings && (
        <p className="mt-2">
          {/* A plain link: the page that failed may work again only after a full page load. */}
          <a href="/settings" className="link">
            {t('openSettings')}
          </a>
        </p>
      )}
      {error.code === 'console.part_missing' && (
        <div className="mt-2">
          <ReloadButton />
        </div>
      )}
      {children}
    </Banner>
  )
}

/** What Alibaba Cloud reported about a denial, to pass on to the person who manages the permissions. */
function Denied({ params = {} }: { params: ShownError['params'] }) {
  const t = useTranslations('common.denied')
  const named = (name: string) => {
    const value = params[name]
    return value === undefined || value === 'unknown' ? null : String(value)
  }
  const policyType = named('policyType')
  const facts = [
    { label: t('action'), value: named('action') },
    { label: t('principal'), value: named('principal') },
    { label: t('policyType'), value: policyType, words: policyType && t('policy', { policyType }) },
  ]
  return (
    <dl className="mt-2 grid gap-x-3 gap-y-1 text-small sm:grid-cols-[max-content_minmax(0,1fr)]">
      {facts.map(
        ({ label, value, words }) =>
          value && (
            <Fragment key={label}>
              <dt className="text-text3">{label}</dt>
              <dd className="wrap-anywhere">
                {words && <>{words} </>}
                <code translate="no" className="font-mono text-mono">
                  {value}
                </code>
              </dd>
            </Fragment>
          ),
      )}
    </dl>
  )
}
