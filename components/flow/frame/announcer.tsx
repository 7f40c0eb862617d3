'use client'

import { useFormatter } from 'next-intl'
import { useEffect, useRef, useState } from 'react'
import { LiveRegion } from '@/components/ui/live-region'
import { useTranslations } from '@/lib/i18n/translations'
import { useCountdown } from './countdown'
import { useFlowFrame } from './flow-context'

/**
 * What screen readers announce about the operation of one flow; announcements about its code are the same for
 * all.
 */
export interface News {
  /** Announced when a step is reached; steps without an entry are not announced. */
  steps: Partial<Record<string, string>>
  /**
   * Replaces the announcement of `done` if a reconciliation found the result and no response confirmed it.
   */
  found: string
  /** A reconciliation found that the operation of unknown outcome did nothing. */
  notDone: string
}

/** The facts that announcements are derived from: a change in one of them is an event. */
interface Moment {
  step: string
  id: string | undefined
  state: string | undefined
  requiresCode: boolean
  unknown: boolean
  confirmed: boolean
  /** A reconciliation found that the operation did nothing. */
  notDone: boolean
  life: 'none' | 'running' | 'minute' | 'seconds' | 'over'
}

type Happening = 'step' | 'found' | 'notDone' | 'accepted' | 'unknown' | 'minute' | 'seconds' | 'over'

/**
 * Announces the outcomes of the flow, whoever caused them and on whichever step they arrive. A countdown
 * announced every second would drown out everything else: it is announced at the start, at 60 and 10 seconds,
 * and at the end.
 */
export function Announcer({ news }: { news: News }) {
  const t = useTranslations('flow')
  const format = useFormatter()
  const { flow, asOf, memory } = useFlowFrame()
  const { step, request } = flow
  const counts = step === 'code' && request !== null && request.attemptsLeft > 0
  const left = useCountdown(counts ? request.secondsLeft : null, asOf)
  const moment: Moment = {
    step,
    id: request?.id,
    state: request?.state,
    requiresCode: request?.requiresCode === true,
    unknown: request?.sendOutcome === 'unknown',
    confirmed: request !== null && request.applyRequestId !== null,
    notDone: request?.reconcileResult === 'not_done' || flow.refused?.what === 'not_done',
    life: lifeOf(left),
  }
  const last = useRef(moment)
  const [announced, setAnnounced] = useState({ text: '', turn: 0 })

  function wordsFor(happening: Happening): string {
    const span = (value: number, unit: 'minute' | 'second') =>
      format.number(value, { style: 'unit', unit, unitDisplay: 'long' })
    switch (happening) {
      case 'accepted': {
        const sentHere = memory.takeSentHere()
        const name = request?.operatorName ?? ''
        const { replaced } = flow
        const words = sentHere
          ? t('announce.accepted')
          : replaced
            ? t('announce.changed', { name, what: replaced.cenId === null ? 'number' : 'cen' })
            : flow.sendNumber > 1
              ? t('announce.newer', { name })
              : t('announce.accepted')
        if (left === null || left <= 0) return words
        const time = left < 60 ? span(left, 'second') : span(Math.round(left / 60), 'minute')
        return `${words} ${t('life.spoken', { time })}`
      }
      case 'unknown':
        return t('announce.unknown')
      case 'minute':
        return t('life.lessThan', { time: span(1, 'minute') })
      case 'seconds':
        return t('life.lessThan', { time: span(10, 'second') })
      case 'over':
        return t('life.over')
      case 'step':
        return news.steps[step] ?? ''
      default:
        return news[happening]
    }
  }

  useEffect(() => {
    const happening = happeningOf(last.current, moment, news)
    last.current = moment
    if (happening) {
      const text = wordsFor(happening)
      // The turn makes a repeated sentence a new element, so that it is announced again.
      setAnnounced(({ turn }) => ({ text, turn: turn + 1 }))
    }
  })

  return (
    <LiveRegion>
      <span key={announced.turn}>{announced.text}</span>
    </LiveRegion>
  )
}

function lifeOf(left: number | null): Moment['life'] {
  if (left === null) return 'none'
  if (left <= 0) return 'over'
  if (left <= 10) return 'seconds'
  return left <= 60 ? 'minute' : 'running'
}

function happeningOf(before: Moment, now: Moment, news: News): Happening | null {
  // If another operator's call, already shown on this step, gets no response, announce that once.
  const reached = now.step !== before.step || (now.step === 'checking' && before.state === 'applying')
  if (reached && !(now.step === 'checking' && now.state === 'applying')) {
    if (now.step === 'done' && !now.confirmed) return 'found'
    if (news.steps[now.step]) return 'step'
    if (before.step === 'checking' && now.notDone) return 'notDone'
  }
  if (now.step !== 'code' || !now.requiresCode || now.state === 'sending') return null
  if (before.id !== now.id || before.state === 'sending') return now.unknown ? 'unknown' : 'accepted'
  const { life } = now
  return life !== before.life && life !== 'none' && life !== 'running' ? life : null
}
