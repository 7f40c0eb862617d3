/**
 * PostgreSQL's codes of a server that cannot serve now but will again: connections lost or refused, shutting down or
 * starting, out of connections, a statement or transaction it gave up on, a primary that has become a standby.
 * https://www.postgresql.org/docs/15/errcodes-appendix.html
 */
const awayStates = /^(08...|57P0[1235]|57014|25P03|25006|53300)$/
/** Of these the connection lives on. */
const statementEnded = '57014'

/** The database did not answer, or not as one that can be used: whether the last statement took effect is not known. */
export class StorageAway extends Error {
  override readonly name = 'StorageAway'

  constructor(cause: unknown) {
    super('the database does not answer', { cause })
  }
}

/** Whether a failure, however deep it is wrapped, comes of a database that is away. By shape: see decision 002. */
export function isStorageAway(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause.name === 'StorageAway' || awayStates.test(sqlState(cause) ?? '')) return true
  }
  return false
}

/**
 * What a failed statement says of its connection. Only an error that PostgreSQL itself sent has a code of its own; those of the
 * driver and its socket (cut off, timed out) are plain ones. Any other, such as a TypeError, is of a value that could not
 * be sent or read: the connection goes on.
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
