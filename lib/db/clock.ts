import { type SQL, type SQLWrapper, sql } from 'drizzle-orm'

/**
 * Whether a stored time lies in the future, which it does only where the database's clock has gone back since. Asked of the
 * running clock: `now()` is older than what others wrote while a transaction waited. Columns round up by half a millisecond.
 */
export function isAhead(time: SQLWrapper): SQL {
  return sql`${time} > clock_timestamp() + interval '1 millisecond'`
}
