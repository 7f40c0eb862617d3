'use client'

import { useCallback, useEffect, useRef, useState } from 'react'
import { FlowFrame } from '@/components/flow/frame/flow-frame'
import { useChange } from '@/components/flow/frame/use-change'
import { useTyped } from '@/components/form/typed'
import { lazyPart } from '@/components/shell/lazy-part'
import { useFlowHost, useViewer } from '@/components/shell/me'
import { Page } from '@/components/shell/page'
import { useEndShownHere } from '@/components/shell/use-end-shown-here'
import type { Country } from '@/lib/contract/countries'
import type { EnableFlow } from '@/lib/contract/enable'
import type { EnableMode } from '@/lib/contract/enable-mode'
import { useNumberWords } from '@/lib/i18n/number-words'
import { useTranslations } from '@/lib/i18n/translations'
import { ChooseStep } from './choose-step'
import { type EnableStep, stepOf, useMode } from './mode'
import { useEnableFlow, useSessionEnds } from './queries'
import { nothingTyped, type Typed } from './typed'

// Every visit starts with the choice of mode, so the other steps are loaded only when they open.
const BlockedStep = lazyPart(() => import('./blocked-step').then((step) => step.BlockedStep))
const CheckingStep = lazyPart(() => import('./checking-step').then((step) => step.CheckingStep))
const CodeStep = lazyPart(() => import('./code-step').then((step) => step.CodeStep))
const ConfirmStep = lazyPart(() => import('./confirm-step').then((step) => step.ConfirmStep))
const DoneStep = lazyPart(() => import('./done-step').then((step) => step.DoneStep))
const PhoneStep = lazyPart(() => import('./phone-step').then((step) => step.PhoneStep))
const parts = [BlockedStep, CheckingStep, CodeStep, ConfirmStep, DoneStep, PhoneStep]

const stepsOf = {
  current: ['account', 'confirm', 'done'],
  new: ['account', 'phone', 'confirm', 'done'],
} as const

/** The index of the step that makes the change, which is also where it is refused. */
const confirmAt = { current: 1, new: 2 } as const

function positionOf(step: EnableStep, mode: EnableMode, refused: boolean): number {
  switch (step) {
    case 'blocked':
      return refused ? confirmAt[mode] : 0
    case 'choose':
      return 0
    case 'phone':
      return 1
    case 'done':
      return stepsOf[mode].length
    default:
      return confirmAt[mode]
  }
}

/**
 * The whole flow has one URL: the server decides which step is open; before that, the URL holds the chosen
 * mode.
 */
export function EnableScreen({ countries }: { countries: Country[] }) {
  const t = useTranslations('enable')
  const flow = useTranslations('flow.steps')
  const numberWords = useNumberWords()
  const { me } = useViewer()
  const known = me.directory?.id
  const host = useFlowHost()
  const fromUrl = useMode()
  const query = useEnableFlow(host)
  const [picked, pick] = useState(fromUrl)
  const change = useChange(query.data)
  // Until a mode is chosen, the stepper shows the longer one.
  const mode = (change.on ? null : query.data?.intent?.mode) ?? fromUrl ?? picked ?? 'new'
  const stepNow = (state: EnableFlow) => stepOf(state, fromUrl, change.on)
  const step = query.data && stepNow(query.data)
  const { typed, onType } = useKept(step === 'choose' || step === 'phone')
  // What was found or done ended this session: this page says so itself, and stays open.
  useEndShownHere(useSessionEnds(mode) || query.data?.blockedReason === 'member')
  return (
    <Page title={t('title')} ground="surface">
      <FlowFrame
        host={host}
        query={query}
        steps={stepsOf[mode].map((key) => ({
          key,
          name: key === 'done' ? flow('done') : t(`steps.${key}`),
        }))}
        parts={parts}
        // A call without a response stopped at the same step as a refused one.
        position={(state, refused) =>
          positionOf(stepNow(state), mode, refused || state.request?.state === 'apply_unknown')
        }
        stepOf={stepNow}
        recipient={({ request, replaced }) => ({
          now: numberWords(request, t('ownPhone')),
          before: replaced && numberWords(replaced, t('ownPhone')),
        })}
        exits={{ leave: '/members', done: { href: '/members', text: t('done.current.open') } }}
        change={change}
        news={{
          steps: { checking: t('announce.checking'), done: t('announce.done') },
          found: t('announce.found'),
          notDone: t('announce.notDone'),
        }}
      >
        {(state) => {
          switch (stepNow(state)) {
            case 'blocked':
              return <BlockedStep flow={state} known={known} />
            case 'choose':
              return (
                <ChooseStep
                  flow={state}
                  picked={picked}
                  onPick={pick}
                  confirmAt={picked && confirmAt[picked] + 1}
                />
              )
            case 'confirm':
              return <ConfirmStep flow={state} />
            case 'phone':
              return <PhoneStep flow={state} countries={countries} typed={typed} onType={onType} />
            case 'code':
              return <CodeStep flow={state} onType={onType} />
            case 'checking':
              return <CheckingStep flow={state} mode={mode} />
            case 'done':
              return <DoneStep flow={state} known={known} sandbox={me.cloud === 'sandbox'} />
          }
        }}
      </FlowFrame>
    </Page>
  )
}

/**
 * What is typed for the new account. Until it is sent, leaving the page asks for confirmation on every step.
 * @param unsent no code has been sent for it yet; after a send, the console has it
 */
function useKept(unsent: boolean) {
  const typed = useRef<Typed>(nothingTyped)
  const sent = useRef<Typed>(nothingTyped)
  const [differs, setDiffers] = useState(false)
  const onType = useCallback(
    (part: Partial<Typed>) => {
      typed.current = { ...typed.current, ...part }
      if (!unsent) sent.current = typed.current
      const { namePrefix, phone } = typed.current
      setDiffers(namePrefix !== sent.current.namePrefix || phone !== sent.current.phone)
    },
    [unsent],
  )
  useEffect(() => {
    if (!unsent) onType({})
  }, [unsent, onType])
  useTyped(unsent && differs)
  return { typed, onType }
}
