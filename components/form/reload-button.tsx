'use client'

import { RefreshCw } from 'lucide-react'
import { Button } from '@/components/ui/button'
import { useTranslations } from '@/lib/i18n/translations'
import { forgetTyped } from './typed'

/** What to do next if the page itself fails. */
export function ReloadButton() {
  const t = useTranslations('common')
  return (
    <Button
      size="card"
      icon={<RefreshCw />}
      onClick={() => {
        forgetTyped()
        window.location.reload()
      }}
    >
      {t('reload')}
    </Button>
  )
}
