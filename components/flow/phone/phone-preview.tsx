'use client'

import type { ReactNode } from 'react'
import { Banner } from '@/components/ui/banner'
import type { ParsedNumber } from '@/lib/contract/phone-number'
import { useTranslations } from '@/lib/i18n/translations'

/**
 * The exact value that is sent to Alibaba Cloud, what was normalized in it, and a warning if it may not be a
 * mobile number.
 * @param children what else should be read before the send
 * @param none replaces a number that is optional
 */
export function PhonePreview({
  number,
  none,
  children,
}: {
  number: ParsedNumber | null
  none?: ReactNode
  children?: ReactNode
}) {
  const t = useTranslations('flow')
  return (
    <div>
      <div className="flex min-h-16 flex-wrap items-center justify-between gap-x-4 gap-y-1 rounded-panel border border-line bg-canvas px-4 py-2.5">
        <div>
          <p className="text-caption text-text3">{t('preview.label')}</p>
          {number === null && none ? (
            <p className="text-text2">{none}</p>
          ) : (
            <p className="font-mono text-[1rem]/6">{number?.ok ? number.upstream : t('preview.none')}</p>
          )}
        </div>
        {number?.ok && number.changes.length > 0 && (
          <ul className="text-small text-text2">
            {number.changes.map((change) =>
              change.what === 'prefix' ? (
                // There may be two: the prefix for international calls and the national one.
                <li key={`prefix ${change.digits}`}>{t('preview.prefix', { digits: change.digits })}</li>
              ) : (
                <li key={change.what}>{t(`preview.${change.what}`)}</li>
              ),
            )}
          </ul>
        )}
      </div>
      {/* Rendered before it has text, so that screen readers announce the text. */}
      <div role="status">
        {number?.ok && number.doubtful && (
          <Banner tone="warn" className="mt-5" title={t('phone.doubtful')}>
            {t('phone.doubtfulNext')}
          </Banner>
        )}
        {children}
      </div>
    </div>
  )
}
