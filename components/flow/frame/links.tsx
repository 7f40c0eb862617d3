'use client'

import { ExternalLink } from 'lucide-react'
import type { ReactNode } from 'react'
import { Link } from '@/components/shell/link'
import { type ButtonSize, buttonClass } from '@/components/ui/button-class'
import { useTranslations } from '@/lib/i18n/translations'
import { useFlowFrame } from './flow-context'

/** Opens the vendor's own console in another tab. */
export function VendorLink({ href, size = 'default' }: { href: string; size?: ButtonSize }) {
  const t = useTranslations('flow')
  return (
    <a href={href} target="_blank" rel="noreferrer" className={buttonClass({ variant: 'secondary', size })}>
      {t('openVendor')}
      <ExternalLink />
    </a>
  )
}

/** The same as a link within a sentence. */
export function ExternalTextLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <a href={href} target="_blank" rel="noreferrer" className="link inline-flex items-center gap-1.5">
      {children}
      <ExternalLink className="size-3.5" />
    </a>
  )
}

/** Leaves the flow as it is: the server keeps its state. */
export function LaterLink() {
  return <LeaveLink>{useTranslations('flow')('later')}</LeaveLink>
}

/** The same, before anything was done. */
export function CancelLink() {
  return <LeaveLink>{useTranslations('common')('cancel')}</LeaveLink>
}

function LeaveLink({ children }: { children: string }) {
  const { exits } = useFlowFrame()
  return (
    <Link href={exits.leave} className={buttonClass({ variant: 'quiet', size: 'form' })}>
      {children}
    </Link>
  )
}

/** From the result to the page's next destination. */
export function DoneLink() {
  const { done } = useFlowFrame().exits
  if (!done) return null
  return (
    <div>
      <Link href={done.href} className={buttonClass({ variant: 'secondary', size: 'form' })}>
        {done.text}
      </Link>
    </div>
  )
}
