import { auditTalliedSignIns } from '@/lib/audit'
import { sessionLimits, sweepAcceptedCalls, sweepAttempts, sweepSessions } from '@/lib/auth'
import { sweepSlots } from '@/lib/db'
import { addMissingNameKeys } from '@/lib/mirror'
import type { System } from './actor'

export { sweepEveryMs as tidyUpEveryMs } from '@/lib/ledger'

/**
 * Ends what has timed out, removes expired data, writes the hourly sign-in totals to the audit, and fills in columns that
 * an older version left empty. Runs at startup and every `tidyUpEveryMs`; does nothing while storage is blocked. A failed
 * step is reported and repeated next time; the others still run.
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
