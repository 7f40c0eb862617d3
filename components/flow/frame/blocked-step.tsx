'use client'

import type { ReactNode } from 'react'
import { Link } from '@/components/shell/link'
import { Banner } from '@/components/ui/banner'
import { buttonClass } from '@/components/ui/button-class'
import { Card } from '@/components/ui/card'
import { failureOf } from '@/lib/browser/call'
import type { ShownError } from '@/lib/contract/errors'
import { useTranslations } from '@/lib/i18n/translations'
import { useFlowFrame } from './flow-context'
import { FlowFailure } from './flow-failure'
import { StepLayout } from './step-layout'

/**
 * Nothing can be done here: shown before any send, with every next action as a `NextAction`. A refusal that
 * led here replaces the blocked reason.
 * @param note replaces the note that nothing was changed
 * @param refusedNote what else is known about a refusal
 * @param failure of what was tried here
 */
export function BlockedStep({
  title,
  note,
  blockedReason,
  refusedNote,
  failure,
  side,
  children,
}: {
  title: string
  note?: string | undefined
  blockedReason: { tone: 'info' | 'warn'; cause: string; next: string }
  refusedNote?: (refusal: ShownError) => ReactNode
  failure?: Error | null
  side?: ReactNode
  children: ReactNode
}) {
  const t = useTranslations('flow.blocked')
  const { refusal, number: n, total, exits } = useFlowFrame()
  const failed = failureOf(failure ?? null)
  return (
    <StepLayout
      title={title}
      note={refusal ? t('noteRefused', { n, total }) : (note ?? t('note'))}
      side={side}
      numbered={false}
    >
      {refusal ? (
        <FlowFailure error={refusal}>{refusedNote?.(refusal)}</FlowFailure>
      ) : (
        <Banner tone={blockedReason.tone} title={blockedReason.cause}>
          {blockedReason.next}
        </Banner>
      )}
      {failed && <FlowFailure error={failed} />}
      {children && (
        <Card>
          <ul className="divide-y divide-line">{children}</ul>
        </Card>
      )}
      {exits.back && (
        <div>
          <Link href={exits.back.href} className={buttonClass({ variant: 'quiet', size: 'form' })}>
            {exits.back.text}
          </Link>
        </div>
      )}
    </StepLayout>
  )
}

/** One next action: its name, what it does, and (as children) its button or link. */
export function NextAction({ name, note, children }: { name: string; note: ReactNode; children: ReactNode }) {
  return (
    <li className="flex flex-wrap items-center justify-between gap-3 px-4 py-3">
      <div className="min-w-0">
        <p className="font-medium">{name}</p>
        <p className="text-small text-text3">{note}</p>
      </div>
      {children}
    </li>
  )
}
