import { type SQL, sql } from 'drizzle-orm'
import {
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { CODE_OPERATIONS, CODE_REQUEST_STATES, type StoredFailure } from '../enums.ts'
import { instant, oneOf } from './columns.ts'

export const codeRequest = pgTable(
  'code_request',
  {
    id: uuid().notNull().defaultRandom(),
    accountId: text('account_id').notNull(),
    operation: text({ enum: CODE_OPERATIONS }).notNull(),
    /** What the operation applies to: a member, an account or an office network. */
    target: text().notNull(),
    state: text({ enum: CODE_REQUEST_STATES }).notNull(),
    /** false = an operation without a code: nothing was sent for it. */
    requiresCode: boolean('coded').notNull().default(true),
    /** The parameters of the operation, besides target and number. Never a phone number, code or key. */
    intent: jsonb().$type<Record<string, string>>().notNull().default({}),
    /**
     * Requests of the same scope share their codes (see `scopeOf` in lib/ledger). Computed by the database, so that
     * replicas of an older version write it, too.
     */
    codeScope: text('code_scope')
      .notNull()
      .generatedAlwaysAs(
        (): SQL => sql`case when ${codeRequest.intent}->>'ownerId' is not null
          then (${codeRequest.intent}->>'ownerId') || '/' || coalesce(${codeRequest.intent}->>'cenId', '')
          else ${codeRequest.target} end`,
      ),
    /** Sealed with the request's id as context; null once the request has ended. */
    numberSealed: text('number_sealed'),
    /** Null if Alibaba Cloud chooses the recipient. */
    numberMasked: text('number_masked'),
    numberFingerprint: text('number_fingerprint'),
    operatorId: text('operator_id').notNull(),
    operatorName: text('operator_name').notNull(),
    startedAt: instant('started_at').notNull().defaultNow(),
    settledAt: instant('settled_at'),
    /** As reported by the vendor; never computed. */
    expiresAt: instant('expires_at'),
    sendRequestId: text('send_request_id'),
    sendError: jsonb('send_error').$type<StoredFailure>(),
    wrongAttempts: integer('wrong_tries').notNull().default(0),
    /** Number of the latest attempt: a late response to an older one must change nothing. */
    applyAttempt: integer('apply_attempt').notNull().default(0),
    applyStartedAt: instant('apply_started_at'),
    applySettledAt: instant('apply_settled_at'),
    applyOperatorName: text('apply_operator_name'),
    applyRequestId: text('apply_request_id'),
    applyError: jsonb('apply_error').$type<StoredFailure>(),
    /** When Alibaba Cloud was last queried to reconcile the outcome, whatever the result. */
    reconcileAskedAt: instant('lookup_asked_at'),
    reconciledAt: instant('looked_up_at'),
    reconcileResult: text('lookup_result'),
    voidReason: text('void_reason'),
    /** Who discarded the code for all operators; null if no one did. */
    discardedBy: text('discarded_by'),
    discardedAt: instant('discarded_at'),
  },
  (t) => [
    primaryKey({ name: 'code_request_pk', columns: [t.id] }),
    // These two ensure that two clicks, tabs, operators or replicas make only one call.
    uniqueIndex('code_request_one_sending')
      .on(t.accountId, t.operation, t.target)
      .where(sql`state = 'sending'`),
    uniqueIndex('code_request_one_use')
      .on(t.accountId, t.operation, t.target)
      .where(sql`state in ('applying', 'trying')`),
    index('code_request_target_idx').on(t.accountId, t.operation, t.target, t.startedAt),
    index('code_request_scope_idx').on(t.accountId, t.operation, t.codeScope, t.startedAt),
    index('code_request_fingerprint_idx')
      .on(t.accountId, t.operation, t.numberFingerprint)
      .where(sql`number_fingerprint is not null`),
    index('code_request_account_idx').on(t.accountId, t.startedAt),
    // For the targets of an operation with an open request: same condition as `isOpenOf` in lib/ledger/lists.ts.
    index('code_request_listed_idx')
      .on(t.accountId, t.operation, t.target)
      .where(sql`state not in ('refused', 'applied', 'void') and void_reason is null`),
    // For the sweeps: numbers still stored, unused codes, in-flight calls.
    index('code_request_sealed_idx').on(t.startedAt).where(sql`number_sealed is not null`),
    index('code_request_waiting_idx').on(t.startedAt).where(sql`state in ('sent', 'unknown')`),
    index('code_request_open_idx').on(t.startedAt).where(sql`state in ('sending', 'applying', 'trying')`),
    oneOf('code_request_operation_check', t.operation, CODE_OPERATIONS),
    oneOf('code_request_state_check', t.state, CODE_REQUEST_STATES),
    check('code_request_wrong_tries_check', sql`wrong_tries >= 0`),
  ],
)
