/** Counts calls per key over the last second. Uses real time, because clients pace themselves by it. */
export class FlowControl {
  readonly #now: () => number
  #recent = new Map<string, number[]>()

  /** @param now a monotonic clock, in milliseconds */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /** Whether one more call is allowed; refused calls don't count. */
  admits(key: string, perSecond: number): boolean {
    const now = this.#now()
    const recent = (this.#recent.get(key) ?? []).filter((time) => time > now - 1000)
    const fits = recent.length < perSecond
    if (fits) recent.push(now)
    this.#recent.set(key, recent)
    return fits
  }
}
