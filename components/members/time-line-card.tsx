'use client'

import { useFormatter, useLocale, useTimeZone } from 'next-intl'
import { Card, CardBody, CardHead } from '@/components/ui/card'
import { Timeline, TimelineDay } from '@/components/ui/timeline'
import type { MemberDetail, MemberEvent } from '@/lib/contract/members'
import { useCurrentTime } from '@/lib/i18n/age'
import { useTranslations } from '@/lib/i18n/translations'
import { EventLine } from './event-line'

/** Everything this console knows about what happened to a member, newest first. */
export function TimeLineCard({ member }: { member: MemberDetail }) {
  const t = useTranslations('member.timeLine')
  const day = useDayWords()
  const zone = useZoneWords()
  const days = byDay(member.events, day.key)
  return (
    <Card>
      <CardHead title={t('title')} end={zone} divided />
      <CardBody>
        {days.length === 0 ? (
          <p className="text-text3">{t('empty')}</p>
        ) : (
          <Timeline>
            {days.map(([key, events]) => [
              <TimelineDay key={key}>{day.words(key, events[0]?.at ?? '')}</TimelineDay>,
              ...events.map((event) => (
                <EventLine
                  key={`${event.at} ${event.kind} ${event.requestId}`}
                  event={event}
                  joinMethod={member.joinMethod}
                />
              )),
            ])}
          </Timeline>
        )}
        <p className="mt-5 border-t border-line pt-3 text-small text-text3">{t('foot')}</p>
      </CardBody>
    </Card>
  )
}

function byDay(events: MemberEvent[], keyOf: (at: string) => string): [string, MemberEvent[]][] {
  const days = new Map<string, MemberEvent[]>()
  for (const event of events) {
    const key = keyOf(event.at)
    days.set(key, [...(days.get(key) ?? []), event])
  }
  return [...days]
}

/** Days in the user's time zone, as a key for comparison and as text. */
function useDayWords() {
  const t = useTranslations('member.timeLine')
  const format = useFormatter()
  const now = useCurrentTime()
  const key = (at: string | Date) =>
    format.dateTime(new Date(at), { year: 'numeric', month: '2-digit', day: '2-digit' })
  const today = key(now)
  const yesterday = key(new Date(now.getTime() - 24 * 60 * 60_000))
  const year = format.dateTime(now, { year: 'numeric' })
  return {
    key,
    words(ofDay: string, at: string): string {
      if (ofDay === today) return t('today')
      if (ofDay === yesterday) return t('yesterday')
      const date = new Date(at)
      const sameYear = format.dateTime(date, { year: 'numeric' }) === year
      return format.dateTime(date, {
        day: 'numeric',
        month: 'short',
        ...(sameYear ? {} : { year: 'numeric' }),
      })
    },
  }
}

/** The time zone of the times: `Asia/Singapore (GMT+8)`. */
function useZoneWords(): string {
  const locale = useLocale()
  const timeZone = useTimeZone() ?? 'UTC'
  const offset = new Intl.DateTimeFormat(locale, { timeZone, timeZoneName: 'shortOffset' })
    .formatToParts(useCurrentTime())
    .find(({ type }) => type === 'timeZoneName')?.value
  return timeZone === 'UTC' || !offset ? timeZone : `${timeZone} (${offset})`
}
