import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core'

/** What `execute()` returns on both engines: the rows. To count changed rows, use `returning()`. */
interface RowsResult extends PgQueryResultHKT {
  type: Rows<this['row']>
}

interface Rows<Row> {
  rows: Row[]
}

/**
 * The database or a transaction, the same for both engines. Inside `transaction`, use only its `tx`: the embedded engine
 * has one session, and the outer `db` would wait forever for the transaction to end.
 * Raw `execute()` returns timestamps as text, and `bigint` as text or number depending on the engine: cast in SQL.
 */
export type Db = PgDatabase<RowsResult>

/**
 * Runs text as it is, outside any transaction: a statement with `$1` parameters, or without them several statements between
 * `BEGIN;` and `COMMIT;`, which succeed or fail as one.
 */
export type RunSql = (text: string, values?: unknown[]) => Promise<{ rows: unknown[] }>
