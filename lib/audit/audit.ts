import { and, asc, desc, eq, gt, gte, inArray, isNull, lt, type SQL, sql } from 'drizzle-orm'
import { type AuditOutcome, audit, type Db } from '../db/index.ts'

/** Supplied by the caller; the database adds ID, time and the links of the chain. Never a code, secret or full number. */
export interface AuditEntry {
  /** The management account, or the account that has no directory yet; null if unknown, or not one that uses this console. */
  accountId: string | null
  operatorId: string | null
  operatorName: string | null
  /** How the operator had signed in. */
  method: string | null
  address: string | null
  action: string
  target: string | null
  outcome: AuditOutcome
  /** The vendor's or our code of a refusal or failure. */
  code?: string | null
  upstreamRequestId?: string | null
  /** The same for all rows of one action: links its outcome to its start. */
  correlationId: string
  detail?: Record<string, unknown>
}

export type AuditRow = typeof audit.$inferSelect

export interface AuditFilter {
  /** Required, so that no list mixes management accounts; null = rows without an account. */
  accountId: string | null
  operatorId?: string
  actions?: readonly string[]
  target?: string
  outcomes?: readonly AuditOutcome[]
  correlationId?: string
  /** Inclusive. */
  from?: Date
  /** Exclusive. */
  to?: Date
}

/** `beforeId` pages newest first (the default), `afterId` oldest first; each is the last ID of the previous page. */
export type AuditPage =
  | { limit: number; beforeId?: number; afterId?: never }
  | { limit: number; afterId: number }

/**
 * Appends one row and returns its ID. Locks out other writers until the transaction commits, so make it the last statement
 * of a short transaction.
 */
export async function appendAudit(db: Db, entry: AuditEntry): Promise<number> {
  const [row] = await db.insert(audit).values(entry).returning({ id: audit.id })
  if (!row) throw new Error('the audit row was not written')
  return row.id
}

/**
 * Appends the closing row of an action, unless it already has one: an earlier attempt may have been committed. Make it the
 * last statement of a transaction as well.
 */
export async function appendClosing(tx: Db, entry: AuditEntry): Promise<void> {
  // Lock first: an earlier attempt that is still committing holds the head.
  await tx.execute(sql`select 1 from audit_head for update`)
  const started = sql<boolean>`count(*) filter (where ${audit.outcome} = 'started') > count(*) filter (where ${audit.outcome} <> 'started')`
  const [row] = await tx
    .select({ open: started })
    .from(audit)
    .where(and(eq(audit.correlationId, entry.correlationId), eq(audit.action, entry.action)))
  if (row?.open) await appendAudit(tx, entry)
}

export async function listAudit(db: Db, filter: AuditFilter, page: AuditPage): Promise<AuditRow[]> {
  const oldestFirst = page.afterId !== undefined
  return db
    .select()
    .from(audit)
    .where(and(...conditions(filter), startOf(page)))
    .orderBy(oldestFirst ? asc(audit.id) : desc(audit.id))
    .limit(page.limit)
}

function startOf(page: AuditPage): SQL | undefined {
  if (page.afterId !== undefined) return gt(audit.id, page.afterId)
  return page.beforeId === undefined ? undefined : lt(audit.id, page.beforeId)
}

function conditions(filter: AuditFilter): (SQL | undefined)[] {
  const { accountId, operatorId, actions, target, outcomes, correlationId, from, to } = filter
  return [
    accountId === null ? isNull(audit.accountId) : eq(audit.accountId, accountId),
    operatorId === undefined ? undefined : eq(audit.operatorId, operatorId),
    actions && inArray(audit.action, [...actions]),
    target === undefined ? undefined : eq(audit.target, target),
    outcomes && inArray(audit.outcome, [...outcomes]),
    correlationId === undefined ? undefined : eq(audit.correlationId, correlationId),
    from && gte(audit.at, from),
    to && lt(audit.at, to),
  ]
}
