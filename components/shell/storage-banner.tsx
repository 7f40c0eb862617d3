'use client'

import { useTranslations } from 'next-intl'
import { Banner } from '@/components/ui/banner'
import { LiveRegion } from '@/components/ui/live-region'
import { useViewer } from './me'

/** On every page while nothing can be stored. `SessionWatch` keeps asking, so that it goes away by itself. */
export function StorageBanner() {
  const t = useTranslations('shell')
  const { storage } = useViewer().me
  const words =
    storage && t.rich('storageFull', { reason: storage, strong: (chunk) => <strong>{chunk}</strong> })
  return (
    <>
      <LiveRegion>{words}</LiveRegion>
      {words && (
        <Banner tone="bad" className="mx-4 mt-4 md:mx-6">
          {words}
        </Banner>
      )}
    </>
  )
}
