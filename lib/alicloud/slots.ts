/** Releases the slot; calling it again has no effect. */
type Release = () => void

export interface Slots {
  /** Waits up to `maxWaitMs` for a free slot; null = none became free. First come, first served. */
  take(maxWaitMs: number): Promise<Release | null>
}

/** Limits how many calls run at once: the SDK opens a socket for each, and its own limits have no effect. */
export function createSlots(size: number): Slots {
  let free = size
  const waiting: Array<() => void> = []

  function release(): Release {
    let held = true
    return () => {
      if (!held) return
      held = false
      const next = waiting.shift()
      if (next) next()
      else free += 1
    }
  }

  return {
    take(maxWaitMs) {
      if (free > 0) {
        free -= 1
        return Promise.resolve(release())
      }
      return new Promise((resolve) => {
        const grant = () => {
          clearTimeout(timer)
          resolve(release())
        }
        const timer = setTimeout(() => {
          waiting.splice(waiting.indexOf(grant), 1)
          resolve(null)
        }, maxWaitMs)
        waiting.push(grant)
      })
    },
  }
}
