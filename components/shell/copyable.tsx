'use client'

import type { ReactNode } from 'react'
import { CopyButton } from '@/components/ui/copy-button'
import { Mono } from '@/components/ui/mono'
import { useTranslations } from '@/lib/i18n/translations'

/**
 * A value with a copy button; shown as an ID unless the children format it.
 * @param what the value is, for the name of the button; `label` if the name is more than "Copy …"
 */
export function Copyable({
  value,
  what = '',
  label,
  children,
}: {
  value: string
  what?: string
  label?: string
  children?: ReactNode
}) {
  const t = useTranslations('common')
  return (
    <span className="inline-flex max-w-full items-center gap-1.5">
      {children ?? <Mono className="min-w-0">{value}</Mono>}
      <CopyButton
        value={value}
        label={label ?? t('copyValue', { what })}
        copiedLabel={t('copied')}
        failedLabel={t('copyFailed')}
      />
    </span>
  )
}
