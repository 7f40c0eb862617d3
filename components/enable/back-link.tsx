'use client'

import { ListLink } from '@/components/table/list-link'
import { buttonClass } from '@/components/ui/button-class'
import { useTranslations } from '@/lib/i18n/translations'
import { enableHref } from './mode'

/** To the choice of the way, which the address alone holds. */
export function BackLink() {
  const t = useTranslations('enable')
  return (
    <ListLink href={enableHref()} className={buttonClass({ variant: 'quiet', size: 'form' })}>
      {t('back')}
    </ListLink>
  )
}
