'use client'

import { CircleQuestionMark, CircleX, Hourglass, Search, Send, ShieldCheck, UserPlus } from 'lucide-react'
import { useFormatter } from 'next-intl'
import { Fragment, type ReactNode } from 'react'
import { CopyButton } from '@/components/ui/copy-button'
import { TimelineItem, type TimelineTone } from '@/components/ui/timeline'
import type { ErrorCode, LaterCode } from '@/lib/contract/errors'
import type { MemberEvent } from '@/lib/contract/members'
import { useNumberWords } from '@/lib/i18n/number-words'
import { useTranslations } from '@/lib/i18n/translations'

const looks: Record<MemberEvent['kind'], { icon: ReactNode; tone: TimelineTone }> = {
  sending: { icon: <Hourglass />, tone: 'idle' },
  sent: { icon: <Send />, tone: 'accent' },
  send_refused: { icon: <CircleX />, tone: 'bad' },
  send_unknown: { icon: <CircleQuestionMark />, tone: 'warn' },
  applying: { icon: <Hourglass />, tone: 'idle' },
  bound: { icon: <ShieldCheck />, tone: 'ok' },
  found_bound: { icon: <ShieldCheck />, tone: 'ok' },
  bind_refused: { icon: <CircleX />, tone: 'bad' },
  bind_not_found: { icon: <Search />, tone: 'idle' },
  bind_unknown: { icon: <CircleQuestionMark />, tone: 'warn' },
  bind_unresolved: { icon: <CircleQuestionMark />, tone: 'warn' },
  newer: { icon: <CircleQuestionMark />, tone: 'idle' },
  joined: { icon: <UserPlus />, tone: 'idle' },
}

/**
 * One event of the timeline: what is known about it, and no more ("accepted for sending", never "delivered").
 */
export function EventLine({ event, joinMethod }: { event: MemberEvent; joinMethod: string | null }) {
  const t = useTranslations('member.timeLine')
  const format = useFormatter()
  const because = useReasonWords()(event.reason)
  const time = (at: string) => format.dateTime(new Date(at), 'minute')
  const number = useNumberWords()(event, '–')
  return (
    <TimelineItem
      {...looks[event.kind]}
      time={<time dateTime={event.at}>{time(event.at)}</time>}
      title={
        <>
          {t(`${event.kind}.title`)}
          <span className="font-normal">
            {because
              ? t('because', { reason: because })
              : t(`${event.kind}.rest`, { number, method: joinMethod ?? 'none' })}
          </span>
        </>
      }
      note={
        <Facts
          facts={[
            event.operatorName,
            because && number,
            event.expiresAt && t('validUntil', { time: time(event.expiresAt) }),
            event.wrongAttempts > 0 && t('wrongAttempts', { count: event.wrongAttempts }),
            event.ended && t(`ended.${event.ended}`, { by: event.endedBy ?? 'none' }),
            event.code,
          ]}
          requestId={event.requestId}
        />
      }
    />
  )
}

function Facts({ facts, requestId }: { facts: (string | null | false)[]; requestId: string | null }) {
  const t = useTranslations('member.timeLine')
  const common = useTranslations('common')
  const known = facts.filter((fact) => typeof fact === 'string')
  if (known.length === 0 && !requestId) return null
  return (
    <>
      {known.map((fact, index) => (
        <Fragment key={fact}>
          {index > 0 && ' · '}
          {fact}
        </Fragment>
      ))}
      {requestId && (
        <span className="flex items-center gap-1 font-mono text-mono">
          <span className="min-w-0 wrap-anywhere">
            {t('requestId')} {requestId}
          </span>
          <CopyButton
            value={requestId}
            label={t('copyRequestId')}
            copiedLabel={common('copied')}
            failedLabel={common('copyFailed')}
          />
        </span>
      )}
    </>
  )
}

/** Our codes for a refused send or bind, mapped to reasons that fit into a sentence. */
const reasons = {
  'code.incorrect': 'incorrect',
  'code.expired': 'expired',
  'code.wrong_or_expired': 'wrong_or_expired',
  'phone.already_bound': 'already_bound',
  'phone.country_not_allowed': 'country_not_allowed',
  'phone.invalid': 'invalid',
  'phone.refused': 'invalid',
  'send.day_limit': 'day_limit',
  'cloud.permission': 'permission',
  'cloud.busy': 'busy',
  'cloud.other_change_running': 'other_change',
  'member.deletion_check_running': 'deletion_check',
  'cloud.not_sent': 'not_sent',
  'cloud.unreachable': 'unreachable',
  'member.type_or_status_unfit': 'unfit',
  'member.is_cloud_account': 'unfit',
} as const satisfies Partial<Record<ErrorCode, string>> & Record<LaterCode, string>

function useReasonWords(): (reason: string | null) => string | null {
  const t = useTranslations('member.timeLine.reason')
  return (reason) => (reason && reason in reasons ? t(reasons[reason as keyof typeof reasons]) : null)
}
