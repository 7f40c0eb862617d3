'use client'

import { StillOpen } from '@/components/flow/still-open'
import type { EnableFlow } from '@/lib/contract/enable'
import { useTranslations } from '@/lib/i18n/translations'

/** The code that is open while this tab went back, on every step before it. */
export function OpenCode({ flow }: { flow: EnableFlow }) {
  const t = useTranslations('enable')
  return <StillOpen flow={flow} recipient={flow.request?.numberMasked ?? t('ownPhone')} />
}
