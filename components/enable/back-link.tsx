'use client'

import { useTranslations } from 'next-intl'
import { ListLink } from '@/components/table/list-link'
import { buttonClass } from '@/components/ui/button-class'
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
