import { type SQL, sql } from 'drizzle-orm'
import {
  type AnyPgColumn,
  bigint,
  boolean,
  check,
  customType,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import {
  AUDIT_OUTCOMES,
  CODE_OPERATIONS,
  CODE_REQUEST_STATES,
  PHONE_STATES,
  SIGN_IN_METHODS,
  SIGNIN_ATTEMPT_STATES,
  SITES,
  type StoredFailure,
} from './words.ts'

/** An instant kept to the millisecond, so that a `Date` read here finds its own row again. */
const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 3 })

// Byte order is the same on every server and lets `like 'prefix%'` use the index; a locale's order is neither.
const byteOrderedText = customType<{ data: string }>({ dataType: () => 'text collate "C"' })

/** CHECK that a column holds one of the words of its TypeScript union. */
function oneOf(name: string, column: AnyPgColumn, words: readonly string[]) {
  return check(name, sql`${column} in (${sql.raw(words.map((word) => `'${word}'`).join(', '))})`)
}

export const setting = pgTable('setting', { key: text().notNull(), value: text().notNull() }, (t) => [
  primaryKey({ name: 'setting_pk', columns: [t.key] }),
])

/** What each migration lets run beside it and after a roll-back; each writes its own row (see `migrate.ts`). */
export const compatibility = pgTable(
  'compatibility',
  {
    migration: text().notNull(),
    /** The latest migration that the oldest build that still runs on this one must know. */
    oldest: text().notNull(),
  },
  (t) => [primaryKey({ name: 'compatibility_pk', columns: [t.migration] })],
)

