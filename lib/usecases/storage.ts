import { AppError } from '@/lib/contract/errors'
import { isStorageAway, storageBlock } from '@/lib/db'
import { appErrorOf } from './failure'
import type { Services } from './services'

/** Refuses a change before anything is tried, while its outcome could not be stored. @throws AppError `storage.full` */
export async function requireSpace({ storage }: Services): Promise<void> {
  const reason = await storage.blocked()
  if (reason) throw new AppError('storage.full', { params: { reason } })
}

/** What kept a change from beginning: where the database was away, that nothing was sent is certain, and said. */
export function unsent(error: unknown): unknown {
  if (!isStorageAway(error) || storageBlock(error)) return error
  return new AppError('storage.unavailable', { params: { sent: 'no' } }, { cause: error })
}

/** A failure as the console reports it; one for lack of space has its own words, also where a statement met it. */
export function asAppError({ storage }: Pick<Services, 'storage'>, error: unknown): AppError {
  const reason = error instanceof AppError ? null : storage.failed(error)
  if (reason === null) return appErrorOf(error)
  return new AppError('storage.full', { params: { reason } }, { cause: error })
}
