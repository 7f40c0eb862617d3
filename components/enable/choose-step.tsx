'use client'

import { ArrowRight, Check, Info, Smartphone, TriangleAlert } from 'lucide-react'
import { type FormEvent, type ReactNode, useId, useRef, useState } from 'react'
import { StillOpen } from '@/components/flow/code/still-open'
import { useFlowFrame } from '@/components/flow/frame/flow-context'
import { Refusal } from '@/components/flow/frame/refusal'
import { StepLayout } from '@/components/flow/frame/step-layout'
import { goTo } from '@/components/table/list-url'
import { Button } from '@/components/ui/button'
import { useHydrated } from '@/components/ui/use-hydrated'
import type { EnableFlow } from '@/lib/contract/enable'
import { type EnableMode, enableModes } from '@/lib/contract/enable-mode'
import { useTranslations } from '@/lib/i18n/translations'
import { enableHref } from './mode'
import { ModeCard } from './mode-card'

/**
 * The two modes, each with its consequences for the account; neither is preselected. No call is made here:
 * the URL keeps the choice.
 */
export function ChooseStep({
  flow,
  picked,
  onPick,
  confirmAt,
}: {
  flow: EnableFlow
  picked: EnableMode | null
  onPick: (mode: EnableMode) => void
  /** The number of the step that makes the change; null until a mode is chosen. */
  confirmAt: number | null
}) {
  const t = useTranslations('enable')
  const hydrated = useHydrated()
  const { refusal } = useFlowFrame()
  const form = useRef<HTMLFormElement>(null)
  const [unchosen, setUnchosen] = useState(false)
  const wrong = unchosen && picked === null
  const errorId = useId()

  function submit(event: FormEvent) {
    event.preventDefault()
    if (picked) return goTo(enableHref(picked))
    setUnchosen(true)
    form.current?.querySelector<HTMLInputElement>('input[type=radio]')?.focus()
  }

  return (
    <StepLayout
      title={t('choose.title')}
      note={confirmAt ? t('choose.note', { n: confirmAt }) : t('choose.noteUnchosen')}
      wide
    >
      <StillOpen />
      <form ref={form} method="post" onSubmit={submit}>
        <fieldset
          disabled={!hydrated}
          aria-describedby={wrong ? errorId : undefined}
          className="grid min-w-0 gap-4"
        >
          <legend className="sr-only">{t('choose.title')}</legend>
          <div className="grid gap-4 lg:grid-cols-2">
            {enableModes.map((mode) => (
              <ModeCard
                key={mode}
                mode={mode}
                accountId={flow.accountId}
                picked={picked === mode}
                onPick={() => onPick(mode)}
              >
                <Consequences mode={mode} />
              </ModeCard>
            ))}
          </div>
          <p className="flex gap-2.5 rounded-panel border border-line bg-canvas px-4 py-3 text-text2">
            <Info className="mt-0.5" />
            <span className="min-w-0">{t('choose.needs')}</span>
          </p>
          {wrong && (
            <p id={errorId} role="alert" className="flex gap-2 text-small text-badText">
              <TriangleAlert className="mt-px" />
              {t('choose.unchosen')}
            </p>
          )}
          <Refusal failures={[refusal ?? undefined]} idle />
          <div>
            <Button variant="primary" size="form" type="submit">
              {t('continue')}
              <ArrowRight />
            </Button>
          </div>
        </fieldset>
      </form>
    </StepLayout>
  )
}

function Consequences({ mode }: { mode: EnableMode }) {
  const t = useTranslations('enable.choose')
  const good = <Check className="mt-0.5 text-okText" />
  const warning = <TriangleAlert className="mt-0.5 text-warnText" />
  if (mode === 'current') {
    return (
      <>
        <Consequence icon={good}>{t('current.noCode')}</Consequence>
        <Consequence icon={good}>{t('current.signIn')}</Consequence>
        <Consequence icon={warning}>{t('current.policies')}</Consequence>
      </>
    )
  }
  return (
    <>
      <Consequence icon={warning}>
        {t.rich('new.member', { b: (words) => <strong className="font-semibold text-text">{words}</strong> })}
      </Consequence>
      <Consequence icon={warning}>{t('new.signIn')}</Consequence>
      <Consequence icon={<Smartphone className="mt-0.5" />}>{t('new.phone')}</Consequence>
    </>
  )
}

function Consequence({ icon, children }: { icon: ReactNode; children: ReactNode }) {
  return (
    <li className="flex gap-2.5">
      {icon}
      <span className="min-w-0">{children}</span>
    </li>
  )
}
