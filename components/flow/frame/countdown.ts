'use client'

import { useEffect, useState } from 'react'

const arrivals = new WeakMap<object, number>()

/**
 * When a response was first seen, by this browser's clock. A query's own `dataUpdatedAt` does not say: a
 * response that was rendered with the page carries the server's time, and the two clocks may differ.
 */
export function arrivalOf(answer: object): number {
  const at = arrivals.get(answer) ?? Date.now()
  arrivals.set(answer, at)
  return at
}

/**
 * Counts down from the server's value by the time that has passed in this browser, never by comparing clocks.
 * @param seconds as of the response seen at `asOf` (see `arrivalOf`)
 */
export function useCountdown(seconds: number | null, asOf: number): number | null {
  const [now, setNow] = useState(asOf)
  const running = seconds !== null && seconds - (now - asOf) / 1000 > 0
  useEffect(() => {
    if (!running) return
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [running])
  return seconds === null ? null : Math.ceil(seconds - Math.max(0, now - asOf) / 1000)
}

/** `14:22`; `0:00` once expired. */
export function clockText(seconds: number): string {
  const left = Math.max(0, seconds)
  return `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`
}
