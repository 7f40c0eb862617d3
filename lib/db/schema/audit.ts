import { sql } from 'drizzle-orm'
import { bigint, boolean, check, index, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { AUDIT_OUTCOMES } from '../enums.ts'
import { instant, oneOf } from './columns.ts'

/** Written only through lib/audit. A trigger sets `id`, `at`, `prev` and `hash`, overriding any inserted value. */
export const audit = pgTable(
  'audit',
  {
    id: bigint({ mode: 'number' }).notNull().default(0),
    at: instant('at').notNull().defaultNow(),
    accountId: text('account_id'),
    operatorId: text('operator_id'),
    operatorName: text('operator_name'),
    method: text(),
    address: text(),
    action: text().notNull(),
    target: text(),
    outcome: text({ enum: AUDIT_OUTCOMES }).notNull(),
    code: text(),
    upstreamRequestId: text('upstream_request_id'),
    correlationId: text('correlation_id').notNull(),
    detail: jsonb().$type<Record<string, unknown>>().notNull().default({}),
    prev: text().notNull().default(''),
    hash: text().notNull().default(''),
  },
  (t) => [
    primaryKey({ name: 'audit_pk', columns: [t.id] }),
    index('audit_account_idx').on(t.accountId, t.id),
    index('audit_account_at_idx').on(t.accountId, t.at),
    index('audit_target_idx').on(t.accountId, t.target, t.id),
    index('audit_action_idx').on(t.accountId, t.action, t.id),
    index('audit_operator_idx').on(t.accountId, t.operatorId, t.id),
    index('audit_correlation_idx').on(t.correlationId, t.id),
    oneOf('audit_outcome_check', t.outcome, AUDIT_OUTCOMES),
  ],
)

/** One row: the last link of the audit chain. */
export const auditHead = pgTable(
  'audit_head',
  {
    onlyRow: boolean('only_row').notNull().default(true),
    lastId: bigint('last_id', { mode: 'number' }).notNull(),
    hash: text().notNull(),
  },
  (t) => [
    primaryKey({ name: 'audit_head_pk', columns: [t.onlyRow] }),
    check('audit_head_only_row_check', sql`only_row`),
  ],
)
