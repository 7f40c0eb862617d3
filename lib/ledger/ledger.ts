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
 * All code requests of this console and the rules between them: one send and one attempt at a time per
 * subject, a cool-down, only the newest code, ten wrong attempts. Operations that require no code follow the
 * same rules. Each call is recorded before it is made and settled afterwards. Times are the database's plus
 * the sandbox's clock offset (ledger time), so that every replica and browser sees the same ones.
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

/** Maintenance, not part of any flow. */
function upkeep({ db, now }: Core) {
  return {
    /** After a sandbox reset: nothing that was sent there exists any more. */
    async forgetAll(): Promise<void> {
      await db.delete(codeRequest)
    },

    /**
     * At startup of the only process that has the database open: no call can still be running, so those in
     * flight end at once. Takes no lock.
     */
    async settleInterrupted(): Promise<void> {
      await settleInterrupted(db, await now())
    },
  }
}
