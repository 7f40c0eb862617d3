'use client'

import { useQuery } from '@tanstack/react-query'
import { CircleCheck, CircleQuestionMark, CircleX, Hourglass } from 'lucide-react'
import { useFormatter } from 'next-intl'
import type { ReactNode } from 'react'
import { SmallFailure } from '@/components/form/small-failure'
import { AccountId } from '@/components/ui/account-id'
import { Tag } from '@/components/ui/badge'
import { Card, CardBody, CardHead } from '@/components/ui/card'
import { CopyButton } from '@/components/ui/copy-button'
import { DescriptionList, DescriptionRow } from '@/components/ui/description-list'
import { call, failureOf } from '@/lib/browser/call'
import { queryKey } from '@/lib/browser/query-key'
import type { MemberDetail } from '@/lib/contract/members'
import { useTranslations } from '@/lib/i18n/translations'
import { useFolderWords } from './folder-words'
import { useStatusWords, useTypeWords } from './words'

export function FactsCard({ member }: { member: MemberDetail }) {
  const t = useTranslations('member')
  const common = useTranslations('common')
  const type = useTypeWords()
  const status = useStatusWords()
  const words = useTranslations('status')
  const folder = useFolderWords()
  const format = useFormatter()
  const { joinedAt, joinMethod, tags, directoryPath, accountName } = member
  return (
    <Card>
      <CardHead title={t('facts.title')} />
      <CardBody>
        <DescriptionList>
          <DescriptionRow label={t('facts.type')}>{type(member.type)}</DescriptionRow>
          <DescriptionRow label={t('facts.status')}>
            <span className="inline-flex items-center gap-2">
              {statusPicture(member.status)}
              {status(member.status)}
            </span>
            {member.deletion && (
              <p className="text-warnText">{words('deletion', { status: member.deletion })}</p>
            )}
          </DescriptionRow>
          <DescriptionRow label={t('facts.joined')}>
            {joinedAt ? (
              <time dateTime={joinedAt}>
                {t('facts.how', {
                  method: joinMethod ?? 'none',
                  date: format.dateTime(new Date(joinedAt), 'day'),
                })}
              </time>
            ) : (
              common('none')
            )}
          </DescriptionRow>
          <DescriptionRow label={t('facts.folder')}>{folder(member)}</DescriptionRow>
          {member.blockedReason !== 'gone' && (
            <DescriptionRow label={t('payer.label')}>
              <Payer memberId={member.id} />
            </DescriptionRow>
          )}
          {accountName && (
            <DescriptionRow label={t('facts.accountName')}>
              <span translate="no">{accountName}</span>
            </DescriptionRow>
          )}
          <DescriptionRow label={t('facts.tags')}>
            {tags.length === 0 ? (
              common('none')
            ) : (
              <span className="flex flex-wrap gap-1.5" translate="no">
                {tags.map(({ key, value }) => (
                  <Tag key={key}>
                    {key}: {value}
                  </Tag>
                ))}
              </span>
            )}
          </DescriptionRow>
          {directoryPath && (
            <DescriptionRow
              label={t('facts.path')}
              end={
                <CopyButton
                  value={directoryPath}
                  label={t('copyPath')}
                  copiedLabel={common('copied')}
                  failedLabel={common('copyFailed')}
                />
              }
            >
              <span translate="no" className="block font-mono text-mono">
                {directoryPath}
              </span>
            </DescriptionRow>
          )}
        </DescriptionList>
      </CardBody>
    </Card>
  )
}

/** Read after the page, so that the page does not wait for one more call of Alibaba Cloud. */
function Payer({ memberId }: { memberId: string }) {
  const t = useTranslations('member.payer')
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: queryKey('getPayer', { memberId }),
    queryFn: () => call('getPayer', { memberId }),
    // It rarely changes: no further call each time the window gets the focus.
    staleTime: 300_000,
  })
  if (error) return <SmallFailure error={failureOf(error)} retrying={isFetching} onRetry={refetch} />
  if (!data) return t('loading')
  if (!data.payer) return t('itself')
  const { accountId, name } = data.payer
  return (
    <span className="flex flex-wrap gap-x-2" translate="no">
      {name}
      <AccountId id={accountId} />
    </span>
  )
}

/**
 * An icon by the suffix of the vendor's status: succeeded, ended otherwise, or in progress. Other statuses
 * get a question mark.
 */
function statusPicture(status: string): ReactNode {
  if (status.endsWith('Success')) return <CircleCheck className="text-okText" />
  if (/Failed|Expired|Cancelled|Removed/.test(status)) return <CircleX className="text-text3" />
  if (status.endsWith('Verifying')) return <Hourglass className="text-text3" />
  return <CircleQuestionMark className="text-text3" />
}
