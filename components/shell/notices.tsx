'use client'

import { useMutationState } from '@tanstack/react-query'
import { Hourglass } from 'lucide-react'
import { Banner } from '@/components/ui/banner'
import { useMissingPart } from '@/components/ui/missing-part'
import { useSlow } from '@/components/ui/use-slow'
import { useTranslations } from '@/lib/i18n/translations'
import { PartMissing } from './part-missing'
import { waitedFor } from './pressed'
import { SessionNotice } from './session-watch'

/** The frame's notices on any page, above its lower edge. */
export function Notices() {
  return (
    <div className="pointer-events-none fixed inset-x-4 bottom-4 z-20 mx-auto grid max-w-[40rem] gap-2 *:pointer-events-auto">
      <SlowNotice />
      {useMissingPart() && <PartMissing className="shadow-popup" />}
      <SessionNotice />
    </div>
  )
}

/**
 * Shown while a user waits long for an operation, with what it waits for. Calls that the page makes
 * automatically keep nobody waiting.
 */
function SlowNotice() {
  const t = useTranslations('shell.slow')
  const [first] = useMutationState({
    filters: waitedFor,
    select: ({ state, options }) => ({ since: state.submittedAt, waitsFor: options.meta?.waitsFor }),
  })
  const slow = useSlow(first?.since ?? null)
  return (
    // Rendered before it has text, so that screen readers announce the text.
    <div role="status">
      {slow && (
        <Banner tone="info" icon={<Hourglass />} className="shadow-popup">
          {t(first?.waitsFor === 'cloud' ? 'cloud' : 'console')}
        </Banner>
      )}
    </div>
  )
}
