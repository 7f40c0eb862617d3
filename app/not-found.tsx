import type { Metadata } from 'next'
import Link from 'next/link'
import { getTranslations } from 'next-intl/server'
import { FullPageMessage } from '@/components/shell/full-page-message'
import { buttonClass } from '@/components/ui/button-class'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('notFound'))('title') }
}

export default async function NotFound() {
  const t = await getTranslations('notFound')
  return (
    <FullPageMessage title={t('title')} body={t('body')}>
      <Link href="/members" className={buttonClass({ variant: 'primary' })}>
        {t('back')}
      </Link>
    </FullPageMessage>
  )
}
