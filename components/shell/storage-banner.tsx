'use client'

import { useTranslations } from 'next-intl'
import { Banner } from '@/components/ui/banner'
import { useViewer } from './me'

/** On every page while nothing can be stored. `SessionWatch` keeps asking, so that it goes away by itself. */
export function StorageBanner() {
  const t = useTranslations('shell')
  const { storage } = useViewer().me
  if (!storage) return null
  return (
    <Banner tone="bad" role="status" className="mx-4 mt-4 md:mx-6">
      {t.rich('storageFull', { reason: storage, strong: (words) => <strong>{words}</strong> })}
    </Banner>
  )
}
