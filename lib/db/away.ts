/**
 * PostgreSQL's error codes for a server that is temporarily unavailable: connections lost or refused, shutting down or
 * starting up, out of connections, a statement or transaction that timed out, a primary that has become a standby.
 * https://www.postgresql.org/docs/15/errcodes-appendix.html
 */
const awayStates = /^(08...|57P0[1235]|57014|25P03|25006|53300)$/
/** Here the connection survives. */
const statementEnded = '57014'

/** The database did not respond or is not usable now. Whether the last statement took effect is unknown. */
export class StorageAway extends Error {
  override readonly name = 'StorageAway'

  constructor(cause: unknown) {
    super('the database is unavailable', { cause })
  }
}

/** Whether an error, however deeply wrapped, was caused by an unavailable database. Checked by shape: see decision 002. */
export function isStorageAway(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause.name === 'StorageAway' || awayStates.test(sqlState(cause) ?? '')) return true
  }
  return false
}

/**
 * What a failed statement says about its connection. Only errors sent by PostgreSQL have a code; those of the driver and
 * its socket (cut off, timed out) are plain `Error`s. Any other, such as a TypeError, is about a value that could not be
 * sent or read: the connection is still usable.
 */
export function verdictOn(error: unknown): 'refused' | 'slow' | 'lost' {
  const state = sqlState(error)
  if (state === statementEnded) return 'slow'
  if (state === undefined) return error instanceof Error && error.name !== 'Error' ? 'refused' : 'lost'
  return awayStates.test(state) ? 'lost' : 'refused'
}

function sqlState(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || !('severity' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}
