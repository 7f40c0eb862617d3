'use client'

import { useRouter } from 'next/navigation'
import { useLocale, useTranslations } from 'next-intl'
import { Segmented } from '@/components/ui/segmented'
import { rememberPreference } from '@/lib/i18n/client'
import { localeCookie } from '@/lib/i18n/locale'

/** Changes the words of the page in place: address, filters and what was typed stay. */
export function LanguageSwitch() {
  const t = useTranslations('shell')
  const router = useRouter()
  return (
    <Segmented
      label={t('language')}
      value={useLocale()}
      onValueChange={(locale) => {
        rememberPreference(localeCookie, locale)
        router.refresh()
      }}
      options={[
        { value: 'en', label: <span lang="en">{t('english')}</span> },
        { value: 'zh-CN', label: <span lang="zh-CN">{t('chinese')}</span> },
      ]}
    />
  )
}
