import { auditTalliedSignIns } from '@/lib/audit'
import { sessionLimits, sweepAcceptedCalls, sweepAttempts, sweepSessions } from '@/lib/auth'
import { sweepSlots } from '@/lib/db'
import type { Handlers } from '@/lib/jobs'
import { addMissingNameKeys } from '@/lib/mirror'
import { type System, systemActor } from './actor'
import type { Services } from './services'

/** What each background job does. While storage is blocked, none does anything. */
export function jobHandlers(services: Services, report: System['report']): Handlers {
  const system = systemActor(services, report)
  const unlessBlocked = async (work: () => Promise<void>) => {
    if (!(await services.storage.blocked())) await work()
  }
  return {
    settleRequests: () => unlessBlocked(() => services.ledger.sweep()),
    tidyUp: () => unlessBlocked(() => tidyUp(system)),
  }
}

/**
 * Removes expired data, writes the hourly sign-in totals to the audit, and fills in columns that an older version left empty.
 * @throws AggregateError after everything else was done, if a step failed
 */
export async function tidyUp({ services, report }: System): Promise<void> {
  const { config, db } = services
  const steps = {
    names: () => addMissingNameKeys(db),
    sessions: () => sweepSessions(db, sessionLimits(config)),
    attempts: () => sweepAttempts(db),
    accepted: () => sweepAcceptedCalls(db),
    slots: () => sweepSlots(db),
    'sign-ins': () => auditTalliedSignIns(db),
  }
  const failures: unknown[] = []
  for (const [name, step] of Object.entries(steps)) {
    await step().catch((error) => {
      report(error, name)
      failures.push(error)
    })
  }
  if (failures.length > 0) throw new AggregateError(failures, 'some steps failed')
}
