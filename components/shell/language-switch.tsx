'use client'

import { useRouter } from 'next/navigation'
import { useLocale } from 'next-intl'
import { Segmented } from '@/components/ui/segmented'
import { rememberPreference } from '@/lib/i18n/client'
import { type Locale, localeCookie } from '@/lib/i18n/locale'
import { useTranslations } from '@/lib/i18n/translations'

/** Changes the language of the page in place: URL, filters and input stay. */
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
        { value: 'en', label: <Name lang="en">{t('english')}</Name> },
        { value: 'zh-CN', label: <Name lang="zh-CN">{t('chinese')}</Name> },
      ]}
    />
  )
}

function Name({ lang, children }: { lang: Locale; children: string }) {
  return (
    <span lang={lang} className="whitespace-nowrap">
      {children}
    </span>
  )
}
