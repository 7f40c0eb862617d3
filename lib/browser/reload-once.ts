import { consoleAnswers } from './call'

/** The ID of the build this code belongs to; see next.config.js. */
declare const MUSTER_BUILD: string

const mark = 'muster-reloaded'
const holds = new Set<symbol>()

/** Prevents automatic reloads while something is typed or in progress. @returns a function that releases the hold */
export function holdReload(): () => void {
  const hold = Symbol()
  holds.add(hold)
  return () => {
    holds.delete(hold)
  }
}

/**
 * Reloads the page because its files are gone after an upgrade of the console. Only while the console responds, and only
 * once per build, so that a build with a missing file does not reload forever.
 */
export async function reloadOnce(): Promise<void> {
  try {
    if (holds.size > 0 || sessionStorage.getItem(mark) === MUSTER_BUILD) return
    if (!(await consoleAnswers()) || holds.size > 0) return
    sessionStorage.setItem(mark, MUSTER_BUILD)
  } catch {
    // Without session storage, reloading is left to the user.
    return
  }
  window.location.reload()
}
