import { CloudError } from '@/lib/alicloud'
import { AppError } from '@/lib/contract/errors'
import { abandonSync, claimSync, readDirectory, type SyncClaim, type SyncEnd, syncState } from '@/lib/mirror'
import type { Operator } from './actor'
import { endRefusedSession } from './define'

/** Beyond the longest call of a sync: one that was killed is taken over after that. */
const leaseBeyondDeadlineSeconds = 60

export interface RunningSync {
  since: Date
  /** Who started it, where that is known. */
  by: string | null
}

/** A sync that was started here, or the one of the same directory that runs already, in this process or another. */
export type Sync = { started: Promise<SyncEnd> } | { started: null; running: RunningSync | null }

/**
 * Starts to read the directory into the mirror, by this operator's credentials, unless a sync of it runs.
 * `started` resolves, or rejects with its failure, when the sync has ended; it goes on when nobody waits for it.
 */
export async function startSync(actor: Operator): Promise<Sync> {
  const { db, config, work } = actor.services
  const { accountId, site, directoryId, operatorName: by } = actor
  if (!directoryId) throw new AppError('directory.none')
  const leaseSeconds = config.callDeadlineMs / 1000 + leaseBeyondDeadlineSeconds
  const claim = await claimSync(db, { accountId, site, directoryId }, { by, leaseSeconds })
  if (claim) return { started: work.underWay(sync(actor, claim)) }
  const { sync: other } = await syncState(db, accountId)
  return { started: null, running: other && { since: other.startedAt, by: other.by } }
}

async function sync(actor: Operator, claim: SyncClaim): Promise<SyncEnd> {
  const { db, work } = actor.services
  try {
    const end = await readDirectory(db, actor.cloud, claim, work.shutdown)
    if (end === 'stopped') await abandonSync(db, claim)
    return end
  } catch (error) {
    // Nobody may be waiting, so the session ends here, whether or not the claim can be released.
    const steps = [
      abandonSync(db, claim, error),
      error instanceof CloudError && error.endsSession ? endRefusedSession(actor, error) : null,
    ]
    for (const step of await Promise.allSettled(steps))
      if (step.status === 'rejected') actor.report(step.reason)
    throw error
  }
}
