'use client'

import { useSearchParams } from 'next/navigation'
import type { EnableFlow } from '@/lib/contract/enable'
import type { EnableMode } from '@/lib/contract/enable-mode'

/** The step that is drawn: before anything is asked for, only the address knows which way was chosen. */
export type EnableStep = EnableFlow['step'] | 'confirm' | 'phone'

export function enableHref(mode?: EnableMode): string {
  return mode ? `/directory/enable?mode=${mode}` : '/directory/enable'
}

/** The way that the address names; null before one is chosen. */
export function useMode(): EnableMode | null {
  const mode = useSearchParams().get('mode')
  return mode === 'current' || mode === 'new' ? mode : null
}

/** @param changing this tab went back from an open code */
export function stepOf({ step }: EnableFlow, mode: EnableMode | null, changing: boolean): EnableStep {
  if (step !== 'choose' && !changing) return step
  return mode ? ({ current: 'confirm', new: 'phone' } as const)[mode] : 'choose'
}
