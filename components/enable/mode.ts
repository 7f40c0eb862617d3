'use client'

import { useSearchParams } from 'next/navigation'
import type { EnableFlow } from '@/lib/contract/enable'
import type { EnableMode } from '@/lib/contract/enable-mode'

/** The step on screen: until something is sent, only the URL holds the chosen mode. */
export type EnableStep = EnableFlow['step'] | 'confirm' | 'phone'

export function enableHref(mode?: EnableMode): string {
  return mode ? `/directory/enable?mode=${mode}` : '/directory/enable'
}

/** The mode in the URL; null until one is chosen. */
export function useMode(): EnableMode | null {
  const mode = useSearchParams().get('mode')
  return mode === 'current' || mode === 'new' ? mode : null
}

/** @param changing this tab went back from an open code to the first step */
export function stepOf({ step }: EnableFlow, mode: EnableMode | null, changing: boolean): EnableStep {
  if (step !== 'choose' && !changing) return step
  return mode ? ({ current: 'confirm', new: 'phone' } as const)[mode] : 'choose'
}
