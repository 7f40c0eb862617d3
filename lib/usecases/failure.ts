import { AppError } from '@/lib/contract/errors'
import { isStorageAway } from '@/lib/db'

/** A failure as an `AppError`. Any other error means that the database is unavailable, or is a bug of ours. */
export function appErrorOf(error: unknown): AppError {
  if (error instanceof AppError) return error
  return new AppError(isStorageAway(error) ? 'storage.unavailable' : 'internal', {}, { cause: error })
}
