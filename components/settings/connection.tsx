'use client'

import { useFormatter } from 'next-intl'
import { useViewer } from '@/components/shell/me'
import { AccountId } from '@/components/ui/account-id'
import { Card, CardBody, CardDivider, CardHead } from '@/components/ui/card'
import { CopyButton } from '@/components/ui/copy-button'
import { DescriptionList, DescriptionRow } from '@/components/ui/description-list'
import { Mono } from '@/components/ui/mono'
import type { Settings } from '@/lib/contract/settings'
import { useTranslations } from '@/lib/i18n/translations'
import { methodWords } from './words'

/** The identity and the endpoints with which the console calls Alibaba Cloud. */
export function Connection({ settings }: { settings: Settings }) {
  const t = useTranslations('settings.connection')
  const common = useTranslations('common')
  const format = useFormatter()
  const { me } = useViewer()
  const { roleArn, address, endpoints, session } = settings
  const at = (instant: string) => (
    <time dateTime={instant}>{format.dateTime(new Date(instant), 'dayAndMinute')}</time>
  )
  return (
    <Card aria-labelledby="connection">
      <CardHead id="connection" title={t('title')} divided />
      <CardBody>
        <DescriptionList>
          <DescriptionRow label={t('operator')}>
            <span className="font-medium wrap-anywhere">{me.operatorName}</span>
          </DescriptionRow>
          <DescriptionRow label={t('arn')}>
            <Mono>{me.arn}</Mono>{' '}
            <CopyButton
              value={me.arn}
              label={t('copyArn')}
              copiedLabel={common('copied')}
              failedLabel={common('copyFailed')}
            />
          </DescriptionRow>
          <DescriptionRow label={t('account')}>
            <AccountId id={me.accountId} />
          </DescriptionRow>
          <DescriptionRow label={t('site')}>{common(`site.${me.site}`)}</DescriptionRow>
          <DescriptionRow label={t('directory')}>
            {me.directory ? (
              <>
                {me.directory.name} <Mono>{me.directory.id}</Mono>
              </>
            ) : (
              t('noDirectory')
            )}
          </DescriptionRow>
        </DescriptionList>
      </CardBody>
      <CardDivider />
      <CardBody>
        <DescriptionList>
          <DescriptionRow label={t('method')}>
            {t(methodWords[me.method])}
            {roleArn && (
              <span className="block">
                <Mono>{roleArn}</Mono>
              </span>
            )}
          </DescriptionRow>
          <DescriptionRow label={t('address')}>
            <Mono>{address}</Mono>
          </DescriptionRow>
          <DescriptionRow label={t('began')}>{at(session.createdAt)}</DescriptionRow>
          <DescriptionRow label={t('ends')}>
            {at(session.endsAt)}
            <span className="block text-small text-text3">
              {t('endsNote', { minutes: session.idleMinutes })}
            </span>
          </DescriptionRow>
        </DescriptionList>
      </CardBody>
      <CardDivider />
      <CardBody>
        <DescriptionList>
          <DescriptionRow label={t('cloud')}>{t(me.cloud)}</DescriptionRow>
          <DescriptionRow label={t('endpoints')}>
            <ul className="grid gap-1.5">
              {endpoints.map(({ product, url }) => (
                <li key={product}>
                  <span className="block text-small text-text3">{product}</span>
                  <Mono>{url}</Mono>
                </li>
              ))}
            </ul>
          </DescriptionRow>
        </DescriptionList>
      </CardBody>
    </Card>
  )
}
