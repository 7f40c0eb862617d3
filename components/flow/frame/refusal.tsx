'use client'

import { useFormatter } from 'next-intl'
import { Banner } from '@/components/ui/banner'
import type { ShownError } from '@/lib/contract/errors'
import { useNumberWords } from '@/lib/i18n/number-words'
import { useTranslations } from '@/lib/i18n/translations'
import { useFlowFrame } from './flow-context'
import { FlowFailure } from './flow-failure'

/**
 * Above the buttons of a step: the first failure of its operations, or else what was refused, or did nothing,
 * before a reload, in another tab or for another operator. Never both.
 * @param idle nothing was tried on this step yet
 * @param reportsRefusal false if the earlier refusal is shown on another step
 */
export function Refusal({
  failures,
  idle,
  reportsRefusal = true,
}: {
  failures: readonly (ShownError | undefined)[]
  idle: boolean
  reportsRefusal?: boolean
}) {
  const t = useTranslations('flow.refused')
  const format = useFormatter()
  const numberWords = useNumberWords()
  const { refused } = useFlowFrame().flow
  const failure = failures.find(Boolean)
  if (failure) return <FlowFailure error={failure} />
  if (!refused || !idle || !reportsRefusal) return null
  const { what, at, byYou, operatorName: name, about, alike, discarded } = refused
  const time = (iso: string) => format.dateTime(new Date(iso), 'second')
  const facts = {
    time: time(at),
    by: byYou ? 'you' : 'other',
    name,
    about: about === null ? 'none' : numberWords({ numberMasked: about, alike }),
    who: discarded ? (discarded.byYou ? 'you' : 'other') : 'unknown',
    discarder: discarded?.operatorName ?? '',
    when: discarded ? time(discarded.at) : '',
  }
  // Nothing was refused, so there is no error from Alibaba Cloud to show.
  if (what !== 'send' && what !== 'apply') {
    const unknown = what === 'gone' || what === 'unresolved'
    return (
      <Banner tone={unknown ? 'warn' : 'info'} title={t(`${what}.title`)}>
        {t(`${what}.body`, facts)}
      </Banner>
    )
  }
  return (
    <FlowFailure error={refused.error}>
      <p>{t(what, facts)}</p>
    </FlowFailure>
  )
}
