'use client'

import {
  CircleDashed,
  CircleMinus,
  CircleQuestionMark,
  Hourglass,
  ShieldCheck,
  TriangleAlert,
} from 'lucide-react'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { Badge, type BadgeTone } from '@/components/ui/badge'
import type { MemberRow } from '@/lib/contract/members'

type State = MemberRow['phone'] | NonNullable<MemberRow['open']>

const looks: Record<State, { tone: BadgeTone; icon: ReactNode }> = {
  bound: { tone: 'ok', icon: <ShieldCheck /> },
  missing: { tone: 'warn', icon: <TriangleAlert /> },
  unread: { tone: 'idle', icon: <CircleDashed /> },
  not_applicable: { tone: 'outline', icon: <CircleMinus /> },
  code_sent: { tone: 'accent', icon: <Hourglass /> },
  outcome_unknown: { tone: 'warn', icon: <CircleQuestionMark /> },
  newer_version: { tone: 'accent', icon: <Hourglass /> },
}

/** Where a member stands: a code on its way says more than that there is no phone yet. */
export function PhoneBadge({ member: { phone, open } }: { member: Pick<MemberRow, 'phone' | 'open'> }) {
  const t = useTranslations('status')
  const pending = phone === 'bound' ? null : open
  return <Badge {...looks[pending ?? phone]}>{pending ? t(`open.${pending}`) : t(`phone.${phone}`)}</Badge>
}
