import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core'

/** What `execute()` answers on both engines: the rows. A count of changed rows comes from `returning()`. */
interface RowsResult extends PgQueryResultHKT {
  type: Rows<this['row']>
}

interface Rows<Row> {
  rows: Row[]
}

/**
 * The database or a transaction of it, the same for both engines. Inside `transaction` use only its `tx`:
 * the embedded engine has one session, and the outer `db` would wait for the transaction for ever.
 * Raw `execute()` answers timestamps as text and `bigint` as text or number, by engine: cast in SQL.
 */
export type Db = PgDatabase<RowsResult>
