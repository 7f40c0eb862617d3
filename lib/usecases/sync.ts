import { CloudError } from '@/lib/alicloud'
import { AppError } from '@/lib/contract/errors'
import { abandonSync, claimSync, readDirectory, type SyncClaim, type SyncEnd, syncState } from '@/lib/mirror'
import type { Operator } from './actor'
import { endRefusedSession } from './define'

/** Added to the call deadline: a sync that has not renewed its claim for that long counts as killed and may be taken over. */
const leaseBeyondDeadlineSeconds = 60

export interface RunningSync {
  since: Date
  /** Who started it, if known. */
  by: string | null
}

/** A sync started by this call, or the one of the same directory that is already running in any process. */
export type Sync = { started: Promise<SyncEnd> } | { started: null; running: RunningSync | null }

/**
 * Starts to sync the directory into the mirror with this operator's credentials, unless a sync of it is already running.
 * `started` settles when the sync ends, and rejects if it fails. The sync continues even if no one awaits it.
 * @throws AppError `directory.none`
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
    // No caller may be waiting, so end the session here, whether or not the claim can be released.
    const steps = [
      abandonSync(db, claim, error),
      error instanceof CloudError && error.endsSession ? endRefusedSession(actor, error) : null,
    ]
    for (const step of await Promise.allSettled(steps))
      if (step.status === 'rejected') actor.report(step.reason)
    throw error
  }
}
