'use client'

import type { ReactNode } from 'react'
import { CopyButton } from '@/components/ui/copy-button'
import { useTranslations } from '@/lib/i18n/translations'

/** A RequestId in full, with its copy button; null says that none came. */
export function RequestId({ id }: { id: string | null }) {
  const t = useTranslations('flow')
  const common = useTranslations('common')
  if (!id) return t('noRequestId')
  return (
    <Copyable value={id} what={common('requestId')}>
      <span className="min-w-0 font-mono text-mono wrap-anywhere">{id}</span>
    </Copyable>
  )
}

/** A value with the button that copies it. @param what it is, for the name of the button */
export function Copyable({ value, what, children }: { value: string; what: string; children: ReactNode }) {
  const t = useTranslations('common')
  return (
    <span className="inline-flex max-w-full items-center gap-1.5">
      {children}
      <CopyButton
        value={value}
        label={t('copyValue', { what })}
        copiedLabel={t('copied')}
        failedLabel={t('copyFailed')}
      />
    </span>
  )
}
