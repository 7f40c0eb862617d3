import { consoleAnswers } from './call'

/** Names the build that this code is of: see next.config.js. */
declare const MUSTER_BUILD: string

const mark = 'muster-reloaded'
const holds = new Set<symbol>()

/** While something is typed or under way, no page is loaded anew by itself. @returns how to end it */
export function holdReload(): () => void {
  const hold = Symbol()
  holds.add(hold)
  return () => {
    holds.delete(hold)
  }
}

/**
 * Loads the page anew because its files are gone: the console was upgraded. Once for each build, so that a build that
 * lacks a file does not reload for ever, and only while the console answers.
 */
export async function reloadOnce(): Promise<void> {
  try {
    if (holds.size > 0 || sessionStorage.getItem(mark) === MUSTER_BUILD) return
    if (!(await consoleAnswers()) || holds.size > 0) return
    sessionStorage.setItem(mark, MUSTER_BUILD)
  } catch {
    // Without that memory it is left to a press.
    return
  }
  window.location.reload()
}
