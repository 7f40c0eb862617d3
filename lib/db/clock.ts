import { type SQL, type SQLWrapper, sql } from 'drizzle-orm'

/**
 * Whether a stored time is in the future, which happens only if the database's clock was set back. Compared with
 * `clock_timestamp()`, because `now()` may be older than what others wrote while this transaction waited. The extra
 * millisecond covers columns that round up.
 */
export function isAhead(time: SQLWrapper): SQL {
  return sql`${time} > clock_timestamp() + interval '1 millisecond'`
}
