'use client'

import { useEffect } from 'react'
import { ReloadButton } from '@/components/form/reload-button'
import { Banner } from '@/components/ui/banner'
import { reloadOnce } from '@/lib/browser/reload-once'
import { useErrorWords } from '@/lib/i18n/error-words'

/**
 * In place of a part of the page whose code could not be loaded. Where nothing is typed and nothing under way, the page is
 * loaded anew by itself.
 */
export function PartMissing({ className }: { className?: string }) {
  const { cause, next } = useErrorWords()({ code: 'console.part_missing' })
  useEffect(() => void reloadOnce(), [])
  return (
    <Banner tone="warn" role="alert" title={cause} className={className}>
      <p>{next}</p>
      <div className="mt-2">
        <ReloadButton />
      </div>
    </Banner>
  )
}
