import { auditTalliedSignIns } from '@/lib/audit'
import { sessionLimits, sweepAcceptedCalls, sweepAttempts, sweepSessions } from '@/lib/auth'
import { sweepSlots } from '@/lib/db'
import { addMissingNameKeys } from '@/lib/mirror'
import type { System } from './actor'

export { sweepEveryMs as tidyUpEveryMs } from '@/lib/ledger'

/**
 * Ends and removes what is kept for a time only, sums up what is counted for an hour, and completes what an older version
 * has stored; run at the start and every `tidyUpEveryMs`. A step that fails is reported, is tried again the next time, and
 * keeps no other from running.
 */
export async function tidyUp({ services, report }: System): Promise<void> {
  const { config, db, ledger, storage } = services
  if (await storage.blocked()) return
  const steps = {
    names: () => addMissingNameKeys(db),
    requests: () => ledger.sweep(),
    sessions: () => sweepSessions(db, sessionLimits(config)),
    attempts: () => sweepAttempts(db),
    accepted: () => sweepAcceptedCalls(db),
    slots: () => sweepSlots(db),
    'sign-ins': () => auditTalliedSignIns(db),
  }
  for (const [name, step] of Object.entries(steps)) await step().catch((error) => report(error, name))
}
