'use client'

import { useState } from 'react'
import { FlowFrame, type Steps } from '@/components/flow/frame/flow-frame'
import { useChange } from '@/components/flow/frame/use-change'
import { lazyPart } from '@/components/shell/lazy-part'
import { useFlowHost, useViewer } from '@/components/shell/me'
import { Page } from '@/components/shell/page'
import type { AttachFlow } from '@/lib/contract/networks'
import { useTranslations } from '@/lib/i18n/translations'
import { networksHref } from './networks-href'
import { grouped } from './owner-id'
import { useAttachFlow } from './queries'
import type { Whose } from './step'
import { actOf, knownOf } from './words'

const BlockedStep = lazyPart(() => import('./blocked-step').then((step) => step.BlockedStep))
const CheckingStep = lazyPart(() => import('./checking-step').then((step) => step.CheckingStep))
const ChooseStep = lazyPart(() => import('./choose-step').then((step) => step.ChooseStep))
const CodeStep = lazyPart(() => import('./code-step').then((step) => step.CodeStep))
const DoneStep = lazyPart(() => import('./done-step').then((step) => step.DoneStep))
const WaitingStep = lazyPart(() => import('./waiting-step').then((step) => step.WaitingStep))
const OverdueStep = lazyPart(() => import('./overdue-step').then((step) => step.OverdueStep))
const parts = [BlockedStep, CheckingStep, ChooseStep, CodeStep, DoneStep, WaitingStep, OverdueStep]

/** The whole flow has one URL: the server decides which step is open, and this renders it. */
export function AttachScreen({
  region,
  regionName,
  networkId,
}: {
  region: string
  regionName: string
  networkId: string
}) {
  const t = useTranslations('attach')
  const networks = useTranslations('networks')
  const { me } = useViewer()
  const asker = { accountId: me.accountId, company: me.directory?.name ?? null }
  const host = useFlowHost()
  const query = useAttachFlow({ region, networkId }, host)
  const flow = query.data
  const last = useLastIntent(flow)
  const [picked, setPicked] = useState<Whose | null>(null)
  const whose = picked ?? (last?.ownerId ? 'crossAccount' : 'own')
  const change = useChange(flow)
  const stepOf = ({ step }: AttachFlow) => (change.on ? 'choose' : step)
  const steps = useSteps(flow && { ...flow, step: stepOf(flow) }, whose)
  const ownerOf = ({ site }: AttachFlow, ownerId: string | null | undefined) =>
    t(`recipient.${site}`, { owner: grouped(ownerId ?? '') })
  const list = { href: networksHref(region), text: t('done.list') }
  return (
    <Page
      title={t('title')}
      crumbs={[
        { href: '/networks', text: networks('title') },
        { href: list.href, text: regionName },
      ]}
      ground="surface"
    >
      <FlowFrame
        key={networkId}
        host={host}
        query={query}
        steps={steps}
        parts={parts}
        position={(state, refused) => positionOf(stepOf(state), refused, steps.length)}
        stepOf={stepOf}
        recipient={(state) => ({
          now: ownerOf(state, state.intent?.ownerId),
          before: state.replaced && ownerOf(state, state.replaced.ownerId),
        })}
        exits={{ leave: list.href, back: list, done: list }}
        change={change}
        news={{
          steps: {
            checking: t('announce.checking'),
            waiting: t(`announce.waiting.${(flow && knownOf(flow)) ?? 'found'}`),
            overdue: t('announce.overdue'),
            done: t('announce.attached'),
            ...(last?.act === 'detach' && { choose: t('announce.detached') }),
          },
          found: t('announce.found'),
          notDone: t('announce.notDone'),
        }}
      >
        {(state) => {
          const step = { flow: state, regionName }
          switch (stepOf(state)) {
            case 'blocked':
              return <BlockedStep {...step} />
            case 'choose':
              return <ChooseStep {...step} asker={asker} whose={whose} onWhose={setPicked} last={last} />
            case 'code':
              return <CodeStep {...step} asker={asker} />
            case 'checking':
              return <CheckingStep {...step} />
            case 'waiting':
              return <WaitingStep {...step} />
            case 'overdue':
              return <OverdueStep {...step} />
            case 'done':
              return <DoneStep {...step} />
          }
        }}
      </FlowFrame>
    </Page>
  )
}

/**
 * The intent since this page was opened, or the one refused before that: reported once it is over, and
 * offered again to the person who has to correct it.
 */
function useLastIntent(flow: AttachFlow | undefined): AttachFlow['intent'] {
  const refused = flow?.refusedCen ? { act: 'attach' as const, ...flow.refusedCen } : null
  const [last, setLast] = useState(flow?.intent ?? refused)
  const now = flow?.intent ?? null
  if (now !== null && now !== last) setLast(now)
  return now ?? last
}

/** The account's own CEN requires no code, and a change made by another console has no steps here. */
function useSteps(flow: AttachFlow | undefined, whose: Whose): Steps {
  const t = useTranslations('attach.steps')
  const code = useTranslations('flow.steps')('code')
  const choose = { key: 'choose', name: t('choose') }
  const attach = { key: 'attach', name: t('attach') }
  const own = [choose, attach]
  const crossAccount = [choose, { key: 'code', name: code }, attach]
  if (!flow) return []
  if (flow.step === 'code') return crossAccount
  if (flow.step === 'choose' || flow.step === 'blocked') return whose === 'crossAccount' ? crossAccount : own
  const act = actOf(flow)
  if (!act) return []
  if (act.intent.act === 'detach') {
    return [
      { key: 'confirm', name: t('confirm') },
      { key: 'detach', name: t('detach') },
    ]
  }
  return act.request.requiresCode ? crossAccount : own
}

function positionOf(step: AttachFlow['step'], refused: boolean, total: number): number {
  if (step === 'blocked') return refused ? 1 : 0
  if (step === 'choose') return 0
  if (step === 'code') return 1
  return step === 'done' ? total : total - 1
}
