'use client'

import { useFormatter, useTranslations } from 'next-intl'
import { useEffect, useRef, useState } from 'react'
import { LiveRegion } from '@/components/ui/live-region'
import type { BindFlow } from '@/lib/contract/phone'
import { useFlowMemory } from './flow-memory'
import { useCountdown } from './use-countdown'

/** What is said aloud is told from these facts: a change of one of them is an event. */
interface Moment {
  step: BindFlow['step']
  id: string | undefined
  state: string | undefined
  unknown: boolean
  confirmed: boolean
  life: 'none' | 'running' | 'minute' | 'seconds' | 'over'
}

type Happening =
  | 'accepted'
  | 'unknown'
  | 'checking'
  | 'notBound'
  | 'bound'
  | 'found'
  | 'minute'
  | 'seconds'
  | 'over'

/**
 * Says the outcomes of the flow, whoever caused them and on whichever step they arrive. A countdown that spoke every
 * second would drown everything else: it speaks at the start, at 60 and at 10 seconds, and at the end.
 */
export function Announcer({ flow, asOf }: { flow: BindFlow; asOf: number }) {
  const t = useTranslations('bind')
  const format = useFormatter()
  const { notes } = useFlowMemory()
  const { request } = flow
  const counts = flow.step === 'code' && request !== null && request.triesLeft > 0
  const left = useCountdown(counts ? request.secondsLeft : null, asOf)
  const moment: Moment = {
    step: flow.step,
    id: request?.id,
    state: request?.state,
    unknown: request?.sendOutcome === 'unknown',
    confirmed: request !== null && request.applyRequestId !== null,
    life: lifeOf(left),
  }
  const last = useRef(moment)
  const [said, setSaid] = useState({ text: '', turn: 0 })

  function wordsFor(happening: Happening): string {
    const span = (value: number, unit: 'minute' | 'second') =>
      format.number(value, { style: 'unit', unit, unitDisplay: 'long' })
    switch (happening) {
      case 'accepted': {
        const { sentHere } = notes.current
        notes.current.sentHere = false
        const news =
          !sentHere && flow.sendNumber > 1
            ? t('announce.newer', { name: request?.operatorName ?? '' })
            : t('announce.accepted')
        if (left === null || left <= 0) return news
        const time = left < 60 ? span(left, 'second') : span(Math.round(left / 60), 'minute')
        return `${news} ${t('life.spoken', { time })}`
      }
      case 'minute':
        return t('life.lessThan', { time: span(1, 'minute') })
      case 'seconds':
        return t('life.lessThan', { time: span(10, 'second') })
      case 'over':
        return t('life.over')
      default:
        return t(`announce.${happening}`)
    }
  }

  useEffect(() => {
    const happening = happeningOf(last.current, moment)
    last.current = moment
    if (happening) {
      const text = wordsFor(happening)
      // The turn makes the same sentence a new one, which is said once more.
      setSaid(({ turn }) => ({ text, turn: turn + 1 }))
    }
  })

  return (
    <LiveRegion>
      <span key={said.turn}>{said.text}</span>
    </LiveRegion>
  )
}

function lifeOf(left: number | null): Moment['life'] {
  if (left === null) return 'none'
  if (left <= 0) return 'over'
  if (left <= 10) return 'seconds'
  return left <= 60 ? 'minute' : 'running'
}

function happeningOf(before: Moment, now: Moment): Happening | null {
  if (now.step !== before.step && now.step === 'done') return now.confirmed ? 'bound' : 'found'
  if (now.step !== before.step && now.step === 'checking') return 'checking'
  if (now.step !== 'code' || now.state === 'sending') return null
  if (before.step === 'checking') return 'notBound'
  if (before.id !== now.id || before.state === 'sending') return now.unknown ? 'unknown' : 'accepted'
  const { life } = now
  return life !== before.life && life !== 'none' && life !== 'running' ? life : null
}
