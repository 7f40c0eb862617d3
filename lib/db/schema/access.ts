import {
  bigint,
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core'
import { AUDIT_OUTCOMES, SIGN_IN_METHODS, SIGNIN_ATTEMPT_STATES, SITES } from '../enums.ts'
import { instant, oneOf } from './columns.ts'

export const session = pgTable(
  'session',
  {
    id: uuid().notNull().defaultRandom(),
    tokenHash: text('token_hash').notNull(),
    site: text({ enum: SITES }).notNull(),
    accountId: text('account_id').notNull(),
    directoryId: text('directory_id'),
    /** Identifies the person, the same in all their sessions. */
    operatorId: text('operator_id').notNull(),
    operatorName: text('operator_name').notNull(),
    arn: text().notNull(),
    /** The RAM user's own ARN, proved with its long-term key; null for sign-ins with temporary credentials. */
    userArn: text('user_arn'),
    method: text({ enum: SIGN_IN_METHODS }).notNull(),
    roleArn: text('role_arn'),
    /** Sealed with the session's id as context. */
    credentials: text().notNull(),
    address: text().notNull(),
    userAgent: text('user_agent').notNull(),
    createdAt: instant('created_at').notNull().defaultNow(),
    lastSeenAt: instant('last_seen_at').notNull().defaultNow(),
    endsAt: instant('ends_at').notNull(),
    /** Until when this operator's credentials are considered permitted to list the directory. */
    mayListUntil: instant('may_list_until'),
  },
  (t) => [
    primaryKey({ name: 'session_pk', columns: [t.id] }),
    unique('session_token_hash_key').on(t.tokenHash),
    index('session_operator_idx').on(t.accountId, t.operatorId),
    index('session_ends_idx').on(t.endsAt),
    oneOf('session_site_check', t.site, SITES),
    oneOf('session_method_check', t.method, SIGN_IN_METHODS),
  ],
)

/** Sign-ins of the last minutes, counted for rate limits. */
export const signinAttempt = pgTable(
  'signin_attempt',
  {
    id: bigint({ mode: 'number' }).notNull().generatedAlwaysAsIdentity({ name: 'signin_attempt_id_seq' }),
    keyFingerprint: text('key_fingerprint').notNull(),
    /** The IPv4 address, or the /64 of an IPv6 address. */
    network: text().notNull(),
    state: text({ enum: SIGNIN_ATTEMPT_STATES }).notNull(),
    at: instant('at').notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ name: 'signin_attempt_pk', columns: [t.id] }),
    index('signin_attempt_network_idx').on(t.network, t.at),
    index('signin_attempt_at_idx').on(t.at),
    oneOf('signin_attempt_state_check', t.state, SIGNIN_ATTEMPT_STATES),
  ],
)

/**
 * Predecessor of `signin_attempt`. Consoles of the previous release still write it during a rolling upgrade; this release
 * does not. To be dropped in the release after next.
 */
export const signinFailure = pgTable(
  'signin_failure',
  {
    id: bigint({ mode: 'number' }).notNull().generatedAlwaysAsIdentity({ name: 'signin_failure_id_seq' }),
    keyFingerprint: text('key_fingerprint').notNull(),
    address: text().notNull(),
    at: instant('at').notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ name: 'signin_failure_pk', columns: [t.id] }),
    index('signin_failure_key_idx').on(t.keyFingerprint, t.address, t.at),
    index('signin_failure_address_idx').on(t.address, t.at),
    index('signin_failure_at_idx').on(t.at),
  ],
)

/** Refused and failed sign-ins per hour; when the hour is over, one audit row sums them up. */
export const signinTally = pgTable(
  'signin_tally',
  {
    hour: instant('hour').notNull(),
    /** Empty = no account, since null would not be unique. */
    accountId: text('account_id').notNull(),
    outcome: text({ enum: AUDIT_OUTCOMES }).notNull(),
    code: text().notNull(),
    count: integer().notNull(),
    firstAt: instant('first_at').notNull(),
    lastAt: instant('last_at').notNull(),
    /** The first few source networks. */
    networks: jsonb().$type<string[]>().notNull(),
    moreNetworks: boolean('more_networks').notNull().default(false),
  },
  (t) => [
    primaryKey({ name: 'signin_tally_pk', columns: [t.hour, t.accountId, t.outcome, t.code] }),
    oneOf('signin_tally_outcome_check', t.outcome, AUDIT_OUTCOMES),
  ],
)

/** The latest call of each kind, other than reads, that Alibaba Cloud accepted with an operator's own credentials. */
export const acceptedCall = pgTable(
  'accepted_call',
  {
    accountId: text('account_id').notNull(),
    operatorId: text('operator_id').notNull(),
    /** A name in the table of `lib/alicloud/operations.ts`. */
    operation: text().notNull(),
    at: instant('at').notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ name: 'accepted_call_pk', columns: [t.accountId, t.operatorId, t.operation] }),
    index('accepted_call_at_idx').on(t.at),
  ],
)
