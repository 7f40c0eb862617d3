import type { Logger } from 'drizzle-orm'
import { NodePgDatabase, NodePgSession, NodePgTransaction } from 'drizzle-orm/node-postgres'
import { PgDialect, type PgTransactionConfig } from 'drizzle-orm/pg-core'
import { Pool, type PoolClient, type QueryConfig, type QueryResult } from 'pg'
import { StorageAway, verdictOn } from './away.ts'
import type { Db, RunSql } from './db.ts'

// The console must work again within 10 s after the server returns. A connection whose packets are dropped is detected
// only by a timeout, so no timeout may be longer than that allows.
const limits = {
  connectionTimeoutMillis: 4_000,
  // The server cancels a statement, and the transaction of a lost client, before the client times out.
  statement_timeout: 5_000,
  idle_in_transaction_session_timeout: 5_000,
  query_timeout: 6_000,
  keepAlive: true,
  keepAliveInitialDelayMillis: 10_000,
}

/** The part of a client that drizzle uses. */
interface Client {
  query(statement: string | QueryConfig, values?: unknown[]): Promise<QueryResult>
}

type Tx = NodePgTransaction<Record<string, never>, Record<string, never>>

export interface ServerPool {
  db: Db
  run: RunSql
  clients(): { total: number; idle: number; waiting: number }
  close(): Promise<void>
}

/**
 * A pool that survives server outages. Every client is returned to it, whatever happened to its statements. A lost one is
 * destroyed, and so is, before its next use, every client connected before that. Connection failures are thrown as
 * `StorageAway`.
 * @param logger called with each statement before it runs
 */
export function openPool(connectionString: string, logger?: Logger): ServerPool {
  const pool = new Pool({
    ...limits,
    connectionString,
    application_name: 'muster',
    max: 10,
    idleTimeoutMillis: 60_000,
  })
  const bornIn = new WeakMap<PoolClient, number>()
  let epoch = 0

  pool.on('connect', (client) => {
    bornIn.set(client, epoch)
    // Emitted by a client that is lost between two statements; without a listener it would end the process.
    client.on('error', () => {})
  })
  pool.on('error', () => {
    epoch += 1
  })

  async function take(): Promise<PoolClient> {
    for (;;) {
      const client = await pool.connect().catch((error) => {
        throw new StorageAway(error)
      })
      if (bornIn.get(client) === epoch) return client
      client.release(true)
    }
  }

  async function lend<T>(work: (client: Client, isLost: () => boolean) => Promise<T>): Promise<T> {
    const client = await take()
    let lost = false
    const query: Client['query'] = async (statement, values) => {
      try {
        return await client.query(statement, values)
      } catch (error) {
        const verdict = verdictOn(error)
        if (verdict === 'refused') throw error
        if (verdict === 'lost') {
          lost = true
          epoch += 1
        }
        throw new StorageAway(error)
      }
    }
    try {
      return await work({ query }, () => lost)
    } finally {
      client.release(lost)
    }
  }

  const run: RunSql = (text, values) =>
    lend(async (client, isLost) => {
      try {
        // Several statements have a result each, which the driver's type does not say.
        const results = [await client.query(text, values)].flat()
        return { rows: results.flatMap(({ rows }) => rows) }
      } catch (error) {
        // The failed statement may have been one of several in a transaction.
        if (!isLost()) await client.query('rollback').catch(() => {})
        throw error
      }
    })

  const dialect = new PgDialect()
  const options = logger ? { logger } : {}

  // Drizzle's own session never returns a client whose `begin` failed.
  class Session extends NodePgSession<Record<string, never>, Record<string, never>> {
    override transaction<T>(work: (tx: Tx) => Promise<T>, config?: PgTransactionConfig): Promise<T> {
      return lend(async (client, isLost) => {
        const tx: Tx = new NodePgTransaction(
          dialect,
          new NodePgSession(asPooled(client), dialect, undefined, options),
          undefined,
        )
        try {
          await client.query('begin')
          if (config) await tx.setTransaction(config)
          const result = await work(tx)
          await client.query('commit')
          return result
        } catch (error) {
          // If this fails, the client is lost and its transaction with it.
          if (!isLost()) await client.query('rollback').catch(() => {})
          throw error
        }
      })
    }
  }

  const anyClient: Client = { query: (...of) => lend((client) => client.query(...of)) }
  const session = new Session(asPooled(anyClient), dialect, undefined, options)
  const db = new NodePgDatabase<Record<string, never>>(dialect, session, undefined)
  return {
    // With both drivers `execute()` returns an object with `rows`; only its type differs.
    db: db as unknown as Db,
    run,
    clients: () => ({ total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }),
    close: () => pool.end(),
  }
}

function asPooled(client: Client): PoolClient {
  return client as PoolClient
}
