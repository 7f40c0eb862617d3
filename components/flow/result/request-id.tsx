'use client'

import { Copyable } from '@/components/shell/copyable'
import { useTranslations } from '@/lib/i18n/translations'

/** A RequestId in full, with its copy button; null shows that there is none. */
export function RequestId({ id }: { id: string | null }) {
  const t = useTranslations('flow')
  const common = useTranslations('common')
  return id ? <Copyable value={id} what={common('requestId')} /> : t('noRequestId')
}
