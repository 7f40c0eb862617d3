'use client'

import { UserRoundX } from 'lucide-react'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { Page } from '@/components/shell/page'
import { buttonClass } from '@/components/ui/button-class'

export function NotFoundPage() {
  const t = useTranslations('member.notFound')
  const list = useTranslations('members')
  return (
    <Page title={t('title')} crumbs={[{ href: '/members', text: list('title') }]} ground="surface">
      <div className="flex flex-col items-center px-4 py-12 text-center">
        <span className="mb-3 grid size-11 place-items-center rounded-card bg-sunken text-text2">
          <UserRoundX className="size-5" />
        </span>
        <h1 className="text-h2">{t('title')}</h1>
        <p className="mt-1 max-w-100 text-text2">{t('body')}</p>
        <Link href="/members" className={buttonClass({ className: 'mt-4' })}>
          {t('back')}
        </Link>
      </div>
    </Page>
  )
}
