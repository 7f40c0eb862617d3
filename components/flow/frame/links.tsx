'use client'

import { ExternalLink } from 'lucide-react'
import type { ReactNode } from 'react'
import { Link } from '@/components/shell/link'
import { type ButtonSize, buttonClass } from '@/components/ui/button-class'
import { useTranslations } from '@/lib/i18n/translations'

/** To the vendor's own console, in another tab. */
export function VendorLink({ href, size = 'default' }: { href: string; size?: ButtonSize }) {
  const t = useTranslations('flow')
  return (
    <a href={href} target="_blank" rel="noreferrer" className={buttonClass({ variant: 'secondary', size })}>
      {t('openVendor')}
      <ExternalLink />
    </a>
  )
}

/** The same as words of a sentence. */
export function ExternalTextLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <a href={href} target="_blank" rel="noreferrer" className="link inline-flex items-center gap-1.5">
      {children}
      <ExternalLink className="size-3.5" />
    </a>
  )
}

/** Leaves the flow where it stands: the server keeps it. */
export function LaterLink({ href }: { href: string }) {
  const t = useTranslations('flow')
  return (
    <Link href={href} className={buttonClass({ variant: 'quiet', size: 'form' })}>
      {t('later')}
    </Link>
  )
}
