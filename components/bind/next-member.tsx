'use client'

import { ArrowRight } from 'lucide-react'
import { Link } from '@/components/shell/link'
import { AccountId } from '@/components/ui/account-id'
import { buttonClass } from '@/components/ui/button-class'
import { Card, CardBody, CardHead } from '@/components/ui/card'
import { FolderPath } from '@/components/ui/folder-path'
import type { BindFlow } from '@/lib/contract/phone'
import { useTranslations } from '@/lib/i18n/translations'

export interface NextProps {
  flow: BindFlow
  /** True if nothing else is left to do. */
  primary?: boolean
}

/** The next members without a secure phone number, to continue with. */
export function NextMember({ flow, primary = true }: NextProps) {
  const t = useTranslations('bind.nextMember')
  const [first, ...others] = flow.next
  return (
    <Card aria-labelledby="next-member">
      <CardHead
        id="next-member"
        title={t('title')}
        end={flow.missingTotal > 0 && t('count', { count: flow.missingTotal })}
      />
      {first ? (
        <CardBody className="grid gap-3">
          <div>
            <p className="font-medium wrap-anywhere">{first.displayName}</p>
            <p className="text-small text-text3">
              <AccountId id={first.id} />
            </p>
            {first.folder && (
              <p className="text-small text-text3">
                <FolderPath names={first.folder} />
              </p>
            )}
          </div>
          <Link
            href={`/members/${first.id}/phone`}
            className={buttonClass({
              variant: primary ? 'primary' : 'secondary',
              className: 'h-auto! min-h-8 w-full py-1 whitespace-normal! wrap-anywhere',
            })}
          >
            {t('bind', { member: first.displayName })}
            <ArrowRight />
          </Link>
        </CardBody>
      ) : (
        <CardBody className="text-small text-text2">{t('none')}</CardBody>
      )}
      {others.length > 0 && (
        <ul className="border-t border-line text-small">
          {others.map(({ id, displayName, folder }) => (
            <li key={id} className="border-b border-line">
              <Link href={`/members/${id}/phone`} className="block px-4 py-2.5 hover:bg-hover">
                <span className="block wrap-anywhere text-text">{displayName}</span>
                {folder && (
                  <span className="block text-text3">
                    <FolderPath names={folder} />
                  </span>
                )}
              </Link>
            </li>
          ))}
        </ul>
      )}
      {flow.missingTotal > 0 && (
        <div className="px-4 py-3">
          <Link href="/members?phone=missing" className="link-alone text-small">
            {t('all', { count: flow.missingTotal })}
          </Link>
        </div>
      )}
    </Card>
  )
}
