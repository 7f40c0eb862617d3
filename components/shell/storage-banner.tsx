'use client'

import { Banner } from '@/components/ui/banner'
import { useTranslations } from '@/lib/i18n/translations'
import { useViewer } from './me'

/**
 * On every page while nothing can be stored. `SessionNotice` keeps polling, so that it disappears
 * automatically.
 */
export function StorageBanner() {
  const t = useTranslations('shell')
  const { storage } = useViewer().me
  return (
    // On the page before it has text, as `LiveRegion` is; but this one is visible.
    <div role="status" aria-atomic="true">
      {storage && (
        <Banner tone="bad" className="mx-4 mt-4 md:mx-6">
          {t.rich('storageFull', { reason: storage, strong: (words) => <strong>{words}</strong> })}
        </Banner>
      )}
    </div>
  )
}
