'use client'

import { Building2, Folder, UserRound } from 'lucide-react'
import type { ReactNode } from 'react'
import { Link } from '@/components/shell/link'
import { useViewer } from '@/components/shell/me'
import { PageHead } from '@/components/shell/page'
import { AccountId } from '@/components/ui/account-id'
import { buttonClass } from '@/components/ui/button-class'
import { Card, CardBody, CardHead } from '@/components/ui/card'
import { useTranslations } from '@/lib/i18n/translations'

/** For an account without a resource directory: what one is, and how to get one. */
export function NoDirectory() {
  const t = useTranslations('members.noDirectory')
  const { me } = useViewer()
  return (
    <>
      <PageHead title={t('title')} note={<AccountId id={me.accountId} />} />
      <div className="grid max-w-[61.5rem] items-start gap-6 lg:grid-cols-[minmax(0,1fr)_21rem]">
        <div>
          <p className="max-w-[72ch] text-text2">{t('what')}</p>
          <p className="mt-3 max-w-[72ch] text-text2">{t('how')}</p>
          <div className="mt-5 flex flex-wrap gap-2">
            <Link href="/directory/enable" className={buttonClass({ variant: 'primary' })}>
              {t('enable')}
            </Link>
            <a href="/sign-in" className={buttonClass()}>
              {t('signIn')}
            </a>
          </div>
        </div>
        <Card>
          <CardHead title={t('picture')} />
          <CardBody>
            <ul className="text-small">
              <Node icon={<Building2 />} name={t('management')} note={t('thisAccount')}>
                <Node icon={<Folder />} name={t('folder')}>
                  <Node icon={<UserRound />} name={t('memberOne')} note={t('memberNote')} />
                  <Node icon={<UserRound />} name={t('memberOne')} note={t('memberNote')} />
                </Node>
                <Node icon={<UserRound />} name={t('memberOne')} note={t('memberNote')} />
              </Node>
            </ul>
          </CardBody>
        </Card>
      </div>
    </>
  )
}

function Node({
  icon,
  name,
  note,
  children,
}: {
  icon: ReactNode
  name: string
  note?: string
  children?: ReactNode
}) {
  return (
    <li className="not-first:mt-2">
      <span className="flex gap-2">
        <span className="mt-px flex text-text3">{icon}</span>
        <span className="min-w-0">
          <span className="font-medium">{name}</span>
          {note && <span className="block text-caption text-text3">{note}</span>}
        </span>
      </span>
      {children && <ul className="mt-2 ml-2 border-l border-line pl-4">{children}</ul>}
    </li>
  )
}
