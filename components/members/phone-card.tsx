'use client'

import { ExternalLink, Smartphone, TriangleAlert } from 'lucide-react'
import { useViewer } from '@/components/shell/me'
import { Card, CardBody, CardHead } from '@/components/ui/card'
import { cx } from '@/components/ui/cx'
import { warnAtCodes } from '@/lib/contract/code-attempts'
import type { MemberDetail } from '@/lib/contract/members'
import { vendorConsole } from '@/lib/contract/site'
import { useAge } from '@/lib/i18n/age'
import { useNumberWords } from '@/lib/i18n/number-words'
import { useTranslations } from '@/lib/i18n/translations'
import { useStatusWords } from './words'

const tiles = {
  bound: 'bg-okSoft text-okText',
  missing: 'bg-warnSoft text-warnText',
  unread: 'bg-idleSoft text-idleText',
  not_applicable: 'bg-idleSoft text-idleText',
}

export function PhoneCard({ member }: { member: MemberDetail }) {
  const t = useTranslations('member.phone')
  const age = useAge()
  const numberWords = useNumberWords()
  const { phone, phoneMasked, phoneReadAt, sentToday, events } = member
  // Label the number as the timeline does.
  const alike = events.find(({ kind }) => kind === 'bound')?.alike ?? null
  return (
    <Card>
      <CardHead title={t('title')} />
      <CardBody>
        <div className="flex items-center gap-3">
          <span className={cx('grid size-10 shrink-0 place-items-center rounded-panel', tiles[phone])}>
            <Smartphone className="size-5" />
          </span>
          <div className="min-w-0">
            <p className="font-medium tabular-nums">
              {phone === 'bound' && phoneMasked
                ? t('boundNumber', { number: numberWords({ numberMasked: phoneMasked, alike }) })
                : t(phone)}
            </p>
            {phone !== 'not_applicable' && (
              <p className="text-small text-text3">
                {phoneReadAt ? (
                  <time dateTime={phoneReadAt}>{t('readAt', { age: age(phoneReadAt) })}</time>
                ) : (
                  t('neverRead')
                )}
              </p>
            )}
          </div>
        </div>
        <div className="mt-3 grid gap-2 text-small text-text2">
          {/* Only a bind that is still open is listed with an unknown outcome. */}
          {phone !== 'bound' && events.some(({ kind }) => kind === 'bind_unknown') && <p>{t('mayChange')}</p>}
          {phone === 'bound' && <p>{phoneMasked ? t('byConsole') : t('unknownNumber')}</p>}
          <p>{t('why')}</p>
          <BlockedReason member={member} />
        </div>
        {phone !== 'not_applicable' && (
          <>
            <dl className="mt-4 flex items-start justify-between gap-3 border-t border-line pt-3 text-small">
              <dt className="text-text3">{t('sent')}</dt>
              <dd className="font-medium tabular-nums">{sentToday}</dd>
            </dl>
            {sentToday >= warnAtCodes && (
              <p className="mt-2 flex gap-2 text-small text-warnText">
                <TriangleAlert className="mt-px" />
                {t('nearLimit')}
              </p>
            )}
          </>
        )}
      </CardBody>
    </Card>
  )
}

/** Why nothing can be bound here, and where to change it instead. */
function BlockedReason({ member: { blockedReason, status } }: { member: MemberDetail }) {
  const t = useTranslations('member.blockedReason')
  const statusWords = useStatusWords()
  const { me } = useViewer()
  if (!blockedReason) return null
  return (
    <>
      <p>{t(blockedReason, { status: statusWords(status) })}</p>
      {(blockedReason === 'already_bound' || blockedReason === 'cloud_account') && (
        <p>
          <a
            href={vendorConsole[me.site]}
            target="_blank"
            rel="noreferrer"
            className="link-alone inline-flex items-center gap-1.5 rounded-tag"
          >
            {t(blockedReason === 'already_bound' ? 'vendor' : 'vendorCloud')}
            <ExternalLink className="size-3.5" />
          </a>
        </p>
      )}
    </>
  )
}
