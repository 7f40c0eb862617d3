'use client'

import { type Check, ChecksCard } from '@/components/flow/act/checks-card'
import { warnAtCodes } from '@/lib/contract/code-attempts'
import type { ShownError } from '@/lib/contract/errors'
import type { BindFlow } from '@/lib/contract/phone'
import type { ParsedNumber } from '@/lib/contract/phone-number'
import { useAge } from '@/lib/i18n/age'
import { useTranslations } from '@/lib/i18n/translations'
import { useReconcilePhone } from './queries'

/** What is known about a member before a send, and what cannot be known. */
export function Checks({
  flow,
  number,
  refusal,
}: {
  flow: BindFlow
  number: ParsedNumber | null
  /** The refusal of the last send or bind. */
  refusal: ShownError | undefined
}) {
  const t = useTranslations('bind.checks')
  const status = useTranslations('status.member')
  const words = useTranslations('status')
  const none = useTranslations('common')('none')
  const age = useAge()
  const read = useReconcilePhone(flow.member.id)
  const { member } = flow
  const known = member.status as Parameters<typeof status>[0]

  const checks: Check[] = [
    {
      key: 'caller',
      state: 'pass',
      text: t('caller'),
      source: t('callerSource', { name: flow.operatorName }),
    },
    member.type === 'resource'
      ? { key: 'type', state: 'pass', text: t('type') }
      : {
          key: 'type',
          state: 'unknown',
          text: t('typeUnknown', { type: member.type || none }),
          source: t('vendorDecides'),
        },
    member.status && status.has(known)
      ? { key: 'status', state: 'pass', text: t('status'), source: status(known) }
      : {
          key: 'status',
          state: 'unknown',
          text: t('statusUnknown', { status: member.status || none }),
          source: t('vendorDecides'),
        },
    ...(member.deletion
      ? [
          {
            key: 'deletion',
            state: 'warn',
            text: words('deletion', { status: member.deletion }),
            source: t('vendorDecides'),
          } as const,
        ]
      : []),
    {
      key: 'phone',
      state: member.phone === 'missing' ? 'pass' : 'unknown',
      unchecked: true,
      text: member.phone === 'missing' ? t('noPhone') : t('phoneUnread'),
      source: (
        <>
          {member.phoneReadAt && `${t('readAgo', { age: age(member.phoneReadAt) })} · `}
          <button
            type="button"
            className="link-alone"
            aria-disabled={read.isPending || undefined}
            onClick={() => read.isPending || read.mutate({})}
          >
            {read.isPending ? t('loading') : t('readAgain')}
          </button>
        </>
      ),
    },
    {
      key: 'site',
      state: number === null ? 'unknown' : number.ok ? 'pass' : 'warn',
      unchecked: true,
      text: number === null ? t('numberMissing') : number.ok ? t('numberFits') : t('numberUnfit'),
      source: t(`site.${flow.site}`),
    },
    {
      key: 'today',
      state: flow.sentToday >= warnAtCodes ? 'warn' : 'pass',
      text: t('sentToday', { count: flow.sentToday }),
      source: t('sentTodaySource', { warn: warnAtCodes, all: flow.sentTodayInAll }),
    },
    refusal?.code === 'cloud.permission'
      ? { key: 'right', state: 'warn', text: t('right'), source: t('rightRefused') }
      : { key: 'right', state: 'unknown', text: t('right'), source: t('rightSource') },
  ]
  return <ChecksCard checks={checks} />
}
