import { AppError } from '@/lib/contract/errors'
import { isStorageAway } from '@/lib/db'

/** A failure as the console names it: what is no `AppError` is a database that is away, or a fault of ours. */
export function appErrorOf(error: unknown): AppError {
  if (error instanceof AppError) return error
  return new AppError(isStorageAway(error) ? 'storage.unavailable' : 'internal', {}, { cause: error })
}
