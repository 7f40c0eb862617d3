'use client'

import {
  CircleDashed,
  CircleMinus,
  CircleQuestionMark,
  Hourglass,
  ShieldCheck,
  TriangleAlert,
} from 'lucide-react'
import type { ReactNode } from 'react'
import { Badge, type BadgeTone } from '@/components/ui/badge'
import type { MemberRow } from '@/lib/contract/members'
import { useTranslations } from '@/lib/i18n/translations'
import type { PhoneLoad } from './queries'

type State = MemberRow['phone'] | NonNullable<MemberRow['open']> | PhoneLoad

const looks: Record<State, { tone: BadgeTone; icon: ReactNode }> = {
  bound: { tone: 'ok', icon: <ShieldCheck /> },
  missing: { tone: 'warn', icon: <TriangleAlert /> },
  unread: { tone: 'idle', icon: <CircleDashed /> },
  loading: { tone: 'idle', icon: <Hourglass /> },
  failed: { tone: 'idle', icon: <CircleQuestionMark /> },
  not_applicable: { tone: 'outline', icon: <CircleMinus /> },
  code_sent: { tone: 'accent', icon: <Hourglass /> },
  outcome_unknown: { tone: 'warn', icon: <CircleQuestionMark /> },
  newer_version: { tone: 'accent', icon: <Hourglass /> },
}

/**
 * The phone status of a member; an open code takes precedence over "no phone yet".
 * @param load of a status that is not known: whether it is being read, or reading it failed
 */
export function PhoneBadge({
  member: { phone, open },
  load = null,
}: {
  member: Pick<MemberRow, 'phone' | 'open'>
  load?: PhoneLoad | null
}) {
  const t = useTranslations('status')
  const pending = phone === 'bound' ? null : open
  if (pending) return <Badge {...looks[pending]}>{t(`open.${pending}`)}</Badge>
  const known = (phone === 'unread' && load) || phone
  return <Badge {...looks[known]}>{t(`phone.${known}`)}</Badge>
}
