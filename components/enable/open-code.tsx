'use client'

import { StillOpen } from '@/components/flow/code/still-open'
import type { EnableFlow } from '@/lib/contract/enable'
import { useNumberWords } from '@/lib/i18n/number-words'
import { useTranslations } from '@/lib/i18n/translations'

/** The code that is open while this tab went back, on every step before it. */
export function OpenCode({ flow }: { flow: EnableFlow }) {
  const t = useTranslations('enable')
  const numberWords = useNumberWords()
  return <StillOpen flow={flow} recipient={numberWords(flow.request, t('ownPhone'))} />
}
