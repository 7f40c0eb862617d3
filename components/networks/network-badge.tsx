'use client'

import { Check, CircleDashed, CircleMinus, CircleQuestionMark, Hourglass } from 'lucide-react'
import { Badge } from '@/components/ui/badge'
import type { NetworkLine } from '@/lib/contract/networks'
import { useTranslations } from '@/lib/i18n/translations'
import { useChangeWords } from './words'

/** The state of a network; an open code takes precedence over "not attached". */
export function NetworkBadge({
  network: { attach, attachStatus, blockedReason, open },
}: {
  network: Pick<NetworkLine, 'attach' | 'attachStatus' | 'blockedReason' | 'open'>
}) {
  const t = useTranslations('networks.state')
  const status = useTranslations('status.open')
  const changeWords = useChangeWords()
  if (open === 'outcome_unknown') {
    return (
      <Badge tone="warn" icon={<CircleQuestionMark />}>
        {status(open)}
      </Badge>
    )
  }
  if (open === 'newer_version') {
    return (
      <Badge tone="accent" icon={<Hourglass />}>
        {status(open)}
      </Badge>
    )
  }
  if (attach === 'attached') {
    return (
      <Badge tone="ok" icon={<Check />}>
        {t('attached')}
      </Badge>
    )
  }
  if (attach === 'changing') {
    return (
      <Badge tone="accent" icon={<Hourglass />}>
        {changeWords(attachStatus)}
      </Badge>
    )
  }
  if (blockedReason) {
    return (
      <Badge tone="outline" icon={<CircleMinus />}>
        {t('cannot')}
      </Badge>
    )
  }
  if (open) {
    return (
      <Badge tone="accent" icon={<Hourglass />}>
        {status(open)}
      </Badge>
    )
  }
  return (
    <Badge tone="idle" icon={<CircleDashed />}>
      {t('not_attached')}
    </Badge>
  )
}
