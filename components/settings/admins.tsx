'use client'

import { UserCheck } from 'lucide-react'
import { useViewer } from '@/components/shell/me'
import { Badge } from '@/components/ui/badge'
import { Card, CardBody, CardHead } from '@/components/ui/card'
import { Mono } from '@/components/ui/mono'
import type { Settings } from '@/lib/contract/settings'
import { useTranslations } from '@/lib/i18n/translations'

/**
 * Who may take actions that make no call, such as discarding another operator's code, and how to name them.
 */
export function Admins({ admins, className }: { admins: Settings['admins']; className?: string }) {
  const t = useTranslations('settings.admins')
  const { me } = useViewer()
  const { arns, you, proved } = admins
  return (
    <Card aria-labelledby="admins" className={className}>
      <CardHead id="admins" title={t('title')} count={arns.length} />
      <CardBody className="grid gap-3">
        <p className="max-w-[80ch] text-text2">{t('intro')}</p>
        {arns.length === 0 ? (
          <p className="font-medium">{t('none')}</p>
        ) : (
          <ul className="grid gap-1.5">
            {arns.map((arn) => (
              <li key={arn} className="flex flex-wrap items-center gap-x-2 gap-y-1">
                <Mono>{arn}</Mono>
                {you && arn.endsWith(`/${me.operatorName}`) && (
                  <Badge tone="accent" icon={<UserCheck />}>
                    {t('you')}
                  </Badge>
                )}
              </li>
            ))}
          </ul>
        )}
        {arns.length > 0 && !you && <p className="text-text2">{t(proved ? 'notYou' : 'unproved')}</p>}
        <p className="max-w-[80ch] text-small text-text3">
          {t.rich('how', {
            code: (name) => (
              <code translate="no" className="font-mono text-mono">
                {name}
              </code>
            ),
          })}
        </p>
      </CardBody>
    </Card>
  )
}
