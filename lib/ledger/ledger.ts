import { codeRequest } from '@/lib/db'
import { type Core, createCore } from './core'
import { lists } from './lists'
import { reconciliations } from './reconcile'
import { sends } from './sends'
import { sweeps } from './sweep'
import { settleInterrupted } from './timeouts'
import { uses } from './uses'

export type Ledger = ReturnType<typeof createLedger>

/**
 * All code requests of this console and the rules between them: one send and one use at a time per subject,
 * cool-down, newest code only, ten wrong tries. Acts that need no code keep the same rules. Each change is written before
 * its call and settled after it. Times are the database's plus the sandbox's clock offset, so that every replica and
 * browser sees the same ones.
 */
export function createLedger(...parts: Parameters<typeof createCore>) {
  const core = createCore(...parts)
  return {
    ...lists(core),
    ...sends(core),
    ...uses(core),
    ...reconciliations(core),
    ...sweeps(core),
    ...upkeep(core),
  }
}

/** What nobody's request asks for. */
function upkeep({ db, now }: Core) {
  return {
    /** For a sandbox that was reset: nothing of what was sent there exists any more. */
    async forgetAll(): Promise<void> {
      await db.delete(codeRequest)
    },

    /** At the start of a sole opener nothing can still be running: what was under way is over at once. */
    async settleInterrupted(): Promise<void> {
      await settleInterrupted(db, await now())
    },
  }
}
