'use client'

import { SkeletonRows } from '@/components/ui/skeleton'
import { useTranslations } from '@/lib/i18n/translations'

/** The list before its first sync is complete: a skeleton, and the progress. */
export function FirstSync({ soFar }: { soFar: number }) {
  const t = useTranslations('members.firstSync')
  return (
    <>
      <p className="font-medium">{t('title')}</p>
      <p className="mb-4 text-text3">{t('body', { count: soFar })}</p>
      <div className="overflow-clip rounded-card border border-line max-md:-mx-4 max-md:rounded-none max-md:border-x-0">
        <SkeletonRows rows={12} label={t('title')} />
      </div>
    </>
  )
}
