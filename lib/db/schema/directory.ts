import { type SQL, sql } from 'drizzle-orm'
import { index, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { PHONE_STATES, SITES, type StoredFailure } from '../enums.ts'
import { byteOrderedText, instant, oneOf } from './columns.ts'

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
    /** Until when the running sync counts as alive, renewed as its pages arrive; null if none is running. */
    syncAliveUntil: instant('sync_alive_until'),
    /** Who started the running sync. */
    syncBy: text('sync_by'),
    /** When the last complete sync ended; null before the first one. */
    readAt: instant('read_at'),
    /** Generation of the latest sync; rows of `folder` and `member` have the one that last saw them. */
    generation: integer('pass').notNull().default(0),
    memberTotal: integer('member_total'),
    /** Why the latest sync failed, as a route would return it; null after a success. */
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
    /** The same path in names: `Retail / Online`. */
    names: text().notNull(),
    generation: integer('pass').notNull(),
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
     * Sort keys of lists; `nameFold` is also searched. See `nameKeys` in lib/mirror. Null in rows written by a console
     * older than `0012_name_keys`, until the next sync or tidy-up.
     */
    nameFold: byteOrderedText('name_fold'),
    namePinyin: byteOrderedText('name_pinyin'),
    /** Predecessor of both, still read by consoles of the previous release. To be dropped in the release after next. */
    nameKey: byteOrderedText('name_key')
      .notNull()
      .generatedAlwaysAs((): SQL => sql`lower(${member.displayName})`),
    accountName: text('account_name'),
    /** `resource`, `cloud`, or the vendor's value if it is neither. */
    type: text().notNull(),
    /** The vendor's value, such as `CreateSuccess`. */
    status: text().notNull(),
    /** The vendor's value for a deletion that is in progress or failed, such as `Deleting`; null = none. */
    deletion: text(),
    folderId: text('folder_id').notNull(),
    joinMethod: text('join_method'),
    joinedAt: instant('joined_at'),
    modifiedAt: instant('modified_at'),
    tags: jsonb().$type<Record<string, string>>().notNull().default({}),
    phone: text({ enum: PHONE_STATES }).notNull().default('unread'),
    /** As of when `phone` is known: a response requested earlier never replaces it. */
    phoneReadAt: instant('phone_read_at'),
    /** When the status was last requested, whatever the result. */
    phoneAskedAt: instant('phone_asked_at'),
    phoneMasked: text('phone_masked'),
    generation: integer('pass').notNull(),
    /** Consecutive complete syncs that did not contain this member. */
    unseenPasses: integer('unseen_passes').notNull().default(0),
    goneAt: instant('gone_at'),
    /** When the response that this row comes from was requested: one requested earlier never replaces it. */
    readAt: instant('read_at').notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ name: 'member_pk', columns: [t.accountId, t.memberId] }),
    // One index per filter and name order, each ending in the sort key. They contain only members that are not gone, so a
    // query needs `gone_at is null` to use them.
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
