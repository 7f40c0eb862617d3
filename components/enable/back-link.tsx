'use client'

import { ListLink } from '@/components/table/list-link'
import { buttonClass } from '@/components/ui/button-class'
import { useTranslations } from '@/lib/i18n/translations'
import { enableHref } from './mode'

/** Back to the choice of mode, which only the URL holds. */
export function BackLink() {
  const t = useTranslations('enable')
  return (
    <ListLink href={enableHref()} className={buttonClass({ variant: 'quiet', size: 'form' })}>
      {t('back')}
    </ListLink>
  )
}
