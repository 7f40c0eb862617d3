import { AppError } from '@/lib/contract/errors'
import { isStorageAway, storageBlock } from '@/lib/db'
import { appErrorOf } from './failure'
import type { Services } from './services'

/** Refuses a change up front while its outcome could not be stored. @throws AppError `storage.full` */
export async function requireSpace({ storage }: Services): Promise<void> {
  const reason = await storage.blocked()
  if (reason) throw new AppError('storage.full', { params: { reason } })
}

/** The error to throw if a change could not start. If the database is unavailable, it states that nothing was sent. */
export function unsent(error: unknown): unknown {
  if (!isStorageAway(error) || storageBlock(error)) return error
  return new AppError('storage.unavailable', { params: { sent: 'no' } }, { cause: error })
}

/** A failure as the console reports it. A statement that failed because storage is blocked becomes `storage.full`. */
export function asAppError({ storage }: Pick<Services, 'storage'>, error: unknown): AppError {
  const reason = error instanceof AppError ? null : storage.failed(error)
  if (reason === null) return appErrorOf(error)
  return new AppError('storage.full', { params: { reason } }, { cause: error })
}
