/** Counts calls per key in the second just past; real time, since clients pace themselves by it. */
export class FlowControl {
  readonly #now: () => number
  #recent = new Map<string, number[]>()

  /** @param now milliseconds of a clock that never goes back */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /** True when one more call fits; a refused call does not count. */
  admits(key: string, perSecond: number): boolean {
    const now = this.#now()
    const recent = (this.#recent.get(key) ?? []).filter((time) => time > now - 1000)
    const fits = recent.length < perSecond
    if (fits) recent.push(now)
    this.#recent.set(key, recent)
    return fits
  }
}