export const session = pgTable(
  'session',
  {
    id: uuid().notNull().defaultRandom(),
    tokenHash: text('token_hash').notNull(),
    site: text({ enum: SITES }).notNull(),
    accountId: text('account_id').notNull(),
    directoryId: text('directory_id'),
    /** The person, the same in all their sessions. */
    operatorId: text('operator_id').notNull(),
    operatorName: text('operator_name').notNull(),
    arn: text().notNull(),
    /** The RAM user's own ARN, proved with its long-term key; null where a session was brought along. */
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
    /** Until when this operator's own credentials count as allowed to list the directory. */
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

/** Sign-ins of the last minutes: what their limits count. */
export const signinAttempt = pgTable(
  'signin_attempt',
  {
    id: bigint({ mode: 'number' }).notNull().generatedAlwaysAsIdentity({ name: 'signin_attempt_id_seq' }),
    keyFingerprint: text('key_fingerprint').notNull(),
    /** The address, or for IPv6 its /64. */
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
 * What came before `signin_attempt`: consoles of the release before still write it during a rolling upgrade. This release does
 * not; the next but one drops it.
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

/** Refused and failed sign-ins of an hour, counted here until the hour is over and one audit row sums them up. */
export const signinTally = pgTable(
  'signin_tally',
  {
    hour: instant('hour').notNull(),
    /** Empty = no account: a null would not be unique. */
    accountId: text('account_id').notNull(),
    outcome: text({ enum: AUDIT_OUTCOMES }).notNull(),
    code: text().notNull(),
    count: integer().notNull(),
    firstAt: instant('first_at').notNull(),
    lastAt: instant('last_at').notNull(),
    /** The first few networks it came from. */
    networks: jsonb().$type<string[]>().notNull(),
    moreNetworks: boolean('more_networks').notNull().default(false),
  },
  (t) => [
    primaryKey({ name: 'signin_tally_pk', columns: [t.hour, t.accountId, t.outcome, t.code] }),
    oneOf('signin_tally_outcome_check', t.outcome, AUDIT_OUTCOMES),
  ],
)

export const directory = pgTable(
  'directory',
  {
    /** The management account. */
    accountId: text('account_id').notNull(),
    site: text({ enum: SITES }).notNull(),
    directoryId: text('directory_id').notNull(),
    name: text(),
    rootFolderId: text('root_folder_id'),
    /** When the latest sync began. */
    readStartedAt: instant('read_started_at'),
    /** Until when the sync that runs counts as alive, renewed as its pages arrive; null while none runs. */
    syncAliveUntil: instant('sync_alive_until'),
    /** Who started the sync that runs. */
    syncBy: text('sync_by'),
    /** When the last complete reading ended; null until the first one has. */
    readAt: instant('read_at'),
    /** Number of the latest reading; rows of `folder` and `member` carry the one that last saw them. */
    pass: integer().notNull().default(0),
    memberTotal: integer('member_total'),
    /** Why the latest reading failed, as a route would answer it; null once one has succeeded. */
    readError: jsonb('read_error').$type<StoredFailure>(),
    readFailedAt: instant('read_failed_at'),
  },
  (t) => [
    primaryKey({ name: 'directory_pk', columns: [t.accountId] }),
    oneOf('directory_site_check', t.site, SITES),
  ],
)

export const folder = pgTable(
  'folder',
  {
    accountId: text('account_id').notNull(),
    folderId: text('folder_id').notNull(),
    parentId: text('parent_id'),
    name: text().notNull(),
    /** Folder ids from the root to this one, joined by `/`. */
    path: byteOrderedText().notNull(),
    /** The same path as a person reads it: `Retail / Online`. */
    names: text().notNull(),
    pass: integer().notNull(),
  },
  (t) => [
    primaryKey({ name: 'folder_pk', columns: [t.accountId, t.folderId] }),
    index('folder_path_idx').on(t.accountId, t.path),
  ],
)

export const member = pgTable(
  'member',
  {
    accountId: text('account_id').notNull(),
    memberId: byteOrderedText('member_id').notNull(),
    displayName: text('display_name').notNull(),
    /**
     * What lists are ordered by, and `nameFold` what search looks in: see `nameKeys` in lib/mirror. Null in a row that a
     * console of before `0012_name_keys` has written, until the next sync or tidy-up.
     */
    nameFold: byteOrderedText('name_fold'),
    namePinyin: byteOrderedText('name_pinyin'),
    /** What came before both: consoles of the release before still read it. The next but one drops it. */
    nameKey: byteOrderedText('name_key')
      .notNull()
      .generatedAlwaysAs((): SQL => sql`lower(${member.displayName})`),
    accountName: text('account_name'),
    /** `resource`, `cloud`, or the vendor's word where it is neither. */
    type: text().notNull(),
    /** The vendor's word, such as `CreateSuccess`. */
    status: text().notNull(),
    /** The vendor's word for a deletion that is under way or failed, such as `Deleting`; null = none. */
    deletion: text(),
    folderId: text('folder_id').notNull(),
    joinMethod: text('join_method'),
    joinedAt: instant('joined_at'),
    modifiedAt: instant('modified_at'),
    tags: jsonb().$type<Record<string, string>>().notNull().default({}),
    phone: text({ enum: PHONE_STATES }).notNull().default('unread'),
    /** Since when `phone` is so: an answer asked for earlier never replaces it. */
    phoneReadAt: instant('phone_read_at'),
    /** When the status was last asked for, whatever the answer said. */
    phoneAskedAt: instant('phone_asked_at'),
    phoneMasked: text('phone_masked'),
    pass: integer().notNull(),
    /** Complete readings in a row that did not show this member. */
    unseenPasses: integer('unseen_passes').notNull().default(0),
    goneAt: instant('gone_at'),
    /** When the answer was asked for that these facts come from: an answer asked for earlier never replaces them. */
    readAt: instant('read_at').notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ name: 'member_pk', columns: [t.accountId, t.memberId] }),
    // One index per way to list and order of names, each ending in the sort key. They hold only members that are still
    // there, so a query must say `gone_at is null` to use them.
    index('member_fold_idx').on(t.accountId, t.nameFold, t.memberId).where(sql`gone_at is null`),
    index('member_pinyin_idx').on(t.accountId, t.namePinyin, t.memberId).where(sql`gone_at is null`),
    index('member_phone_fold_idx')
      .on(t.accountId, t.phone, t.nameFold, t.memberId)
      .where(sql`gone_at is null`),
    index('member_phone_pinyin_idx')
      .on(t.accountId, t.phone, t.namePinyin, t.memberId)
      .where(sql`gone_at is null`),
    index('member_type_fold_idx').on(t.accountId, t.type, t.nameFold, t.memberId).where(sql`gone_at is null`),
    index('member_type_pinyin_idx')
      .on(t.accountId, t.type, t.namePinyin, t.memberId)
      .where(sql`gone_at is null`),
    index('member_status_fold_idx')
      .on(t.accountId, t.status, t.nameFold, t.memberId)
      .where(sql`gone_at is null`),
    index('member_status_pinyin_idx')
      .on(t.accountId, t.status, t.namePinyin, t.memberId)
      .where(sql`gone_at is null`),
    index('member_folder_fold_idx')
      .on(t.accountId, t.folderId, t.nameFold, t.memberId)
      .where(sql`gone_at is null`),
    index('member_folder_pinyin_idx')
      .on(t.accountId, t.folderId, t.namePinyin, t.memberId)
      .where(sql`gone_at is null`),
    index('member_phone_read_idx')
      .on(t.accountId, t.phoneReadAt.asc().nullsFirst())
      .where(sql`gone_at is null`),
    oneOf('member_phone_check', t.phone, PHONE_STATES),
  ],
)

export const codeRequest = pgTable(
  'code_request',
  {
    id: uuid().notNull().defaultRandom(),
    accountId: text('account_id').notNull(),
    operation: text({ enum: CODE_OPERATIONS }).notNull(),
    /** What the operation acts on: a member, an account, an office network. */
    target: text().notNull(),
    state: text({ enum: CODE_REQUEST_STATES }).notNull(),
    /** false = an act that needs no code: nothing was sent for it. */
    coded: boolean().notNull().default(true),
    /** What the act is to bring about, beside target and number: never a phone, a code or a key. */
    intent: jsonb().$type<Record<string, string>>().notNull().default({}),
    /**
     * What a code is good for: requests of one scope share their codes (see `scopeOf` in lib/ledger). Computed by the
     * database, so that a replica of an older version writes it, too.
     */
    codeScope: text('code_scope')
      .notNull()
      .generatedAlwaysAs(
        (): SQL => sql`case when ${codeRequest.intent}->>'ownerId' is not null
          then (${codeRequest.intent}->>'ownerId') || '/' || coalesce(${codeRequest.intent}->>'cenId', '')
          else ${codeRequest.target} end`,
      ),
    /** Sealed with the request's id as context; null once the request is over. */
    numberSealed: text('number_sealed'),
    /** Null where Alibaba Cloud chooses the recipient. */
    numberMasked: text('number_masked'),
    numberFingerprint: text('number_fingerprint'),
    operatorId: text('operator_id').notNull(),
    operatorName: text('operator_name').notNull(),
    startedAt: instant('started_at').notNull().defaultNow(),
    settledAt: instant('settled_at'),
    /** As the vendor answered; never computed. */
    expiresAt: instant('expires_at'),
    sendRequestId: text('send_request_id'),
    sendError: jsonb('send_error').$type<StoredFailure>(),
    wrongTries: integer('wrong_tries').notNull().default(0),
    /** Number of the latest use: a late answer of an older one must change nothing. */
    applyAttempt: integer('apply_attempt').notNull().default(0),
    applyStartedAt: instant('apply_started_at'),
    applySettledAt: instant('apply_settled_at'),
    applyOperatorName: text('apply_operator_name'),
    applyRequestId: text('apply_request_id'),
    applyError: jsonb('apply_error').$type<StoredFailure>(),
    /** When Alibaba Cloud was last asked what became of the act, whatever it answered. */
    lookupAskedAt: instant('lookup_asked_at'),
    lookedUpAt: instant('looked_up_at'),
    lookupResult: text('lookup_result'),
    voidReason: text('void_reason'),
    /** Who ended it for everybody without a call; null where nobody did. */
    discardedBy: text('discarded_by'),
    discardedAt: instant('discarded_at'),
  },
  (t) => [
    primaryKey({ name: 'code_request_pk', columns: [t.id] }),
    // These two make one call out of two clicks, tabs, operators or replicas.
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
    // Which targets of an operation have something open: as `isOpenOf` in lib/ledger/lists.ts says it.
    index('code_request_listed_idx')
      .on(t.accountId, t.operation, t.target)
      .where(sql`state not in ('refused', 'applied', 'void') and void_reason is null`),
    // What a sweep looks for: numbers still kept, codes that wait to be used, calls in flight.
    index('code_request_sealed_idx').on(t.startedAt).where(sql`number_sealed is not null`),
    index('code_request_waiting_idx').on(t.startedAt).where(sql`state in ('sent', 'unknown')`),
    index('code_request_open_idx').on(t.startedAt).where(sql`state in ('sending', 'applying', 'trying')`),
    oneOf('code_request_operation_check', t.operation, CODE_OPERATIONS),
    oneOf('code_request_state_check', t.state, CODE_REQUEST_STATES),
    check('code_request_wrong_tries_check', sql`wrong_tries >= 0`),
  ],
)

/** Changes and checks that Alibaba Cloud accepted with an operator's own credentials: the latest of each kind. */
export const acceptedCall = pgTable(
  'accepted_call',
  {
    accountId: text('account_id').notNull(),
    operatorId: text('operator_id').notNull(),
    /** A name of the table in `lib/alicloud/operations.ts`. */
    operation: text().notNull(),
    at: instant('at').notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ name: 'accepted_call_pk', columns: [t.accountId, t.operatorId, t.operation] }),
    index('accepted_call_at_idx').on(t.at),
  ],
)

/** Written through lib/audit only. A trigger sets `id`, `at`, `prev` and `hash`, whatever an insert says. */
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

/** Pacing slots; made UNLOGGED by a migration, since losing it costs at most one short wait. */
export const rate = pgTable(
  'rate',
  {
    key: text().notNull(),
    /** When the latest slot handed out is due. */
    tat: timestamp({ withTimezone: true }).notNull(),
  },
  (t) => [primaryKey({ name: 'rate_pk', columns: [t.key] })],
)
