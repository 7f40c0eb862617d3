'use client'

import { RefreshCw } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { Button } from '@/components/ui/button'
import { forgetTyped } from './typed'

/** The way on where the page itself is what fails. */
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
