import { and, inArray, isNotNull, lt, notInArray, sql } from 'drizzle-orm'
import { codeRequest } from '@/lib/db'
import { type Core, createCore } from './core'
import { lists } from './lists'
import { lookUps } from './look-ups'
import { sends } from './sends'
import { settleInterrupted } from './stale'
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
  return { ...lists(core), ...sends(core), ...uses(core), ...lookUps(core), ...upkeep(core) }
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

    /** Erases every number 24 hours after its send, and ends what still waits for a code then. */
    async eraseOldNumbers(): Promise<void> {
      const old = lt(codeRequest.startedAt, sql`${await now()} - interval '24 hours'`)
      await db
        .update(codeRequest)
        .set({ state: 'void', voidReason: 'too_old', numberSealed: null })
        .where(and(old, inArray(codeRequest.state, ['sent', 'unknown'])))
      // What is under way keeps its number until it is over: its code may be open again then, and waits for the next time.
      await db
        .update(codeRequest)
        .set({ numberSealed: null })
        .where(
          and(
            old,
            isNotNull(codeRequest.numberSealed),
            notInArray(codeRequest.state, ['sending', 'trying', 'applying']),
          ),
        )
    },
  }
}
